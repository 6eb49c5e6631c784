"""How far pictures that were made again are from what they were: in pixels, and as networks see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huohua.arts.image.extractors import build_extractor
from huohua.arts.image.feed import as_samples
from huohua.arts.image.pairs import beside_others
from huohua.arts.yardstick import Extractor
from huohua.errors import HuohuaError
from huohua.metrics.perceptual import perceptual_rows

Pixels = NDArray[np.uint8]
NETWORKS = ("efficientnet-lite1", "vgg16")
CHUNK = 64


@dataclass(frozen=True, kw_only=True)
class Judge:
    """A way to compare pictures.

    Attributes:
        name: what stands over its figures.
        rows: pictures to rows of numbers.
        squared: whether differences are squared before they are summed.
    """

    name: str
    rows: Callable[[Pixels], NDArray[np.float32]]
    squared: bool

    def distance(self, real_NHWC: Pixels, again_NHWC: Pixels) -> float:
        """Return the mean distance of pictures to what became of them, as a share of that to another."""
        real, again = self.rows(real_NHWC), self.rows(again_NHWC)
        return beside_others(self._apart(real, again), self._apart(real, np.roll(real, 1, 0)))

    def _apart(self, one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float64]:
        difference = (one - other).astype(np.float64)
        return (difference**2).sum(1) if self.squared else np.abs(difference).mean(1)


def judges() -> tuple[list[Judge], list[str]]:
    """Return those there are, pixels first, and a sentence for each network that is missing."""
    found = [Judge(name="pixels", rows=lambda it: it.reshape(len(it), -1).astype(np.float32), squared=False)]
    problems = []
    for name in NETWORKS:
        try:
            extractor = build_extractor(name)
        except HuohuaError as error:
            problems.append(f"Not measured with {name}: {error.message} {error.advice}")
            continue
        found.append(Judge(name=name, rows=_seen_by(extractor), squared=True))
    return found, problems


def _seen_by(extractor: Extractor) -> Callable[[Pixels], NDArray[np.float32]]:
    def rows(pixels_NHWC: Pixels) -> NDArray[np.float32]:
        parts = (as_samples(pixels_NHWC[at : at + CHUNK]) for at in range(0, len(pixels_NHWC), CHUNK))
        return np.concatenate([perceptual_rows(extractor.look(part).tap_LNCP) for part in parts])

    return rows
