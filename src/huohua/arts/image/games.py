"""Which game a preset plays with its networks, and who moves in it with which optimiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from huohua.adversarial.autoencoding import Autoencoder, Autoencoding
from huohua.adversarial.autoencoding_duel import AutoencodingDuel
from huohua.adversarial.duel import Duel
from huohua.adversarial.game import Game, View
from huohua.adversarial.growing import GrowingDuel
from huohua.adversarial.naming import NameGroup
from huohua.adversarial.optimiser import build_optimiser
from huohua.adversarial.schedule import constant
from huohua.arts.image.presets import ImagePreset
from huohua.errors import UsageError


def set_up(
    preset: ImagePreset,
    generator: nn.Module,
    discriminator: nn.Module | None,
    encoder: nn.Module | None,
    *,
    view: View,
    groups: Sequence[NameGroup],
) -> tuple[Game[Any], Mapping[str, torch.optim.Optimizer]]:
    """Return a game and an optimiser for each player that moves.

    Args:
        preset: every setting.
        generator: it is in every game.
        discriminator: none for a plain autoencoder.
        encoder: none unless it is an autoencoder.
        view: how the discriminator sees works.
        groups: which places of a condition belong together.

    Raises:
        UsageError: the settings ask for a game that is not played.
    """
    try:
        game = _game(preset, generator, discriminator, encoder, view=view, groups=groups)
    except ValueError as error:
        raise UsageError(f"This game is not played: {error}") from error
    settings = {
        "autoencoder": preset.generator_optimiser,
        "generator": preset.generator_optimiser,
        "discriminator": preset.discriminator_optimiser,
        "encoder": preset.encoder_optimiser,
    }
    movers = dict.fromkeys(turn.player for turn in game.turns)
    return game, {name: build_optimiser(game.players[name], settings[name]) for name in movers}


def _game(
    preset: ImagePreset,
    generator: nn.Module,
    discriminator: nn.Module | None,
    encoder: nn.Module | None,
    **parts: Any,
) -> Game[Any]:
    grows = preset.grow != constant(1.0)
    if encoder is not None:
        if grows:
            raise ValueError("An autoencoder does not grow.")
        autoencoder = Autoencoder(encoder, generator)
        if discriminator is None:
            return Autoencoding(autoencoder, latent=preset.latent, settings=preset.autoencoding)
        return AutoencodingDuel(
            autoencoder,
            discriminator,
            latent=preset.latent,
            settings=preset.duel,
            weights=preset.autoencoding,
            **parts,
        )
    if discriminator is None:
        raise ValueError("A duel needs a discriminator.")
    if grows:
        parts["grow"] = preset.grow
        return GrowingDuel(generator, discriminator, latent=preset.latent, settings=preset.duel, **parts)
    return Duel(generator, discriminator, latent=preset.latent, settings=preset.duel, **parts)
