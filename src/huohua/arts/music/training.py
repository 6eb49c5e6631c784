"""Everything the engine needs to train on music, built from a preset and a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from huohua.adversarial.surroundings import Works
from huohua.arts.choosing import chosen, fitted
from huohua.arts.music.control_scales import GROUP
from huohua.arts.music.datasets.dataset import MusicDataset
from huohua.arts.music.discriminators.table import DISCRIMINATORS
from huohua.arts.music.feed import MusicWorks
from huohua.arts.music.games import set_up
from huohua.arts.music.generators.table import GENERATORS
from huohua.arts.music.networks.musegan import MuseGenerator
from huohua.arts.music.piano_rolls import RollWorks
from huohua.arts.music.presets import MusicPreset
from huohua.arts.workshop import Prepared
from huohua.conditions.space import ConditionSpace
from huohua.errors import ModelError
from huohua.randomness import derive_seed


def prepare(dataset: MusicDataset, preset: MusicPreset, *, seed: int, device: torch.device) -> Prepared:
    """Build networks, game and optimisers.

    Args:
        dataset: real music; what is kept for training is shown.
        preset: every setting.
        seed: initial weights follow from it.
        device: where the players live.

    Raises:
        ModelError: the preset names a network that does not exist, or settings that it does not have.
    """
    # Layers draw their first weights from the global state, which is put back afterwards.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive_seed(seed, "weights"))
        generator = build_generator(
            preset.generator,
            preset.generator_settings,
            latent=preset.latent,
            condition=dataset.conditions.size,
        ).to(device)
        discriminator = None
        if preset.discriminator:
            discriminator = build_discriminator(
                preset.discriminator, preset.discriminator_settings, condition=dataset.conditions.size
            ).to(device)
    game, optimisers = set_up(preset, generator, discriminator, dataset.conditions)
    return Prepared(
        game=game,
        optimisers=optimisers,
        works=_shown(works_of(dataset, "train", preset=preset, device=device), generator),
    )


def build_generator(name: str, settings: Mapping[str, Any], *, latent: int, condition: int) -> nn.Module:
    """Return a generator of music with fresh weights.

    Raises:
        ModelError: there is no generator of that name, or the settings do not fit it.
    """
    settings_class, network_class = chosen("generator", name, GENERATORS)
    fitting = fitted("generator", name, settings_class, settings)
    try:
        network: nn.Module = network_class(fitting, condition=condition, latent=latent)
    except ValueError as error:
        raise ModelError(f"The generator '{name}' cannot be built: {error}") from error
    return network


def build_discriminator(name: str, settings: Mapping[str, Any], *, condition: int) -> nn.Module:
    """Return a discriminator of music with fresh weights.

    Raises:
        ModelError: there is no discriminator of that name, or the settings do not fit it.
    """
    settings_class, network_class = chosen("discriminator", name, DISCRIMINATORS)
    network: nn.Module = network_class(
        fitted("discriminator", name, settings_class, settings), condition=condition
    )
    return network


def _shown(works: MusicWorks, generator: nn.Module) -> Works:
    """Return windows as a generator's game is shown them."""
    return RollWorks(works, bars=generator.settings.bars) if isinstance(generator, MuseGenerator) else works


def works_of(dataset: MusicDataset, split: str, *, preset: MusicPreset, device: torch.device) -> MusicWorks:
    """Return the windows of a split; all windows where the split is empty, as in very small collections."""
    numbers = dataset.numbers(split)
    if not len(numbers):
        numbers = np.arange(len(dataset))
    return MusicWorks(
        dataset,
        levelled(dataset, numbers) if split == "train" else numbers,
        groups=places_of(dataset.conditions),
        device=device,
        themed=preset.themed,
        asked=preset.asked,
        transpose=preset.transpose if split == "train" else 0,
    )


def places_of(space: ConditionSpace) -> dict[str, list[int]]:
    """Return the places of a condition that are told or left out together; controls go one by one."""
    places: dict[str, list[int]] = {}
    for (group, name), place in space.places().items():
        places.setdefault(f"{group}.{name}" if group == GROUP else group, []).append(place)
    return places


def levelled(dataset: MusicDataset, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return windows with those of rarer styles repeated, as often as the square root of how rare they are.

    Source: the tempered sampling of Lample and Conneau 2019, "Cross-lingual Language Model Pretraining",
    section 3.1, with exponent 1/2.
    """
    styles = np.array([song.style or "" for song in dataset.songs])[dataset.piece_N[numbers]]
    names, counts = np.unique(styles, return_counts=True)
    often = dict(zip(names, np.rint((counts.max() / counts) ** 0.5).astype(int), strict=True))
    return np.repeat(numbers, [often[style] for style in styles])
