"""Which game a preset of music plays with its networks, and who moves in it with which optimiser."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import nn

from huohua.adversarial.filling import Filling
from huohua.adversarial.filling_duel import FillingDuel
from huohua.adversarial.game import Game
from huohua.adversarial.optimiser import build_optimiser
from huohua.adversarial.stages import Stage, Stages
from huohua.arts.music.feed import THEME
from huohua.arts.music.hand import ComposerHand
from huohua.arts.music.masks import drawn_masks
from huohua.arts.music.networks.composer import Composer
from huohua.arts.music.presets import MusicPreset
from huohua.arts.music.roles import ROLES
from huohua.conditions.space import ConditionSpace


def set_up(
    preset: MusicPreset, generator: Composer, discriminator: nn.Module | None, space: ConditionSpace
) -> tuple[Game[Any], Mapping[str, torch.optim.Optimizer]]:
    """Return a game and an optimiser for each player that moves.

    Args:
        preset: every setting.
        generator: a composer.
        discriminator: none for likelihood alone.
        space: what can be asked for.
    """
    parts: dict[str, Any] = {
        "latent": preset.latent,
        "masker": partial(drawn_masks, theme=THEME),
        "kinds": ROLES,
    }
    optimisers = {"generator": build_optimiser(generator, preset.generator_optimiser)}
    likelihood = Filling(generator, **parts)
    if discriminator is None:
        return likelihood, optimisers
    duel = FillingDuel(
        generator, discriminator, hand=ComposerHand(generator, space), rules=preset.duel, **parts
    )
    optimisers["discriminator"] = build_optimiser(discriminator, preset.discriminator_optimiser)
    stages = [Stage(name="likelihood", begin_kimg=0, game=likelihood)] if preset.duel_kimg else []
    stages.append(Stage(name="duel", begin_kimg=preset.duel_kimg, game=duel))
    return Stages(stages), optimisers
