"""Which game a preset of music plays with its networks, and who moves in it with which optimiser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import nn

from huohua.adversarial.duel import Duel
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
from huohua.errors import UsageError


def set_up(
    preset: MusicPreset, generator: nn.Module, discriminator: nn.Module | None, space: ConditionSpace
) -> tuple[Game[Any], Mapping[str, torch.optim.Optimizer]]:
    """Return a game and an optimiser for each player that moves.

    Args:
        preset: every setting.
        generator: a composer, or a generator of rolls.
        discriminator: none for likelihood alone, which a composer can learn.
        space: what can be asked for.

    Raises:
        UsageError: the settings ask for a game that is not played.
    """
    optimisers = {"generator": build_optimiser(generator, preset.generator_optimiser)}
    if discriminator is not None:
        optimisers["discriminator"] = build_optimiser(discriminator, preset.discriminator_optimiser)
    if isinstance(generator, Composer):
        return _filling(preset, generator, discriminator, space), optimisers
    if discriminator is None:
        raise UsageError("A generator of rolls needs a discriminator.", advice="Use another preset.")
    duel = Duel(generator, discriminator, latent=preset.latent, settings=preset.roll_duel)
    judge, play = duel.turns
    duel.turns = (judge, replace(play, every=preset.judged))
    return duel, optimisers


def _filling(
    preset: MusicPreset, generator: Composer, discriminator: nn.Module | None, space: ConditionSpace
) -> Game[Any]:
    """Return likelihood, and after it the game against a critic if there is one."""
    parts: dict[str, Any] = {
        "latent": preset.latent,
        "masker": partial(drawn_masks, theme=THEME),
        "kinds": ROLES,
    }
    likelihood = Filling(generator, **parts)
    if discriminator is None:
        return likelihood
    duel = FillingDuel(
        generator, discriminator, hand=ComposerHand(generator, space), rules=preset.duel, **parts
    )
    stages = [Stage(name="likelihood", begin_kimg=0, game=likelihood)] if preset.duel_kimg else []
    stages.append(Stage(name="duel", begin_kimg=preset.duel_kimg, game=duel))
    return Stages(stages)
