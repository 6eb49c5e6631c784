"""How a picture is painted: in watercolour, in oil, or in ink.

Source: the strokes follow Haeberli, "Paint by Numbers" (1990), and Litwinowicz, "Processing Images and
Video for an Impressionist Effect" (1997), 2.2: many short strokes of one colour across the gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from huohua.arts.image.datasets.painter.scenery import SIDE, noise

PAPER = np.asarray((250, 246, 236), np.float32)
RICE_PAPER = np.asarray((244, 236, 218), np.float32)
SEAL = (186, 44, 36)


def watercolour(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a picture in transparent washes: wandering edges, pools of pigment, the paper's grain."""
    picture = _warped(np.asarray(image, np.float32), rng, 1.9)
    soft = _blurred(picture, 5)
    washes = 0.55 * picture + 0.45 * soft
    pigment = np.clip(1 - washes / 255, 0, 1)
    # Where much pigment lies already, a pool changes little: nights keep their shapes.
    pools = 1 + (0.21 - 0.15 * pigment) * noise(rng, 5, octaves=3)[..., None]
    grain = 1 + 0.055 * noise(rng, 90, octaves=1)[..., None]
    rims = 1.1 * np.abs(picture - soft).mean(axis=2, keepdims=True) / 255
    density = np.clip(pigment * pools * grain * rng.uniform(0.86, 1.02) + rims * pigment, 0, 1)
    painted = PAPER * (1 - density)
    if rng.random() < 0.6:
        edge = _edge_mask(rng)[..., None]
        painted = painted * edge + PAPER * (1 - edge)
    return _image(painted)


