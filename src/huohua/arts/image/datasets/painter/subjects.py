"""What is painted: six subjects, each with several compositions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw

from huohua.arts.image.datasets.painter.blossom import flower
from huohua.arts.image.datasets.painter.palette import mix
from huohua.arts.image.datasets.painter.scenery import (
    SIDE,
    Scene,
    clouds,
    disc,
    fill_below,
    glow,
    grass,
    light_path,
    ridge,
    sky,
    water,
)
from huohua.arts.image.datasets.painter.trees import broad_tree, pine, tree


def mountain(scene: Scene) -> None:
    """Paint one to three peaks behind each other, with snow, mist, a lake or a meadow."""
    sky(scene, scene.between(0.6, 0.9))
    clouds(scene, strength=scene.between(0.2, 0.9))
    if scene.chance(0.35):
        centre = (scene.between(30, SIDE - 30), scene.between(30, 80))
        glow(scene, centre, 40, 0.7)
        disc(scene, centre, scene.between(9, 16), scene.palette.light)
    far = ridge(scene, scene.between(0.38, 0.46), 0.10, ())
    fill_below(scene, far, mix(scene.palette.far, scene.palette.low, 0.45))
    for place, top, half in _peaks(scene):
        _peak(scene, place, top, half)
    base = SIDE * scene.between(0.70, 0.80)
    if scene.chance(0.45):
        water(scene, base)
        shore = ridge(scene, 0.08, 0.05, ())
        fill_below(scene, shore, mix(scene.palette.ground, scene.palette.near, 0.3))
        return
    hill = ridge(scene, 1 - base / SIDE, 0.06, ())
    fill_below(scene, hill, scene.palette.ground)
    grass(scene, hill, scene.palette.ground, 120)
    for _ in range(int(scene.rng.integers(0, 9))):
        column = int(scene.rng.integers(8, SIDE - 8))
        pine(scene, column, float(hill[column]) + scene.between(2, 30), scene.between(18, 44))


def _peaks(scene: Scene) -> list[tuple[float, float, float]]:
    count = int(scene.rng.integers(1, 4))
    tops = sorted((scene.between(0.58, 0.86) for _ in range(count)), reverse=True)
    places = scene.rng.permutation(
        np.linspace(0.25, 0.75, count) if count > 1 else [scene.between(0.35, 0.65)]
    )
    return [
        (float(place) + scene.rng.normal(0, 0.04), top, top * scene.between(0.42, 0.7))
        for place, top in zip(places, tops, strict=True)
    ]


def _peak(scene: Scene, place: float, top: float, half: float) -> None:
    """Paint a mountain with a light and a dark side, and snow on it."""
    line = ridge(scene, 0.0, 0.0, ((place, top, half),))
    body = mix(scene.palette.far, scene.palette.near, scene.between(0.35, 0.75))
    fill_below(scene, np.where(line < SIDE * 0.97, line, SIDE), body)
    x, peak = place * SIDE, float(SIDE * (1 - top))
    foot = SIDE * 0.98
    sun_left = scene.chance(0.5)
    side = -1 if sun_left else 1
    edge = [(x, peak)]
    row = peak
    while row < foot:
        row += scene.between(10, 22)
        edge.append((x + scene.rng.normal(0, 7) - side * (row - peak) * 0.12, min(row, foot)))
    outer = [(x - side * half * SIDE * share, SIDE * (1 - top * (1 - share))) for share in (1.0, 0.6, 0.3)]
    scene.draw.polygon([*edge, *outer], fill=mix(body, scene.palette.near, 0.55))
    if scene.chance(0.75):
        _snow(scene, x, peak, half * SIDE / (top * SIDE), side)


def _snow(scene: Scene, x: float, peak: float, slope: float, side: int) -> None:
    depth = scene.between(26, 62)
    white = mix(scene.palette.light, (255, 255, 255), 0.7)
    left = [(x - slope * depth * share, peak + depth * share) for share in (0.5, 1.0)]
    right = [(x + slope * depth * share, peak + depth * share) for share in (1.0, 0.5)]
    teeth: list[tuple[float, float]] = []
    for place in np.linspace(-0.8, 0.8, 6):
        drop = depth * (scene.between(0.55, 0.8) if len(teeth) % 2 else scene.between(1.0, 1.35))
        teeth.append((x + slope * depth * float(place), peak + drop))
    scene.draw.polygon([(x, peak - 1), *left, *teeth, *right], fill=white)
    shade = mix(white, scene.palette.far, 0.5)
    dark = [
        (x, peak),
        (x - side * slope * depth * 0.9, peak + depth * 0.95),
        (x - side * 3, peak + depth * 0.7),
    ]
    scene.draw.polygon(dark, fill=shade)


def sailboat(scene: Scene) -> None:
    """Paint a boat under sail, near or far, alone or with a second one."""
    horizon = SIDE * scene.between(0.42, 0.62)
    sky(scene, horizon / SIDE)
    clouds(scene, strength=scene.between(0.2, 1.0))
    lit = scene.chance(0.55)
    x_light = scene.between(40, SIDE - 40)
    if lit:
        centre = (x_light, horizon - scene.between(14, 90))
        glow(scene, centre, 46, 0.75)
        disc(scene, centre, scene.between(10, 20), scene.palette.light)
    if scene.chance(0.6):
        coast = ridge(scene, 1 - horizon / SIDE + 0.03, 0.06, ())
        fill_below(scene, coast, mix(scene.palette.far, scene.palette.low, 0.35))
    water(scene, horizon)
    if lit:
        light_path(scene, x_light, horizon, 13)
    if scene.chance(0.35):
        _boat(scene, scene.between(30, SIDE - 30), horizon + 6, scene.between(16, 28))
    _boat(scene, scene.between(90, SIDE - 90), horizon + scene.between(34, 78), scene.between(66, 108))


def _boat(scene: Scene, x: float, row: float, size: float) -> None:
    """Paint a boat whose hull is `size` pixels long."""
    pen = scene.draw
    lean = scene.between(-0.10, 0.10)
    way = 1 if scene.chance(0.5) else -1
    sail = scene.palette.accent_light if scene.chance(0.4) else mix(scene.palette.light, (255, 255, 255), 0.5)
    jib = scene.palette.accent if scene.chance(0.6) else mix(sail, scene.palette.low, 0.4)
    tall = size * scene.between(1.15, 1.5)
    mast = (x + way * size * 0.04, row - size * 0.10)
    head = (mast[0] + lean * tall, mast[1] - tall)
    boom = (mast[0] - way * size * 0.46, mast[1] - size * 0.10)
    belly = ((head[0] + boom[0]) / 2 - way * size * 0.10, (head[1] + boom[1]) / 2 - size * 0.02)
    bow = (x + way * size * 0.50, row - size * 0.12)
    mirror = [(mast[0], row + 3), (boom[0], row + 5), (head[0], row + tall * 0.48)]
    pen.polygon(mirror, fill=mix(scene.palette.water, sail, 0.55))
    pen.polygon([head, belly, boom, (mast[0], mast[1])], fill=sail)
    pen.polygon([head, (mast[0] + way * 2, mast[1]), bow], fill=jib)
    hull = scene.palette.accent if scene.chance(0.45) else scene.palette.near
    keel = [
        (x - size * 0.5, row - size * 0.10),
        (x + size * 0.5, row - size * 0.10),
        (x + size * (0.36 if way > 0 else 0.42), row + size * 0.10),
        (x - size * (0.42 if way > 0 else 0.36), row + size * 0.10),
    ]
    pen.polygon(keel, fill=hull)
    pen.line([keel[0], keel[1]], fill=mix(hull, scene.palette.light, 0.55), width=max(1, round(size / 22)))
    pen.line([mast, head], fill=scene.palette.near, width=max(2, round(size / 22)))
    for step in range(3):
        span = size * (0.5 - 0.1 * step)
        line = row + size * 0.12 + 5 * step
        pen.line([x - span, line, x + span, line], fill=mix(scene.palette.water, hull, 0.5), width=2)


def moon(scene: Scene) -> None:
    """Paint the moon, full or crescent, over hills, water, pines or a branch."""
    sky(scene, scene.between(0.8, 1.2))
    for _ in range(int(scene.rng.integers(10, 46))):
        place = (scene.between(4, SIDE - 4), SIDE * scene.rng.random() ** 1.4 * 0.75)
        disc(scene, place, scene.between(0.8, 2.0), mix(scene.palette.low, scene.palette.light, 0.85))
    centre = (scene.between(64, SIDE - 64), scene.between(54, 116))
    radius = scene.between(22, 44)
    glow(scene, centre, radius * 1.5, 0.62)
    behind = scene.image.copy()
    disc(scene, centre, radius, scene.palette.light)
    if scene.chance(0.42):
        _crescent(scene, behind, centre, radius)
    else:
        _seas(scene, centre, radius)
    if scene.chance(0.6):
        clouds(scene, strength=0.3)
    _under_the_moon(scene, centre[0])


def _crescent(scene: Scene, behind: Image.Image, centre: tuple[float, float], radius: float) -> None:
    mask = Image.new("L", (SIDE, SIDE), 0)
    way = 1 if scene.chance(0.5) else -1
    x, y = centre[0] + way * radius * scene.between(0.35, 0.6), centre[1] - radius * scene.between(0.05, 0.25)
    ImageDraw.Draw(mask).ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)
    scene.image.paste(behind, (0, 0), mask)


def _seas(scene: Scene, centre: tuple[float, float], radius: float) -> None:
    shade = mix(scene.palette.light, scene.palette.far, 0.28)
    for _ in range(4):
        far, turn = radius * 0.55 * scene.rng.random(), scene.between(0, 2 * np.pi)
        place = (centre[0] + far * np.cos(turn), centre[1] + far * np.sin(turn))
        disc(scene, place, radius * scene.between(0.12, 0.28), shade)


def _under_the_moon(scene: Scene, x: float) -> None:
    kind = int(scene.rng.integers(0, 4))
    dark = mix(scene.palette.near, scene.palette.far, 0.15)
    if kind == 0:
        horizon = SIDE * scene.between(0.66, 0.76)
        fill_below(
            scene, ridge(scene, 1 - horizon / SIDE + 0.05, 0.08, ()), mix(dark, scene.palette.far, 0.5)
        )
        water(scene, horizon)
        light_path(scene, x, horizon, 15)
    elif kind == 1:
        fill_below(scene, ridge(scene, 0.34, 0.10, ()), mix(scene.palette.far, scene.palette.low, 0.2))
        fill_below(scene, ridge(scene, 0.22, 0.10, ()), mix(dark, scene.palette.far, 0.4))
        fill_below(scene, ridge(scene, 0.10, 0.06, ()), dark)
    elif kind == 2:
        hill = ridge(scene, 0.20, 0.08, ())
        fill_below(scene, hill, dark)
        for _ in range(int(scene.rng.integers(5, 14))):
            column = int(scene.rng.integers(4, SIDE - 4))
            pine(scene, column, float(hill[column]) + 8, scene.between(30, 78), colour=dark)
    else:
        hill = ridge(scene, 0.14, 0.06, ())
        fill_below(scene, hill, dark)
        column = 46 if scene.chance(0.5) else SIDE - 46
        broad_tree(scene, column, float(hill[column]) + 4, scene.between(110, 150), bare=scene.chance(0.5))


def sunrise(scene: Scene) -> None:
    """Paint the sun coming up over sea, hills or fields, with rays or without."""
    horizon = SIDE * scene.between(0.5, 0.72)
    sky(scene, horizon / SIDE)
    x = scene.between(60, SIDE - 60)
    radius = scene.between(20, 40)
    centre = (x, horizon - radius * scene.between(-0.35, 0.9))
    glow(scene, centre, radius * 2.4, 0.85)
    if scene.chance(0.45):
        _rays(scene, centre, radius)
    core = mix(scene.palette.light, scene.palette.accent, scene.between(0.15, 0.85))
    disc(scene, centre, radius, core)
    clouds(scene, strength=scene.between(0.2, 0.7))
    kind = int(scene.rng.integers(0, 3))
    if kind == 0:
        water(scene, horizon)
        light_path(scene, x, horizon, radius * 0.8)
        return
    for layer, share in enumerate((0.65, 0.3, 0.0)[: 1 + 2 * (kind == 1)]):
        line = ridge(scene, 1 - horizon / SIDE - 0.09 * layer, 0.09, ())
        fill_below(scene, line, mix(scene.palette.near, scene.palette.low, share * 0.8))
    if kind == 2:
        _fields(scene, horizon, x)


def _rays(scene: Scene, centre: tuple[float, float], radius: float) -> None:
    shine = scene.image.copy()
    pen = ImageDraw.Draw(shine)
    start = scene.between(0, 1)
    for turn in np.arange(start, start + 2 * np.pi, np.pi / 9):
        ends = [
            (centre[0] + 400 * np.cos(turn + w), centre[1] + 400 * np.sin(turn + w)) for w in (-0.07, 0.07)
        ]
        pen.polygon([centre, *ends], fill=mix(scene.palette.low, scene.palette.light, 0.8))
    scene.image.paste(Image.blend(scene.image, shine, 0.5))


def _fields(scene: Scene, horizon: float, x: float) -> None:
    """Lay furrows that run to one point on the horizon."""
    pen = scene.draw
    pen.rectangle([0, horizon + 8, SIDE, SIDE], fill=scene.palette.ground)
    for place in np.linspace(-500, 500 + SIDE, 42):
        shade = mix(
            scene.palette.ground, scene.palette.leaf_light if scene.chance(0.5) else scene.palette.near, 0.45
        )
        pen.line([x, horizon + 6, place + scene.rng.normal(0, 5), SIDE], fill=shade, width=4)


SUBJECTS: Mapping[str, Callable[[Scene], None]] = {
    "flower": flower,
    "moon": moon,
    "mountain": mountain,
    "sailboat": sailboat,
    "sunrise": sunrise,
    "tree": tree,
}
