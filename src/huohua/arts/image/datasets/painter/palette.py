"""The colours of a season or a time of day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

Colour = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours by what they are used for, each red, green and blue in 0 to 255."""

    high: Colour  # the sky above
    low: Colour  # the sky at the horizon
    light: Colour  # sun, moon and glow
    far: Colour  # distant hills
    near: Colour  # close hills, trunks, hulls
    ground: Colour
    water: Colour
    leaf: Colour
    leaf_light: Colour
    accent: Colour  # petals and sails
    accent_light: Colour


PALETTES: Mapping[str, Palette] = {
    "dawn": Palette(
        high=(122, 148, 192),
        low=(252, 205, 178),
        light=(255, 232, 176),
        far=(168, 164, 194),
        near=(84, 92, 124),
        ground=(128, 132, 112),
        water=(176, 184, 208),
        leaf=(96, 128, 104),
        leaf_light=(168, 172, 120),
        accent=(236, 118, 108),
        accent_light=(252, 196, 150),
    ),
    "noon": Palette(
        high=(70, 146, 222),
        low=(206, 232, 246),
        light=(255, 248, 206),
        far=(122, 162, 196),
        near=(52, 96, 104),
        ground=(122, 168, 82),
        water=(48, 132, 186),
        leaf=(48, 122, 62),
        leaf_light=(136, 184, 70),
        accent=(226, 62, 56),
        accent_light=(252, 208, 66),
    ),
    "dusk": Palette(
        high=(64, 54, 118),
        low=(250, 138, 84),
        light=(255, 206, 104),
        far=(126, 82, 136),
        near=(56, 38, 76),
        ground=(78, 56, 76),
        water=(158, 94, 124),
        leaf=(58, 54, 72),
        leaf_light=(138, 80, 70),
        accent=(230, 58, 84),
        accent_light=(255, 170, 84),
    ),
    "night": Palette(
        high=(10, 18, 54),
        low=(58, 84, 138),
        light=(250, 242, 206),
        far=(78, 100, 152),
        near=(16, 22, 48),
        ground=(30, 50, 62),
        water=(28, 52, 98),
        leaf=(24, 52, 66),
        leaf_light=(58, 96, 98),
        accent=(238, 190, 82),
        accent_light=(168, 198, 244),
    ),
    "autumn": Palette(
        high=(164, 188, 204),
        low=(244, 228, 196),
        light=(255, 226, 158),
        far=(176, 156, 146),
        near=(116, 76, 60),
        ground=(188, 138, 66),
        water=(122, 152, 164),
        leaf=(202, 88, 34),
        leaf_light=(240, 168, 48),
        accent=(198, 62, 40),
        accent_light=(244, 176, 60),
    ),
    "spring": Palette(
        high=(142, 198, 232),
        low=(244, 242, 234),
        light=(255, 238, 206),
        far=(160, 192, 196),
        near=(98, 116, 100),
        ground=(154, 198, 112),
        water=(138, 196, 208),
        leaf=(240, 150, 178),
        leaf_light=(254, 214, 222),
        accent=(242, 134, 172),
        accent_light=(196, 150, 216),
    ),
}


def varied(palette: Palette, rng: np.random.Generator) -> Palette:
    """Return a palette whose colours are shifted a little, together and each on its own."""
    together = rng.normal(0, 7, 3)
    return Palette(
        **{
            field.name: _clipped(np.asarray(getattr(palette, field.name)) + together + rng.normal(0, 6, 3))
            for field in fields(palette)
        }
    )


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return a colour between two, `share` of the way to the second."""
    return _clipped(np.asarray(first) * (1 - share) + np.asarray(second) * share)


def _clipped(colour: np.ndarray) -> Colour:
    red, green, blue = (int(value) for value in np.clip(np.rint(colour), 0, 255))
    return red, green, blue
