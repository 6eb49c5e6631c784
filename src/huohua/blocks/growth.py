"""Growing: networks that begin with small pictures and take in one size after another.

A growing network holds a `Stage`, which says how far it has grown; a game moves it
(`adversarial/growing.py`), and the network reads it. Of each step from one size to the next the first
half is played at the size that is there, and in the second half the next size fades in.

Source: Karras et al. 2018, "Progressive Growing of GANs for Improved Quality, Stability, and Variation",
section 2 and figure 2.

Letters: B works, C channels, H W pixels.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PARTS = 1_000_000


def size_and_fade(grown: float, steps: int) -> tuple[int, float]:
    """Return (top, fade): the largest size that is drawn, counted from 0, and how much it counts by now.

    Args:
        grown: share of all growth, 0 to 1.
        steps: doublings from the smallest size to the largest.

    Example:
        >>> size_and_fade(0.0, 2), size_and_fade(0.25, 2), size_and_fade(0.375, 2), size_and_fade(1.0, 2)
        ((0, 1.0), (0, 1.0), (1, 0.5), (2, 1.0))
    """
    place = min(max(grown, 0.0), 1.0) * steps
    whole = math.floor(place)
    fade = 2 * (place - whole) - 1
    return (whole + 1, fade) if fade > 0 else (whole, 1.0)


class Stage(nn.Module):
    """How far a network has grown; a fresh one has grown up.

    It is kept in whole numbers, so that an average of networks takes it over and does not average it.

    Args:
        steps: doublings from the smallest size to the largest.
    """

    parts: Tensor

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps
        self.loaded = PARTS
        self.register_buffer("parts", torch.tensor(PARTS))

    def grow_to(self, grown: float) -> None:
        """Go to a share of all growth, 0 to 1."""
        self.loaded = round(grown * PARTS)
        self.parts.fill_(self.loaded)

    def reached(self) -> tuple[int, float]:
        """Return the largest size drawn and how much it counts; see `size_and_fade`."""
        # An exported network has one size for good, and tracing cannot look into a tensor.
        tracing: bool = torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
        fixed = tracing or torch.compiler.is_compiling()
        return size_and_fade((self.loaded if fixed else int(self.parts)) / PARTS, self.steps)

    def _load_from_state_dict(self, state_dict: dict[str, Tensor], prefix: str, *rest: Any) -> None:
        super()._load_from_state_dict(state_dict, prefix, *rest)
        self.loaded = int(self.parts)


def side_at(side: int, steps_left: int) -> int:
    """Return the side of a work in pixels, some doublings before it is full.

    Example:
        >>> [side_at(100, steps) for steps in (2, 1, 0)]
        [25, 50, 100]
    """
    return side >> steps_left


def shrink(image_BCHW: Tensor, height: int, width: int) -> Tensor:
    """Return the image at a smaller size, every pixel the mean of those it covers."""
    if image_BCHW.shape[2:] == (height, width):
        return image_BCHW
    return F.adaptive_avg_pool2d(image_BCHW, (height, width))


def stretch(image_BCHW: Tensor, height: int, width: int) -> Tensor:
    """Return the image at a larger size, bilinearly."""
    if image_BCHW.shape[2:] == (height, width):
        return image_BCHW
    return F.interpolate(image_BCHW, (height, width), mode="bilinear", align_corners=False)


def partly_grown(image_BCHW: Tensor, grown: float, steps: int) -> Tensor:
    """Return real works as a generator that far grown could draw them.

    While a size fades in, so does its detail: works are between themselves and their smaller version.

    Source: Karras et al. 2018, "Progressive Growing of GANs", appendix A (real images are interpolated
    like fakes).
    """
    top, fade = size_and_fade(grown, steps)
    height, width = (side_at(side, steps - top) for side in image_BCHW.shape[2:])
    image = shrink(image_BCHW, height, width)
    if fade == 1.0:
        return image
    coarse = stretch(shrink(image, height // 2, width // 2), height, width)
    return coarse + fade * (image - coarse)
