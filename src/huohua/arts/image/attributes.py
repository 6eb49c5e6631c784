"""What can be computed from any picture without a label: colours by place, and looks.

    colour_top, colour_middle, colour_bottom   how much of each third bears each of eleven colours
    look                                       light, saturated, contrast, warm, detailed

Shares of area are given as square roots: the difference between none and a tenth of the sky is plainer to
see than between eight and nine tenths, and a network hears it as plainly.

Letters: N pictures, H W pixels, A attributes, K colours, P pixels of a place.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from huohua.arts.image.colour_names import degrees, to_oklab
from huohua.conditions.attribute_names import COLOURS, LOOK, LOOKS, PLACES, colour_group

ATTRIBUTES: tuple[tuple[str, str], ...] = (
    *((colour_group(place), colour) for place in PLACES for colour in COLOURS),
    *((LOOK, look) for look in LOOKS),
)

# Pictures are measured at about this side, so that detail means the same for 64 and for 256 pixels, and
# colours mix as they do from some steps away.
SIDE = 64
CHUNK = 64
# The direction of warm colours in OKLab, between red and yellow.
WARM = np.deg2rad(60.0)


def measure(image_NHWC: np.ndarray) -> np.ndarray:
    """Return value_NA, float32: each attribute of each picture, in the order of `ATTRIBUTES`.

    Args:
        image_NHWC: uint8, 1, 3 or 4 channels; it may be memory-mapped, and a few are read at a time.
            Transparency counts as laid on white paper.
    """
    chunks = [
        _measured(seen(np.asarray(image_NHWC[start : start + CHUNK])))
        for start in range(0, len(image_NHWC), CHUNK)
    ]
    return np.concatenate(chunks) if chunks else np.zeros((0, len(ATTRIBUTES)), dtype=np.float32)


def seen(image_NHWC: np.ndarray) -> np.ndarray:
    """Return pictures as they are measured: three channels, on white, sides brought near `SIDE`."""
    factor = max(1, min(image_NHWC.shape[1:3]) // SIDE)
    colour = _in_colour(image_NHWC)
    if factor == 1:
        return colour
    count, height, width = (colour.shape[0], colour.shape[1] // factor, colour.shape[2] // factor)
    top, left = (colour.shape[1] - height * factor) // 2, (colour.shape[2] - width * factor) // 2
    cut = colour[:, top : top + height * factor, left : left + width * factor]
    blocks = cut.reshape(count, height, factor, width, factor, 3)
    shrunk: np.ndarray = np.rint(blocks.mean(axis=(2, 4), dtype=np.float32)).astype(np.uint8)
    return shrunk


def _in_colour(image_NHWC: np.ndarray) -> np.ndarray:
    channels = image_NHWC.shape[3]
    if channels == 1:
        return np.repeat(image_NHWC, 3, axis=3)
    if channels == 3:
        return image_NHWC
    opaque = image_NHWC[..., 3:].astype(np.float32) / 255
    return np.rint(image_NHWC[..., :3] * opaque + 255 * (1 - opaque)).astype(np.uint8)


def _measured(image_NHW3: np.ndarray) -> np.ndarray:
    count, height = image_NHW3.shape[:2]
    degree_NHWK = degrees(image_NHW3)
    cuts = [round(height * third / len(PLACES)) for third in range(len(PLACES) + 1)]
    shares = [
        degree_NHWK[:, first:last].reshape(count, -1, len(COLOURS)).mean(axis=1)
        for first, last in pairwise(cuts)
    ]
    value_NA = np.concatenate([np.sqrt(np.concatenate(shares, axis=1)), _looks(image_NHW3)], axis=1)
    return value_NA.astype(np.float32)


def _looks(image_NHW3: np.ndarray) -> np.ndarray:
    """Return the looks in the order of `LOOKS`: all are plain means over OKLab, but contrast, a deviation."""
    lab = to_oklab(image_NHW3)
    light, across, along = lab[..., 0], lab[..., 1], lab[..., 2]
    places = (1, 2)
    detailed = np.abs(np.diff(light, axis=1)).mean(axis=places) + np.abs(np.diff(light, axis=2)).mean(
        axis=places
    )
    looks = {
        "light": light.mean(axis=places),
        "saturated": np.hypot(across, along).mean(axis=places),
        "contrast": light.std(axis=places),
        "warm": (across * np.cos(WARM) + along * np.sin(WARM)).mean(axis=places),
        "detailed": detailed / 2,
    }
    return np.stack([looks[name] for name in LOOKS], axis=1)
