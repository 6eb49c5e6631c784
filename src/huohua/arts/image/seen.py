"""Pictures as extractors look at them: in colour, on white, at one side, a few at a time.

Letters: N pictures of a call, B of a chunk, C channels, H W pixels, P positions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.arts.yardstick import Description

CHUNK = 32  # pictures looked at at once


def chunks(sample: Tensor, side: int | None) -> Iterator[Tensor]:
    """Yield image_BCHW in [-1, 1], three channels, of `side` times `side` pixels, or of their own size.

    A picture that is no square is squeezed into one, real ones and generated ones alike.
    """
    for chunk in sample.split(CHUNK):
        shown = in_colour(chunk.float())
        if side is not None and shown.shape[2:] != (side, side):
            shown = F.interpolate(shown, (side, side), mode="bilinear", antialias=True)
        yield shown


def in_colour(image_BCHW: Tensor) -> Tensor:
    """Return grey pictures and pictures with transparency in three colours, the latter on white paper."""
    channels = image_BCHW.shape[1]
    if channels == 1:
        return image_BCHW.expand(-1, 3, -1, -1)
    if channels == 4:
        opaque = (image_BCHW[:, 3:] + 1) / 2
        return image_BCHW[:, :3] * opaque + (1 - opaque)
    return image_BCHW


def averaged(tap_BCHW: Tensor, cells: int) -> Tensor:
    """Return tap_BCP, averaged to at most `cells` times `cells` positions."""
    if max(tap_BCHW.shape[2:]) > cells:
        tap_BCHW = F.adaptive_avg_pool2d(tap_BCHW, (cells, cells))
    return tap_BCHW.flatten(2)


def together(features: Sequence[Tensor], taps: Sequence[Sequence[Tensor]]) -> Description:
    """Return the description of all pictures from feature_BF and tap_LBCP of each chunk."""
    return Description(
        feature_NF=torch.cat(list(features)).double().numpy(),
        tap_LNCP=[torch.cat(list(stage)).float().numpy() for stage in zip(*taps, strict=True)],
    )
