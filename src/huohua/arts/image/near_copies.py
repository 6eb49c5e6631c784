"""Known near-copies of pictures, and the forms in which a picture is still the same.

A mirrored picture is the same work to the eye, and training shows works mirrored; so a comparison looks at
both forms. Known near-copies are what a detector of copies is tried on before it is believed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from huohua.arts.image.feed import as_pixels, as_samples
from huohua.arts.image.seen import in_colour
from huohua.randomness import torch_generator

KEPT = 0.9  # share of each side that a crop keeps
QUALITY = 50  # of a JPEG that shows its blocks at a second look
GRAIN = 0.05  # deviation of grain, as a share of half the range of a pixel


def appearances(image_BCHW: Tensor) -> tuple[Tensor, Tensor]:
    """Return pictures as they are and mirrored."""
    return image_BCHW, image_BCHW.flip(3)


def cropped(image_BCHW: Tensor) -> Tensor:
    """Return the middle of pictures, nine tenths of each side, brought to their size again."""
    height, width = image_BCHW.shape[2:]
    kept = [max(1, round(KEPT * side)) for side in (height, width)]
    top, left = (height - kept[0]) // 2, (width - kept[1]) // 2
    middle = image_BCHW[:, :, top : top + kept[0], left : left + kept[1]]
    return F.interpolate(middle, (height, width), mode="bilinear", antialias=True)


def flipped(image_BCHW: Tensor) -> Tensor:
    """Return the middle of pictures, mirrored."""
    return cropped(image_BCHW.flip(3))


def compressed(image_BCHW: Tensor) -> Tensor:
    """Return pictures as they come back from a strongly compressed JPEG, in colour."""
    pixels_NHWC = as_pixels(in_colour(image_BCHW))
    return as_samples(np.stack([_through_jpeg(image_HWC) for image_HWC in pixels_NHWC]))


def grained(image_BCHW: Tensor) -> Tensor:
    """Return pictures under fine grain, as generators leave it."""
    noise = torch.randn(image_BCHW.shape, generator=torch_generator(0, "grain"))
    return (image_BCHW + GRAIN * noise.to(image_BCHW)).clamp(-1, 1)


# Mirroring alone would be found without fail, as comparisons look at both forms: hence mirrored crops.
NEAR_COPIES: Mapping[str, Callable[[Tensor], Tensor]] = {
    "flip": flipped,
    "crop": cropped,
    "jpeg": compressed,
    "grain": grained,
}


def near_copies(image_BCHW: Tensor) -> dict[str, Tensor]:
    """Return near-copies of pictures by kind."""
    return {kind: alter(image_BCHW) for kind, alter in NEAR_COPIES.items()}


def _through_jpeg(image_HWC: np.ndarray) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(image_HWC).save(file, "JPEG", quality=QUALITY)
    with Image.open(file) as opened:
        return np.asarray(opened.convert("RGB"))
