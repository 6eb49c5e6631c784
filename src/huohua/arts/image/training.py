"""Everything the engine needs to train on pictures, built from a preset and a dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pydantic import ValidationError
from torch import nn

from huohua.adversarial.game import Game
from huohua.adversarial.naming import name_groups
from huohua.adversarial.schedule import constant
from huohua.arts.image.datasets.dataset import ImageDataset
from huohua.arts.image.discriminators.table import DISCRIMINATORS
from huohua.arts.image.encoders.table import ENCODERS
from huohua.arts.image.feed import ImageWorks, as_samples
from huohua.arts.image.games import set_up
from huohua.arts.image.generators.table import GENERATORS
from huohua.arts.image.inspection import COLUMNS, Growth, main_labels
from huohua.arts.image.presets import ImagePreset
from huohua.arts.image.sheet import sheet
from huohua.config import Config, describe
from huohua.errors import UsageError
from huohua.randomness import derive_seed

# The mean distance between two standard normal numbers, by which mode seeking divides.
NORMAL_DISTANCE = 2 / np.pi**0.5
COMPARED = 1024  # works that are compared to find how far works of one label lie apart


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A game of pictures, ready to be played."""

    game: Game[Any]
    optimisers: Mapping[str, torch.optim.Optimizer]
    works: ImageWorks
    growth: Growth


def prepare(
    dataset: ImageDataset, preset: ImagePreset, *, height: int, width: int, seed: int, device: torch.device
) -> Prepared:
    """Build networks, game, optimisers and probes.

    Args:
        dataset: the real works.
        preset: every setting.
        height: of a work in pixels.
        width: of a work in pixels.
        seed: initial weights follow from it.
        device: where the players live.

    Raises:
        UsageError: the preset names a network that does not exist or gives it settings it does not have.
    """
    shape = {
        "condition": dataset.conditions.size,
        "height": height,
        "width": width,
        "channels": preset.channels,
    }
    # Layers draw their first weights from the global state, which is put back afterwards.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive_seed(seed, "weights"))
        generator = _generator(preset, latent=preset.latent, **shape)
        discriminator, view = _discriminator(preset, shape)
        encoder = _encoder(preset, height=height, width=width)
    for network in filter(None, (generator, discriminator, encoder)):
        network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    if isinstance(view, nn.Module):
        view.to(device)
    clamp = preset.relative_clamp * work_distance(dataset) / NORMAL_DISTANCE
    rules = preset.duel.model_copy(update={"mode_seeking_clamp": max(clamp, 1e-3)})
    sizes = [len(names) for names in dataset.conditions.groups.values()]
    game, optimisers = set_up(
        preset.model_copy(update={"duel": rules}),
        generator,
        discriminator,
        encoder,
        view=view,
        groups=name_groups(sizes, np.asarray(dataset.condition_NC)),
    )
    grow = None if preset.grow == constant(1.0) else preset.grow
    return Prepared(
        game=game,
        optimisers=optimisers,
        works=ImageWorks(dataset, mirror=preset.mirror, device=device, grow=grow),
        growth=Growth(dataset, latent=preset.latent),
    )


def work_distance(dataset: ImageDataset) -> float:
    """Return the mean absolute difference between two works of one label, in units of [-1, 1]."""
    count = min(len(dataset), COMPARED)
    image_NCHW = as_samples(np.asarray(dataset.images_NHWC[:count]))
    rows: dict[str, list[int]] = defaultdict(list)
    for number, label in enumerate(main_labels(dataset)[:count]):
        rows[label].append(number)
    pairs = [pair for members in rows.values() for pair in zip(members[::2], members[1::2], strict=False)]
    first, second = np.array(pairs or [(0, count - 1)]).T
    return float((image_NCHW[first] - image_NCHW[second]).abs().mean())


def draw_sheet(growth: Growth, network: nn.Module, path: Path) -> None:
    """Draw the run's sheet of fixed samples into a PNG file."""
    pixels_NHWC, labels = growth.sheet(network)
    page = sheet(pixels_NHWC, COLUMNS, row_labels=labels or None)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path)


def _generator(preset: ImagePreset, **shape: int) -> nn.Module:
    if preset.generator not in GENERATORS:
        raise UsageError(
            f"There is no generator '{preset.generator}'.", advice=f"Use {', '.join(GENERATORS)}."
        )
    settings_class, network_class = GENERATORS[preset.generator]
    settings = _settings(settings_class, preset.generator_settings, preset.generator)
    network: nn.Module = network_class(settings, **shape)
    return network


def _discriminator(preset: ImagePreset, shape: Mapping[str, int]) -> tuple[nn.Module | None, Any]:
    if preset.encoder and not preset.discriminator:
        return None, None
    if preset.discriminator not in DISCRIMINATORS:
        names = ", ".join(DISCRIMINATORS)
        raise UsageError(f"There is no discriminator '{preset.discriminator}'.", advice=f"Use {names}.")
    kind = DISCRIMINATORS[preset.discriminator]
    settings = _settings(kind.settings, preset.discriminator_settings, preset.discriminator)
    return kind.network(settings, **shape), kind.view(settings)


def _encoder(preset: ImagePreset, *, height: int, width: int) -> nn.Module | None:
    if not preset.encoder:
        return None
    if preset.encoder not in ENCODERS:
        raise UsageError(f"There is no encoder '{preset.encoder}'.", advice=f"Use {', '.join(ENCODERS)}.")
    settings_class, network_class = ENCODERS[preset.encoder]
    settings = _settings(settings_class, preset.encoder_settings, preset.encoder)
    shape = {"latent": preset.latent, "height": height, "width": width, "channels": preset.channels}
    network: nn.Module = network_class(settings, **shape)
    return network


def _settings(kind: type[Config], values: Mapping[str, Any], name: str) -> Config:
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        raise UsageError(f"The settings of '{name}' do not fit it: {describe(error)}.") from error
