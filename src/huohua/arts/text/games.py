"""Which games a preset plays with a writer and a reader, and who moves in them with which optimiser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn

from huohua.adversarial.game import Batch, Game
from huohua.adversarial.imitation import Imitation
from huohua.adversarial.likelihood import Likelihood
from huohua.adversarial.optimiser import build_optimiser
from huohua.adversarial.stages import Stage, Stages
from huohua.arts.text.craft import TextCraft
from huohua.arts.text.networks.reader import Reader
from huohua.arts.text.presets import TextPreset
from huohua.arts.text.rows import COUNTED, TOKEN
from huohua.arts.text.signs import Signs
from huohua.errors import UsageError

HIDDEN = 0.2  # share of tokens that a reader guesses


def set_up(
    preset: TextPreset, writer: nn.Module, reader: nn.Module | None, craft: TextCraft
) -> tuple[Game[Any], Mapping[str, torch.optim.Optimizer]]:
    """Return a game and an optimiser for each player that moves.

    Args:
        preset: every setting.
        writer: it is in every game.
        reader: none for likelihood alone.
        craft: what is known of rows.

    Raises:
        UsageError: the stages of the preset are out of order.
    """
    alone = Likelihood(writer, surprise=_surprise)
    if reader is None:
        return alone, {"generator": build_optimiser(writer, preset.generator_optimiser)}
    signs = craft.signs

    def guess(network: nn.Module, batch: Batch, dice: torch.Generator) -> Tensor:
        hidden_BT = hidden_by_lot(batch.sample, signs, dice)
        return cast(Reader, network).guess(batch.sample, hidden_BT, signs["hidden"], dice)

    guessing = Likelihood(reader, surprise=guess, player="discriminator", averaged=writer)
    imitation = Imitation(writer, reader, craft=craft, settings=preset.imitation)
    stages = [
        Stage(name="likelihood", begin_kimg=0, game=alone),
        Stage(name="guessing", begin_kimg=preset.guessing_kimg, game=guessing),
        Stage(name="imitation", begin_kimg=preset.imitation_kimg, game=imitation),
    ]
    try:
        game = Stages(stages)
    except ValueError as error:
        raise UsageError(f"The stages of this preset cannot be played: {error}") from error
    return game, {
        "generator": build_optimiser(writer, preset.generator_optimiser),
        "discriminator": build_optimiser(reader, preset.discriminator_optimiser),
    }


def hidden_by_lot(sample_BTK: Tensor, signs: Signs, dice: torch.Generator) -> Tensor:
    """Return hidden_BT: a fifth of the tokens that are text, at least one.

    Source: Devlin et al. 2019, "BERT", section 3.1; the share is that of Wettig et al. 2023, "Should You Mask
    15% in Masked Language Modeling?", rounded down for small readers.
    """
    text_BT = (sample_BTK[..., TOKEN] < signs.first) & (sample_BTK[..., COUNTED] > 0)
    lot_BT = torch.rand(text_BT.shape, generator=dice).to(text_BT.device)
    hidden_BT: Tensor = text_BT & (lot_BT < HIDDEN)
    if not bool(hidden_BT.any()):
        hidden_BT = text_BT & (lot_BT == lot_BT.masked_fill(~text_BT, 2.0).min())
    return hidden_BT


def _surprise(network: nn.Module, batch: Batch, dice: torch.Generator) -> Tensor:
    nats_N: Tensor = network(batch.sample, dice).nats_N
    return nats_N
