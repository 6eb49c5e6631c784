"""Flowers close by: single ones, bunches, and flowers in a vase."""

from __future__ import annotations

import numpy as np
from PIL import Image

from huohua.arts.image.datasets.painter.palette import Colour, mix
from huohua.arts.image.datasets.painter.scenery import SIDE, Scene, disc, noise


def flower(scene: Scene) -> None:
    """Paint one to five flowers of one kind before a quiet background."""
    _background(scene)
    kind = int(scene.rng.integers(0, 3))
    count = int(scene.rng.choice((1, 1, 2, 3, 5)))
    foot = (SIDE / 2 + scene.rng.normal(0, 12), SIDE * scene.between(0.86, 1.08))
    size = {1: 62, 2: 46, 3: 40, 5: 32}[count] * scene.between(0.88, 1.15)
    heads = _heads(scene, count, size)
    vase = scene.chance(0.3)
    if vase:
        foot = (SIDE / 2, SIDE * 0.74)
    for head in heads:
        _stem(scene, head, foot, size)
    if vase:
        _vase(scene)
    petal = scene.palette.accent if scene.chance(0.55) else scene.palette.accent_light
    for head in heads:
        (_daisy, _rose, _tulip)[kind](scene, head, size, petal)


def _background(scene: Scene) -> None:
    share = np.clip(0.5 + 0.32 * noise(scene.rng, 2, octaves=3), 0, 1)[..., None]
    pale = mix(scene.palette.low, (255, 255, 255), scene.between(0.05, 0.5))
    deep = mix(scene.palette.high, scene.palette.leaf, scene.between(0.0, 0.45))
    deep = mix(deep, pale, scene.between(0.0, 0.45))
    colours = np.asarray(pale) * (1 - share) + np.asarray(deep) * share
    scene.image.paste(Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8)))


def _heads(scene: Scene, count: int, size: float) -> list[tuple[float, float]]:
    spots = {
        1: [(0.5, 0.38)],
        2: [(0.36, 0.34), (0.66, 0.46)],
        3: [(0.5, 0.26), (0.29, 0.46), (0.72, 0.44)],
        5: [(0.5, 0.22), (0.27, 0.33), (0.74, 0.32), (0.36, 0.53), (0.65, 0.52)],
    }[count]
    flip = scene.chance(0.5)
    return [
        (SIDE * (1 - x if flip else x) + scene.rng.normal(0, 9), SIDE * y + scene.rng.normal(0, 9))
        for x, y in spots
    ]


def _stem(scene: Scene, head: tuple[float, float], foot: tuple[float, float], size: float) -> None:
    green = mix((70, 120, 60), scene.palette.near, scene.between(0.15, 0.5))
    bend = (head[0] * 0.6 + foot[0] * 0.4 + scene.rng.normal(0, 14), (head[1] + foot[1]) / 2)
    steps = [_curve(head, bend, foot, share) for share in np.linspace(0, 1, 9)]
    scene.draw.line(steps, fill=green, width=max(3, round(size / 11)), joint="curve")
    for side in (-1, 1):
        if scene.chance(0.75):
            start = _curve(head, bend, foot, scene.between(0.5, 0.85))
            turn = -np.pi / 2 + side * scene.between(0.6, 1.2)
            _leaf(
                scene,
                start,
                turn,
                size * scene.between(0.7, 1.15),
                mix(green, (160, 200, 110), 0.35 * scene.rng.random()),
            )


def _curve(
    start: tuple[float, float], middle: tuple[float, float], end: tuple[float, float], share: float
) -> tuple[float, float]:
    """Return a place on the quadratic curve from start to end, pulled towards the middle."""
    a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
    return a * start[0] + b * middle[0] + c * end[0], a * start[1] + b * middle[1] + c * end[1]


def _leaf(scene: Scene, start: tuple[float, float], turn: float, length: float, colour: Colour) -> None:
    _petal(scene, start, turn, length, length * 0.17, colour)


