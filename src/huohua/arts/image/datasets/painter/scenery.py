"""What several subjects share: skies, ridges, water, discs of light, and smooth noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from huohua.arts.image.datasets.painter.palette import Colour, Palette, mix

SIDE = 256


@dataclass
class Scene:
    """A picture in the making.

    Attributes:
        image: what is painted so far, SIDE x SIDE, RGB.
        palette: the colours to use.
        rng: all chance comes from here.
    """

    image: Image.Image
    palette: Palette
    rng: np.random.Generator

    def between(self, low: float, high: float) -> float:
        """Return a number between two others."""
        return float(self.rng.uniform(low, high))

    def chance(self, share: float) -> bool:
        """Return true in a share of all cases."""
        return bool(self.rng.random() < share)

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        """Return a pen on the picture."""
        return ImageDraw.Draw(self.image)


def noise(rng: np.random.Generator, cells: int, *, octaves: int = 3, wide: float = 1.0) -> np.ndarray:
    """Return smooth noise, SIDE x SIDE, about zero with a spread of about one.

    Args:
        rng: the source of chance.
        cells: how many bumps fit across.
        octaves: how many finer layers are added, each half as strong.
        wide: how many times wider than high the bumps are.
    """
    total = np.zeros((SIDE, SIDE), np.float32)
    for octave in range(octaves):
        tall = min(SIDE, max(2, round(cells * 2**octave)))
        across = min(SIDE, max(2, round(cells * 2**octave / wide)))
        grid = Image.fromarray(rng.standard_normal((tall, across)).astype(np.float32))
        total += np.asarray(grid.resize((SIDE, SIDE), Image.Resampling.BICUBIC)) / 2**octave
    return total


def sky(scene: Scene, horizon: float = 1.0) -> None:
    """Fill the picture with a sky that reaches its lower colour at a share of the height."""
    rows = np.linspace(0, 1 / max(horizon, 0.05), SIDE, dtype=np.float32)[:, None]
    drift = noise(scene.rng, 2, octaves=2, wide=2.0) * 0.09
    share = np.clip(rows + drift, 0, 1)[..., None]
    colours = np.asarray(scene.palette.high) * (1 - share) + np.asarray(scene.palette.low) * share
    scene.image.paste(Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8)))


def clouds(scene: Scene, *, strength: float) -> None:
    """Lay drifting clouds in the lightest colour of the sky."""
    drift = noise(scene.rng, 3, octaves=3, wide=2.6)
    mask = np.clip((drift - 0.35) * 190 * strength, 0, 220)
    rows = np.linspace(1.2, 0.1, SIDE)[:, None]
    white = mix(scene.palette.low, scene.palette.light, 0.6)
    scene.image.paste(white, (0, 0), Image.fromarray((np.clip(mask * rows, 0, 220)).astype(np.uint8)))


def glow(scene: Scene, centre: tuple[float, float], radius: float, strength: float) -> None:
    """Brighten the air around a light."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    far = np.hypot(x - centre[0], y - centre[1]) / radius
    mask = np.clip(255 * strength * np.exp(-far), 0, 255).astype(np.uint8)
    scene.image.paste(scene.palette.light, (0, 0), Image.fromarray(mask))


def disc(scene: Scene, centre: tuple[float, float], radius: float, colour: Colour) -> None:
    """Paint a disc."""
    x, y = centre
    scene.draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)


def ridge(
    scene: Scene, height: float, rough: float, peaks: Sequence[tuple[float, float, float]]
) -> np.ndarray:
    """Return a skyline: for each column the row where land begins.

    Args:
        scene: gives the chance.
        height: the mean height of the land as a share of the picture, from below.
        rough: how strongly the line wanders, as a share of the picture.
        peaks: (position, height, half width) of each peak, as shares of the picture.
    """
    x = np.arange(SIDE) / SIDE
    line = np.zeros(SIDE)
    for wave in range(1, 7):
        line += np.sin(2 * np.pi * (x * wave * scene.between(0.7, 1.5) + scene.between(0, 1))) / wave**1.25
    land = height + rough * line / 2
    for place, top, half in peaks:
        away = np.abs(x - place) / half
        crags = np.interp(x, np.linspace(0, 1, 28), scene.rng.normal(0, 0.05, 28))
        land = np.maximum(land, top * (1 - away + crags * np.minimum(away, 0.6)))
    return (SIDE * (1 - land)).astype(np.float64)


def fill_below(scene: Scene, line: np.ndarray, colour: Colour) -> None:
    """Fill everything under a skyline."""
    points = [(float(column), float(row)) for column, row in enumerate(line)]
    scene.draw.polygon([*points, (SIDE, SIDE), (0, SIDE)], fill=colour)


def water(scene: Scene, top: float) -> None:
    """Cover everything below a row with water that mirrors what stands above it."""
    start = round(top)
    height = SIDE - start
    above = scene.image.crop((0, max(0, start - height), SIDE, start)).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    mirror = above.resize((SIDE, height)).filter(ImageFilter.GaussianBlur(4))
    tone = Image.new("RGB", mirror.size, scene.palette.water)
    scene.image.paste(Image.blend(mirror, tone, 0.5), (0, start))
    pen = scene.draw
    for _ in range(int(height * 0.55)):
        row = start + (scene.rng.random() ** 1.4) * height
        depth = (row - start) / height
        length = 8 + 46 * depth * scene.rng.random()
        left = scene.between(-10, SIDE)
        light = scene.palette.light if scene.chance(0.35) else scene.palette.low
        colour = mix(
            scene.palette.water, light if scene.chance(0.6) else scene.palette.near, scene.between(0.2, 0.6)
        )
        pen.line([left, row, left + length, row], fill=colour, width=1 + round(2.5 * depth))


def light_path(scene: Scene, x: float, top: float, width: float) -> None:
    """Lay the broken reflection of a light on water."""
    pen = scene.draw
    row = top + 2
    while row < SIDE:
        depth = (row - top) / (SIDE - top)
        half = width * (0.35 + 0.75 * depth) * scene.between(0.3, 1.0)
        shift = scene.rng.normal(0, 2 + 6 * depth)
        pen.line([x - half + shift, row, x + half + shift, row], fill=scene.palette.light, width=2)
        row += 3 + 5 * depth * scene.rng.random() + 2


def grass(scene: Scene, line: np.ndarray, colour: Colour, amount: int) -> None:
    """Set blades and tufts along and below a skyline."""
    pen = scene.draw
    for _ in range(amount):
        column = int(scene.rng.integers(0, SIDE))
        row = line[column] + scene.rng.random() ** 1.5 * (SIDE - line[column])
        tall = 3 + 12 * (row / SIDE) * scene.rng.random()
        shade = mix(
            colour,
            scene.palette.leaf_light if scene.chance(0.5) else scene.palette.near,
            scene.between(0.1, 0.55),
        )
        pen.line([column, row, column + scene.rng.normal(0, 3), row - tall], fill=shade, width=2)
