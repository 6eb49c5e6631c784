"""What tests of evaluation share: pictures of two kinds, a quick extractor, generators with known faults."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.arts.image.art import ImageArt
from huohua.arts.image.seen import averaged, chunks, together
from huohua.arts.image.yardstick import ImageYardstick
from huohua.arts.yardstick import Collection, Description, Extractor

SIDE = 24
KINDS = {"disc": (200, 60, 40), "bar": (40, 90, 190)}


def paint(kind: str, dice: np.random.Generator) -> Image.Image:
    """Paint a disc or a bar, its place, size and colours by chance, on a ground that is never plain."""
    ground = dice.integers(90, 240, 3) + dice.normal(0, 18, (6, 6, 3))
    image = Image.fromarray(ground.clip(0, 255).astype(np.uint8)).resize(
        (SIDE, SIDE), Image.Resampling.BICUBIC
    )
    colour = tuple((np.array(KINDS[kind]) + dice.integers(-40, 40, 3)).clip(0, 255).tolist())
    x, y, size = (int(number) for number in dice.integers((5, 5, 3), (19, 19, 7)))
    box = (x - size, y - size, x + size, y + size) if kind == "disc" else (x - 2, y - size, x + 2, y + size)
    pen = ImageDraw.Draw(image)
    (pen.ellipse if kind == "disc" else pen.rectangle)(box, fill=colour)
    return image


def paint_folder(
    folder: Path, *, count: int, seed: int = 0, labelled: bool = True, mode: str = "RGB"
) -> Path:
    """Paint pictures into a folder, of each kind in turn, with a sub-folder for each kind if labelled."""
    dice = np.random.default_rng(seed)
    for number in range(count):
        kind = list(KINDS)[number % 2]
        place = folder / kind if labelled else folder
        place.mkdir(parents=True, exist_ok=True)
        paint(kind, dice).convert(mode).save(place / f"{number:03d}.png")
    return folder


def as_sample(image: Image.Image) -> Tensor:
    """Return a picture as a sample, CHW in [-1, 1]."""
    pixels = np.asarray(image).reshape(SIDE, SIDE, -1)
    return torch.tensor(pixels).permute(2, 0, 1).float() / 127.5 - 1


def painted(count: int, *, seed: int) -> Tensor:
    """Return pictures as samples: those that `paint_folder` paints with this seed."""
    dice = np.random.default_rng(seed)
    return torch.stack([as_sample(paint(list(KINDS)[number % 2], dice)) for number in range(count)])


class QuickEyes:
    """An extractor of fixed random filters: quick, and good enough to tell these pictures apart."""

    name, title, family = "quick", "random filters", "random"

    def __init__(self) -> None:
        dice = torch.Generator().manual_seed(0)
        first, second = (torch.randn(shape, generator=dice) for shape in ((12, 3, 5, 5), (16, 12, 3, 3)))
        # Each colour's filter sums to 0, so that a plain ground says nothing, whatever its colour.
        self.filters = [first - first.mean((2, 3), keepdim=True), 0.2 * second]

    def look(self, sample: Tensor) -> Description:
        """Return the description of pictures in [-1, 1]."""
        features, taps = [], []
        for shown in chunks(sample, SIDE):
            first = F.relu(F.conv2d(shown, self.filters[0], stride=2, padding=2))
            second = F.relu(F.conv2d(first, self.filters[1], stride=2, padding=1))
            features.append(torch.cat([averaged(first, 2).flatten(1), averaged(second, 2).flatten(1)], 1))
            taps.append([averaged(first, 6), averaged(second, 6)])
        return together(features, taps)


class QuickYardstick(ImageYardstick):
    """The yardstick of pictures with quick eyes."""

    extractors = ("quick", *ImageYardstick.extractors)

    def extractor(self, name: str, works: Collection | None = None) -> Extractor:
        """Return the quick eyes by their name."""
        return QuickEyes() if name == "quick" else super().extractor(name, works)


@pytest.fixture
def quick_eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure pictures with quick eyes."""
    monkeypatch.setattr(ImageArt, "yardstick", lambda self: QuickYardstick())


class Painter(nn.Module):
    """A generator without fault: the painter of the works, with a new picture for each latent.

    Args:
        kinds: what it paints, by chance one or the other.
        mode: of the pictures.
    """

    def __init__(self, kinds: Sequence[str] = tuple(KINDS), mode: str = "RGB") -> None:
        super().__init__()
        self.kinds, self.mode = kinds, mode

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return one picture for each latent."""
        seeds = (latent_BZ.abs().sum(1) * 1e6).long().tolist()
        works = [paint(self.kinds[seed % len(self.kinds)], np.random.default_rng(seed)) for seed in seeds]
        return torch.stack([as_sample(work.convert(self.mode)) for work in works])


class Showing(nn.Module):
    """A generator that shows given pictures, chosen by its latent."""

    def __init__(self, pictures: Tensor, *, noise: float = 0.0) -> None:
        super().__init__()
        self.pictures, self.noise = pictures, noise

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return one picture for each latent."""
        chosen = (latent_BZ.abs().sum(1) * 1e4).long() % len(self.pictures)
        shown = self.pictures[chosen]
        dice = torch.Generator().manual_seed(int(chosen.sum()))
        return (shown + self.noise * torch.randn(shown.shape, generator=dice)).clamp(-1, 1)


class Noise(nn.Module):
    """A generator of noise."""

    def __init__(self, channels: int = 3) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return noise that the latent decides."""
        rows = [
            torch.rand(self.channels, SIDE, SIDE, generator=torch.Generator().manual_seed(int(seed)))
            for seed in latent_BZ.abs().sum(1) * 1e4
        ]
        return torch.stack(rows) * 2 - 1
