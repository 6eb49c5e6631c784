"""Trees: round, in blossom, bare, weeping, and pines."""

from __future__ import annotations

import numpy as np

from huohua.arts.image.datasets.painter.palette import Colour, mix
from huohua.arts.image.datasets.painter.scenery import (
    SIDE,
    Scene,
    clouds,
    disc,
    fill_below,
    glow,
    grass,
    ridge,
    sky,
)


def tree(scene: Scene) -> None:
    """Paint one tree that fills the picture, on a hill, sometimes with others far away."""
    sky(scene, scene.between(0.7, 1.0))
    clouds(scene, strength=scene.between(0.1, 0.8))
    if scene.chance(0.3):
        centre = (scene.between(30, SIDE - 30), scene.between(30, 100))
        glow(scene, centre, 40, 0.6)
        disc(scene, centre, scene.between(10, 18), scene.palette.light)
    fill_below(scene, ridge(scene, 0.30, 0.08, ()), mix(scene.palette.far, scene.palette.low, 0.4))
    hill = ridge(scene, scene.between(0.16, 0.24), 0.05, ())
    fill_below(scene, hill, scene.palette.ground)
    grass(scene, hill, scene.palette.ground, 160)
    for _ in range(int(scene.rng.integers(0, 3))):
        column = int(scene.rng.integers(10, SIDE - 10))
        broad_tree(scene, column, float(hill[column]) + 2, scene.between(34, 60))
    column = int(scene.between(92, SIDE - 92))
    row = float(hill[column]) + scene.between(4, 22)
    kind = int(scene.rng.integers(0, 10))
    if kind < 2:
        pine(scene, column, row, scene.between(165, 205))
    else:
        broad_tree(scene, column, row, scene.between(140, 185), bare=kind == 9)
    grass(scene, np.maximum(hill, row - 4), scene.palette.ground, 60)


def broad_tree(scene: Scene, x: float, row: float, height: float, *, bare: bool = False) -> None:
    """Paint a tree with branches and, unless it is bare, a crown of leaves lit from one side."""
    tips: list[tuple[float, float]] = []
    bark = mix(scene.palette.near, (70, 50, 40), 0.35)
    lean = scene.rng.normal(0, 0.07)
    _branch(scene, (x, row), -np.pi / 2 + lean, height * 0.34, height / 14, bark, tips, 4 if bare else 3)
    if not bare:
        _crown(scene, tips, height)


def _branch(
    scene: Scene,
    start: tuple[float, float],
    turn: float,
    length: float,
    width: float,
    colour: Colour,
    tips: list[tuple[float, float]],
    depth: int,
) -> None:
    end = (start[0] + length * np.cos(turn), start[1] + length * np.sin(turn))
    scene.draw.line([start, end], fill=colour, width=max(1, round(width)))
    if depth == 0 or length < 3:
        tips.append(end)
        return
    spread = scene.between(0.35, 0.62)
    for side in (-1, 1) if scene.chance(0.45) else (-1, 0.1, 1):
        bend = turn + side * spread + scene.rng.normal(0, 0.13)
        _branch(scene, end, bend, length * scene.between(0.62, 0.8), width * 0.62, colour, tips, depth - 1)


def _crown(scene: Scene, tips: list[tuple[float, float]], height: float) -> None:
    """Cover the tips of the branches with leaves: dark below, light above."""
    size = height / 9
    light = scene.palette.leaf_light
    dark = mix(scene.palette.leaf, scene.palette.near, 0.45)
    side = -1 if scene.chance(0.5) else 1
    for tone, shift, share, count in (
        (dark, 0.28, 1.25, 3),
        (scene.palette.leaf, 0.0, 1.0, 4),
        (mix(scene.palette.leaf, light, 0.55), -0.32, 0.72, 3),
        (light, -0.55, 0.42, 3),
    ):
        for tip in tips:
            for _ in range(count):
                radius = size * share * scene.between(0.5, 1.0)
                place = (
                    tip[0] + scene.rng.normal(0, size * 0.62) + side * shift * size * 0.8,
                    tip[1] + scene.rng.normal(0, size * 0.55) + shift * size,
                )
                disc(scene, place, radius, mix(tone, scene.palette.light, scene.between(0, 0.12)))


def pine(scene: Scene, x: float, row: float, height: float, *, colour: Colour | None = None) -> None:
    """Paint a pine in tiers."""
    pen = scene.draw
    base = colour or mix(scene.palette.leaf, scene.palette.near, 0.5)
    half = height * scene.between(0.20, 0.27)
    pen.line([x, row, x, row - height * 0.3], fill=scene.palette.near, width=max(2, round(height / 22)))
    tiers = 5 if height > 60 else 3
    for tier in range(tiers):
        low = row - height * (0.12 + 0.80 * tier / tiers)
        top = low - height * 0.34 * (1 - 0.25 * tier / tiers)
        wide = half * (1 - 0.78 * tier / tiers)
        droop = height * 0.03
        points = [
            (x, top),
            (x + wide, low + droop),
            (x + wide * 0.4, low - droop),
            (x - wide * 0.4, low - droop),
        ]
        pen.polygon([*points, (x - wide, low + droop)], fill=base)
        if colour is None and height > 40:
            lit = mix(base, scene.palette.leaf_light, 0.5)
            pen.polygon([(x, top), (x - wide * 0.9, low + droop), (x - wide * 0.35, low - droop)], fill=lit)