def oil(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a picture in opaque strokes, broad ones first, fine ones where there is detail."""
    picture = np.asarray(image, np.float32)
    canvas = image.filter(ImageFilter.GaussianBlur(6))
    angle = _angles(picture, rng)
    for step, width, length, detail in ((11, 11, 26, False), (8, 7, 18, False), (6, 4, 12, True)):
        _strokes(canvas, _blurred(picture, width / 3), angle, rng, step, width, length, detail=detail)
    painted = np.asarray(canvas, np.float32)
    grey = painted.mean(axis=2)
    ridges = np.clip(grey - np.roll(grey, (2, 2), (0, 1)), -40, 40)[..., None]
    weave = 3 * noise(rng, 100, octaves=1)[..., None]
    return _image(painted * 1.02 + 0.42 * ridges + weave)


def ink(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a picture in washes of black ink on rice paper, with a breath of colour and a seal."""
    picture = _warped(np.asarray(image, np.float32), rng, 1.5)
    grey = picture @ np.asarray((0.30, 0.59, 0.11), np.float32)
    low, high = np.percentile(grey, (2, 97))
    tone = np.clip((high - grey) / max(high - low, 1), 0, 1)
    steps = np.floor(tone * 5 + 0.35 * noise(rng, 9, octaves=2)) / 5
    layered = 0.5 * _blurred(np.clip(steps, 0, 1)[..., None], 1.6)[..., 0] + 0.5 * tone
    lines = np.clip(_blurred(grey[..., None], 3)[..., 0] - grey, 0, 60) / 60
    dry = np.clip(0.5 + 0.5 * noise(rng, 70, octaves=1), 0, 1)
    density = np.clip(0.92 * layered**1.35 + 0.5 * lines * dry, 0, 1)[..., None]
    density *= 1 + 0.10 * noise(rng, 6, octaves=2)[..., None]
    colour = picture - grey[..., None]
    black = np.asarray((34, 33, 40), np.float32)
    # Warm places, such as the sun and petals, keep more of their colour than cool ones.
    warm = np.clip((picture[..., :1] - picture[..., 1:2]) / 90, 0, 1)
    tint = (rng.uniform(0.08, 0.35) + 0.45 * warm) * colour
    painted = RICE_PAPER * (1 - density) + black * density + tint
    sheet = _image(painted + 3 * noise(rng, 60, octaves=1)[..., None])
    _seal(sheet, rng)
    return sheet


def _warped(picture: np.ndarray, rng: np.random.Generator, strength: float) -> np.ndarray:
    """Return a picture whose outlines wander as a hand does."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    down = np.clip(y + strength * noise(rng, 10, octaves=2), 0, SIDE - 1).astype(np.intp)
    right = np.clip(x + strength * noise(rng, 10, octaves=2), 0, SIDE - 1).astype(np.intp)
    return np.asarray(picture[down, right], np.float32)


def _blurred(picture: np.ndarray, radius: float) -> np.ndarray:
    if picture.shape[2] == 1:
        grey = _bytes(picture[..., 0] * (255 if picture.max() <= 1 else 1))
        soft = np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(radius)), np.float32)[
            ..., None
        ]
        return soft / 255 if picture.max() <= 1 else soft
    return np.asarray(Image.fromarray(_bytes(picture)).filter(ImageFilter.GaussianBlur(radius)), np.float32)


def _edge_mask(rng: np.random.Generator) -> np.ndarray:
    """Return 1 inside and 0 at the border, with the ragged edge that a wash leaves on paper."""
    line = np.minimum(np.arange(SIDE), np.arange(SIDE)[::-1]).astype(np.float32)
    inside = np.minimum(line[:, None], line[None, :]) + 2.2 * noise(rng, 9, octaves=4)
    return np.clip((inside - rng.uniform(6, 13)) / 2.5, 0, 1)


def _angles(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the direction of the stroke at each place: along edges, elsewhere a slow swirl."""
    grey = _blurred(picture, 4).mean(axis=2)
    down, right = np.gradient(grey)
    across = np.arctan2(down, right) + np.pi / 2
    weight = np.clip(np.hypot(down, right) / 3, 0, 1)
    swirl = rng.uniform(0, np.pi) + 0.7 * noise(rng, 3, octaves=2)
    # Directions are averaged at twice the angle, where a stroke and its reverse are the same.
    x = weight * np.cos(2 * across) + (1 - weight) * np.cos(2 * swirl)
    y = weight * np.sin(2 * across) + (1 - weight) * np.sin(2 * swirl)
    return np.asarray(np.arctan2(y, x) / 2)


def _strokes(
    canvas: Image.Image,
    picture: np.ndarray,
    angle: np.ndarray,
    rng: np.random.Generator,
    step: int,
    width: int,
    length: int,
    *,
    detail: bool,
) -> None:
    y, x = (axis.reshape(-1) for axis in np.mgrid[step // 2 : SIDE : step, step // 2 : SIDE : step])
    y = np.clip(y + rng.normal(0, step / 3, y.shape), 0, SIDE - 1).astype(np.intp)
    x = np.clip(x + rng.normal(0, step / 3, x.shape), 0, SIDE - 1).astype(np.intp)
    order = rng.permutation(len(x))
    if detail:
        down, right = np.gradient(picture.mean(axis=2))
        busy = np.hypot(down, right)[y, x]
        order = order[busy[order] > np.percentile(busy, 72)]
    y, x = y[order], x[order]
    jitter = rng.normal(0, 7, (len(x), 1)) + rng.normal(0, 4, (len(x), 3))
    colours = np.clip(picture[y, x] + jitter, 0, 255).astype(int).tolist()
    turn = angle[y, x] + rng.normal(0, 0.16, len(x))
    half = length / 2 * rng.uniform(0.6, 1.15, len(x))
    dx, dy = np.cos(turn) * half, np.sin(turn) * half
    ends = np.stack([x - dx, y - dy, x + dx, y + dy], axis=1).tolist()
    pen = ImageDraw.Draw(canvas)
    for line, colour in zip(ends, colours, strict=True):
        pen.line(line, fill=tuple(colour), width=width)


def _seal(sheet: Image.Image, rng: np.random.Generator) -> None:
    """Stamp the painter's red seal in a corner: a spark, 火花."""
    side = 20
    left = rng.choice((14, SIDE - side - 14)) + rng.integers(-4, 5)
    top = rng.choice((14, SIDE - side - 14)) + rng.integers(-4, 5)
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle([left, top, left + side, top + side], 3, fill=SEAL)
    paper = tuple(int(value) for value in RICE_PAPER)
    middle = (left + side / 2, top + side / 2)
    for turn in np.linspace(0, np.pi, 4, endpoint=False):
        dx, dy = 6 * np.cos(turn), 6 * np.sin(turn)
        pen.line([middle[0] - dx, middle[1] - dy, middle[0] + dx, middle[1] + dy], fill=paper, width=2)


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _image(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(_bytes(picture))


MEDIA: Mapping[str, Callable[[Image.Image, np.random.Generator], Image.Image]] = {
    "watercolour": watercolour,
    "oil": oil,
    "ink": ink,
}
