"""Which of eleven basic colours a pixel is, by degrees, in a space where distances are what eyes see.

Each colour has a few examples, picked by eye: a pixel is named after the example nearest to it in OKLab,
and between two of them it is partly one and partly the other. So a share of colour moves smoothly when a
picture does, as a network needs it.

Source: Ottosson 2020, "A perceptual color space for image processing" (OKLab); the eleven names are those of
Berlin and Kay 1969, "Basic Color Terms"; that a name is a matter of degree follows Kay and
McDaniel 1978, "The Linguistic Significance of the Meanings of Basic Color Terms", and the degrees are the
memberships of Bezdek 1981, "Pattern Recognition with Fuzzy Objective Function Algorithms" (fuzzy c-means), to
fixed centres, of which the nearest of each name counts. The examples are ours.

Letters: N colours, E examples, K names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from huohua.conditions.attribute_names import COLOURS

# Lightness says less about a name than hue does, so it counts for less.
_LIGHTNESS = 0.55
# Closeness to a name falls with this power of the squared distance to its nearest example: where one lies a
# fifth farther than the other, it is a quarter of the colour.
_SHARPNESS = 3
_TINY = 1e-6
# Levels of each channel in the table of names: 32 keep the error of a share below one percent.
_BITS = 5

EXAMPLES: Mapping[str, str] = {
    "black": "000000 0c0c0c 181818 242424 221f1c 1a1f26 161c14",
    "grey": "323232 404040 4e4e4e 5c5c5c 6a6a6a 787878 868686 949494 a2a2a2 b0b0b0 bebebe cccccc d6d6d6"
    " 8d8a84 858a90 6b6762 a9a69f 9da4aa c4c0b8 827e86 767c76",
    "white": "ffffff f4f4f4 e6e6e6 f6f1e6 eef2f6 faf8f0 f4ecdf",
    "red": "ff0000 d80f16 b01020 e4383a 8c1018 640c14 c84848 a83030",
    "orange": "ff8000 ff9a2c ec6a12 f5a252 ffb066 e07c34 ff6a28",
    "yellow": "ffff00 fff060 ffd700 f2d84a e6c830 f8f0a0 d8c060 c8b020 ffc820 fdf5b8 d4a410 e0b040",
    "green": "00b000 40d040 007a30 0c4a14 6b8e23 90c878 a8d8a0 4f7a4a 80b090 3a5a32 98a860 c8e08c 2a3d20"
    " 7a8a5a 20a080 c0e0c4 9dff3c",
    "blue": "0000ff 2050e0 4090ff 87c4ee 00a8e8 000080 101c50 5078a8 7fa0c4 b4d4ee 3a5478 20b4d0 78c8d8"
    " 8098b0 304868 5c8c9c a9bcd0 00e0f0 9aa9ba b4c2d0 2c3c50 445868 c8d8e6",
    "purple": "800080 9040d0 6a3a9a 4b0082 a884d0 c4a8e0 704878 8c6c9c b46cc8 3c2048 b8a8c8",
    "pink": "ffb6c1 ff80b0 ff40a0 f0a0b0 f8d0d8 e87898 e8a8b8 d86c90 ffa8a0 e4b4b4",
    "brown": "8b4513 6a3a18 4a2c18 a0622c b88850 c8a478 80603c 9c7850 5c4430 3a2618 d2b48c 8a6a5a b49a7c",
}  # fmt: skip


def to_oklab(rgb: np.ndarray) -> np.ndarray:
    """Return sRGB in 0 to 255, any shape with 3 last, as OKLab: lightness, green to red, blue to yellow.

    Example:
        >>> [abs(round(float(part), 2)) for part in to_oklab(np.array([255, 255, 255]))]
        [1.0, 0.0, 0.0]
    """
    level = np.asarray(rgb)
    linear = _LINEAR.take(level) if level.dtype == np.uint8 else _linear(level)
    cones: np.ndarray = np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T
    return cones


def _linear(level: np.ndarray) -> np.ndarray:
    """Return the amount of light, 0 to 1, of a level of sRGB in 0 to 255."""
    share = level.astype(np.float32) / np.float32(255)
    light: np.ndarray = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


_LINEAR = _linear(np.arange(256))

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    dtype=np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    dtype=np.float32,
)


def degrees_of(rgb_N3: np.ndarray) -> np.ndarray:
    """Return degree_NK: how much each colour bears each name of `COLOURS`, adding up to one.

    Example:
        >>> COLOURS[int(degrees_of(np.array([[210, 30, 40]])).argmax())]
        'red'
    """
    example_E3, owner_E = _examples()
    stretch = np.array([_LIGHTNESS, 1.0, 1.0], dtype=np.float32)
    lab_N3 = to_oklab(rgb_N3) * stretch
    square_NE = ((lab_N3[:, None] - (example_E3 * stretch)[None]) ** 2).sum(axis=2)
    nearest_NK = np.stack([square_NE[:, owner_E == name].min(axis=1) for name in range(len(COLOURS))], axis=1)
    closeness_NK = (nearest_NK.min(axis=1, keepdims=True) + _TINY) / (nearest_NK + _TINY)
    closeness_NK **= _SHARPNESS
    degree_NK: np.ndarray = closeness_NK / closeness_NK.sum(axis=1, keepdims=True)
    return degree_NK.astype(np.float32)


def degrees(pixels: np.ndarray) -> np.ndarray:
    """Return the degrees of uint8 pixels, any shape with 3 last, from a table; the last axis becomes K."""
    coarse = (pixels >> (8 - _BITS)).astype(np.int32)
    place = (coarse[..., 0] << 2 * _BITS) | (coarse[..., 1] << _BITS) | coarse[..., 2]
    found: np.ndarray = _table().take(place, axis=0)
    return found


@lru_cache(maxsize=1)
def _table() -> np.ndarray:
    """Return degree_NK of the middle of each cell of a colour cube."""
    step = 1 << (8 - _BITS)
    level = np.arange(1 << _BITS) * step + (step - 1) / 2
    # The ends of the range are themselves: white paper and black ink are common, and not almost so.
    level[0], level[-1] = 0, 255
    cube_N3 = np.stack(np.meshgrid(level, level, level, indexing="ij"), axis=-1).reshape(-1, 3)
    return np.concatenate([degrees_of(part) for part in np.array_split(cube_N3, 32)])


@lru_cache(maxsize=1)
def _examples() -> tuple[np.ndarray, np.ndarray]:
    pairs = [(code, owner) for owner, name in enumerate(COLOURS) for code in EXAMPLES[name].split()]
    rgb_E3 = np.array([tuple(bytes.fromhex(code)) for code, _ in pairs])
    return to_oklab(rgb_E3), np.array([owner for _, owner in pairs])
