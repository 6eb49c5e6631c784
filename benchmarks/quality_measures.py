"""What `quality_at_equal_minutes.py` measures: kernel distances on two networks, copying, variety.

A distance is the kernel distance (unbiased, 0 at best), averaged over random subsets of one size, so that
sets of different sizes can be compared; its spread is the standard deviation over the subsets. Beside every
distance stands that of real works to real works, below which nothing can be told apart.

Letters: N pictures, F features, H W pixels, C channels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from huohua.arts.image.extractors import build_extractor
from huohua.arts.image.feed import as_samples
from huohua.arts.yardstick import Extractor
from huohua.metrics.copying import QUANTILE, NearestSoFar
from huohua.metrics.diversity import diversity_ratio
from huohua.metrics.kernel import kernel_distances
from huohua.randomness import numpy_generator

# The default's discriminator sees with a close relative of the first; no discriminator uses the second.
NETWORKS = ("efficientnet-lite1", "vgg16")
SUBSETS, SUBSET = 100, 200
Pixels = NDArray[np.uint8]
Features = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Distance:
    """A kernel distance: its mean over subsets, and their standard deviation."""

    mean: float
    spread: float


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How pictures compare with real works.

    Attributes:
        to_trained: by network, the distance to the works that were learnt from.
        to_held_out: by network, the distance to works that nobody learnt from.
        copied: share of pictures more similar to a work learnt from than all but one in a hundred of those
            works are to each other; on the first network, mirrored works included.
        diversity: mean distance between pictures as a share of that between real ones, on the second network.
    """

    to_trained: Mapping[str, Distance]
    to_held_out: Mapping[str, Distance]
    copied: float
    diversity: float

    def as_record(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return asdict(self)


class Bench:
    """Real works described once, against which pictures are measured.

    Args:
        trained_NHWC: works that were learnt from.
        held_out_NHWC: works that were not.
        networks: extractors, by name.
        subset: pictures in a subset.
    """

    def __init__(
        self,
        trained_NHWC: Pixels,
        held_out_NHWC: Pixels,
        *,
        networks: Mapping[str, Extractor],
        subset: int = SUBSET,
    ) -> None:
        self.networks, self.subset = networks, subset
        self.trained = {name: described(each, trained_NHWC) for name, each in networks.items()}
        self.held_out = {name: described(each, held_out_NHWC) for name, each in networks.items()}
        self.first, self.last = next(iter(networks)), list(networks)[-1]
        mirrored_NF = described(networks[self.first], trained_NHWC[:, :, ::-1])
        self.appearances = (self.trained[self.first], mirrored_NF)
        own = self._nearest(self.trained[self.first], own_N=np.arange(len(trained_NHWC)))
        self.threshold = float(np.quantile(own.similarity_N, QUANTILE))

    def measure(self, pixels_NHWC: Pixels) -> Quality:
        """Return how pictures compare with the real works."""
        seen = {name: described(each, pixels_NHWC) for name, each in self.networks.items()}
        return self._quality(seen)

    def floor(self) -> Quality:
        """Return the same of the held-out works themselves: what the best of models would reach.

        Their distance to the held-out works is that of one half of these to the other.
        """
        halves = {name: (rows_NF[::2], rows_NF[1::2]) for name, rows_NF in self.held_out.items()}
        quality = self._quality(self.held_out)
        between = {name: self._distance(name, *half) for name, half in halves.items()}
        return Quality(
            to_trained=quality.to_trained,
            to_held_out=between,
            copied=quality.copied,
            diversity=quality.diversity,
        )

    def nearest_works(self, pixels_NHWC: Pixels) -> NDArray[np.intp]:
        """Return for each picture the number of the work learnt from that it is most like."""
        return self._nearest(described(self.networks[self.first], pixels_NHWC)).index_N

    def _nearest(self, query_NF: Features, own_N: NDArray[np.intp] | None = None) -> NearestSoFar:
        """Return what in the works learnt from, as they are or mirrored, each of some works is most like."""
        found = NearestSoFar(query_NF, own_N)
        for appearance_NF in self.appearances:
            found.meet(appearance_NF, np.arange(len(appearance_NF)))
        return found

    def _quality(self, seen: Mapping[str, Features]) -> Quality:
        similarity_N = self._nearest(seen[self.first]).similarity_N
        return Quality(
            to_trained={name: self._distance(name, rows, self.trained[name]) for name, rows in seen.items()},
            to_held_out={
                name: self._distance(name, rows, self.held_out[name]) for name, rows in seen.items()
            },
            copied=float(np.mean(similarity_N > self.threshold)),
            diversity=diversity_ratio(seen[self.last], self.trained[self.last]),
        )

    def _distance(self, name: str, fake_NF: Features, real_MF: Features) -> Distance:
        distance_S = kernel_distances(
            fake_NF, real_MF, numpy_generator(0, "subsets", name), subsets=SUBSETS, size=self.subset
        )
        return Distance(mean=float(distance_S.mean()), spread=float(distance_S.std()))


def extractors(names: Sequence[str] = NETWORKS) -> dict[str, Extractor]:
    """Return extractors by name.

    Raises:
        MissingDependencyError: weights of one are not installed.
    """
    return {name: build_extractor(name) for name in names}


def described(extractor: Extractor, pixels_NHWC: Pixels) -> Features:
    """Return feature_NF of pictures, a few at a time."""
    steps = range(0, len(pixels_NHWC), 64)
    return np.concatenate([extractor.look(as_samples(pixels_NHWC[at : at + 64])).feature_NF for at in steps])