def _petal(
    scene: Scene, start: tuple[float, float], turn: float, length: float, half: float, colour: Colour
) -> None:
    """Paint a shape that begins at a point, widens and closes again."""
    share = np.linspace(0, 1, 10)
    wide = half * np.sin(np.pi * share**0.75)
    along = length * share
    cos, sin = np.cos(turn), np.sin(turn)
    one = np.stack([start[0] + along * cos - wide * sin, start[1] + along * sin + wide * cos], axis=1)
    other = np.stack([start[0] + along * cos + wide * sin, start[1] + along * sin - wide * cos], axis=1)
    points = [(float(x), float(y)) for x, y in np.concatenate([one, other[::-1]])]
    scene.draw.polygon(points, fill=colour)


def _daisy(scene: Scene, head: tuple[float, float], size: float, colour: Colour) -> None:
    petals = int(scene.rng.integers(7, 15))
    start = scene.between(0, 1)
    fat = size * 2.4 / petals
    for ring, tone in ((1.0, mix(colour, scene.palette.near, 0.25)), (0.86, colour)):
        for turn in start + ring + np.arange(petals) * 2 * np.pi / petals:
            shade = mix(tone, (255, 255, 255), 0.35 * scene.rng.random())
            _petal(
                scene,
                head,
                turn + scene.rng.normal(0, 0.06),
                size * ring * scene.between(0.9, 1.08),
                fat,
                shade,
            )
    heart = mix((226, 170, 40), scene.palette.near, scene.between(0.0, 0.5))
    disc(scene, head, size * 0.27, heart)
    disc(scene, (head[0] - size * 0.06, head[1] - size * 0.07), size * 0.14, mix(heart, (255, 240, 170), 0.5))


def _rose(scene: Scene, head: tuple[float, float], size: float, colour: Colour) -> None:
    for ring, count in ((0.95, 7), (0.72, 6), (0.5, 5), (0.3, 3)):
        shade = mix(colour, scene.palette.near if ring < 0.6 else (255, 255, 255), 0.28)
        start = scene.between(0, 2 * np.pi)
        for turn in start + np.arange(count) * 2 * np.pi / count:
            place = (head[0] + size * ring * 0.48 * np.cos(turn), head[1] + size * ring * 0.44 * np.sin(turn))
            tone = mix(shade, (255, 255, 255), 0.3 * scene.rng.random())
            disc(scene, place, size * (0.2 + 0.22 * ring), tone)
    disc(scene, head, size * 0.15, mix(colour, scene.palette.near, 0.5))


def _tulip(scene: Scene, head: tuple[float, float], size: float, colour: Colour) -> None:
    base = (head[0], head[1] + size * 0.62)
    turn = -np.pi / 2 + scene.rng.normal(0, 0.1)
    for side, tone in ((-0.34, 0.3), (0.34, 0.2), (-0.16, 0.1), (0.17, 0.0), (0.0, -0.3)):
        shade = mix(colour, scene.palette.near, tone) if tone >= 0 else mix(colour, (255, 255, 255), -tone)
        _petal(scene, base, turn + side, size * scene.between(1.25, 1.42), size * 0.34, shade)


def _vase(scene: Scene) -> None:
    tone = scene.palette.water if scene.chance(0.5) else scene.palette.far
    table = SIDE * 0.90
    pen = scene.draw
    pen.rectangle([0, table, SIDE, SIDE], fill=mix(scene.palette.ground, scene.palette.low, 0.35))
    mid, top = SIDE / 2, SIDE * 0.68
    wide = scene.between(24, 38)
    pen.ellipse([mid - wide, top + 8, mid + wide, table + 10], fill=tone)
    pen.rectangle([mid - wide * 0.5, top, mid + wide * 0.5, top + 24], fill=tone)
    pen.ellipse(
        [mid - wide * 0.62, top - 5, mid + wide * 0.62, top + 6], fill=mix(tone, scene.palette.near, 0.4)
    )
    lit = mix(tone, (255, 255, 255), 0.55)
    pen.ellipse([mid - wide * 0.72, top + 20, mid - wide * 0.4, table - 8], fill=lit)
