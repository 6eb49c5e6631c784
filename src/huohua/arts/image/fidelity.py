"""How faithfully a picture was made again: two figures of pixels, for pictures that lie on one another.

Both compare place by place and know nothing of what is shown; beside them stands the distance of a network
(`metrics/perceptual.py`), which forgives a shift that these do not.

Letters: H W pixels, C channels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

PEAK = 255.0
WINDOW, SPREAD = 11, 1.5  # pixels, as in the paper
STEADY_LIGHT, STEADY_CONTRAST = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2


def peak_signal_to_noise(first_HWC: Pixels, second_HWC: Pixels) -> float:
    """Return how far the largest value stands above the error, in decibels; infinite for equal pictures.

    Source: Huynh-Thu and Ghanbari 2008, "Scope of Validity of PSNR in Image/Video Quality Assessment".

    Example:
        >>> black, dark = np.zeros((2, 2, 1), np.uint8), np.full((2, 2, 1), 51, np.uint8)
        >>> round(peak_signal_to_noise(black, dark), 2)
        13.98
    """
    error = float(np.mean((first_HWC.astype(np.float64) - second_HWC) ** 2))
    return float("inf") if error == 0 else float(10 * np.log10(PEAK**2 / error))


def structural_similarity(first_HWC: Pixels, second_HWC: Pixels) -> float:
    """Return the mean structural similarity over windows and channels, from -1 to 1; 1 for equal pictures.

    Source: Wang et al. 2004, "Image Quality Assessment: From Error Visibility to Structural Similarity",
    equation 13, with the paper's round window; smaller pictures get a smaller one.
    """
    one, two = first_HWC.astype(np.float64), second_HWC.astype(np.float64)
    mean_one, mean_two = _windowed(one), _windowed(two)
    power_one = _windowed(one * one) - mean_one**2
    power_two = _windowed(two * two) - mean_two**2
    shared = _windowed(one * two) - mean_one * mean_two
    likeness = (2 * mean_one * mean_two + STEADY_LIGHT) * (2 * shared + STEADY_CONTRAST)
    likeness /= (mean_one**2 + mean_two**2 + STEADY_LIGHT) * (power_one + power_two + STEADY_CONTRAST)
    return float(likeness.mean())


def _windowed(picture_HWC: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted mean around each pixel whose window lies inside the picture."""
    for axis in (0, 1):
        side = min(WINDOW, picture_HWC.shape[axis])
        place = np.arange(side) - (side - 1) / 2
        weight = np.exp(-(place**2) / (2 * SPREAD**2))
        windows = np.lib.stride_tricks.sliding_window_view(picture_HWC, side, axis=axis)
        picture_HWC = windows @ (weight / weight.sum())
    return picture_HWC
