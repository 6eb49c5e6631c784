"""Samples and real works as tables of numbers, and how like a real work each sample is.

Everything is described a few works at a time. Real works that figures need, samples and known near-copies
are held as rows; the real works that samples are compared with, which may be many more, only come by.

Letters: N works of a side, F features, S numbers of a row of scales, C condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from huohua.arts.yardstick import Collection, Extractor, OnProgress, Yardstick
from huohua.metrics.copying import Calibration, NearestSoFar, calibrate, distinct, nearest_other
from huohua.metrics.perceptual import perceptual_rows
from huohua.studio.evaluation_samples import Samples

CHUNK = 32  # works described at once
HELD = 1024  # works of a side that are held as rows of scales, and samples that copies are looked for among
TRIED = 96  # real works whose near-copies are made, of each kind
AMONG_THEMSELVES = 512  # real works whose nearest other one is found
COMPARED_WITH = 4096  # real works that samples are compared with


@dataclass(frozen=True, kw_only=True)
class Table:
    """Described works of one side.

    Attributes:
        feature_NF: one row for each.
        row_NS: rows of scales of the first `HELD` of them.
        class_N: each one's class, "" without one.
    """

    feature_NF: NDArray[np.float64]
    row_NS: NDArray[np.float32]
    class_N: NDArray[np.str_]

    def __len__(self) -> int:
        """Return the number of works."""
        return len(self.feature_NF)

    def of(self, name: str) -> Table:
        """Return the part of one class."""
        return self._part(self.class_N == name)

    def labelled(self) -> Table:
        """Return the part that has a class."""
        return self._part(self.class_N != "")

    def _part(self, chosen: NDArray[np.bool_]) -> Table:
        return Table(
            feature_NF=self.feature_NF[chosen],
            row_NS=self.row_NS[chosen[: len(self.row_NS)]],
            class_N=self.class_N[chosen],
        )


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """How like a real work samples and real works are.

    Attributes:
        calibration: from which similarity on a sample is a copy.
        work_N: each sample's nearest real work, of the samples looked at.
        similarity_N: and how similar it is.
        real_similarity_M: of some real works to their nearest other one.
        repeat_N: how similar each of some samples is to the nearest other one of them.
        real_repeat_N: the same of as many real works.
        different: share of the samples looked at that are different from one another.
        works: real works that all were compared with.
    """

    calibration: Calibration
    work_N: NDArray[np.intp]
    similarity_N: NDArray[np.float64]
    real_similarity_M: NDArray[np.float64]
    repeat_N: NDArray[np.float64]
    real_repeat_N: NDArray[np.float64]
    different: float
    works: int


class Describer:
    """Describes works a few at a time.

    Args:
        extractor: what describes them.
    """

    def __init__(self, extractor: Extractor) -> None:
        self.extractor = extractor

    def table(
        self,
        works: Samples | Collection,
        numbers: Sequence[int],
        class_N: Sequence[str],
        *,
        on_progress: OnProgress,
    ) -> Table:
        """Return the table of works of these numbers."""
        features, rows = [], []
        for start in range(0, len(numbers), CHUNK):
            described = self.extractor.look(_taken(works, numbers[start : start + CHUNK]))
            features.append(described.feature_NF)
            if start < HELD:
                rows.append(perceptual_rows(described.tap_LNCP))
            on_progress(min(start + CHUNK, len(numbers)), len(numbers))
        return Table(
            feature_NF=np.concatenate(features),
            row_NS=np.concatenate(rows)[:HELD],
            class_N=np.array(class_N, dtype=np.str_),
        )

    def rows(self, sample: Tensor) -> NDArray[np.float32]:
        """Return row_NS of samples that are few."""
        return perceptual_rows(self.extractor.look(sample).tap_LNCP)


def find_nearest(
    describer: Describer,
    yardstick: Yardstick,
    samples: Table,
    real: Table,
    works: Collection,
    order: Sequence[int],
    *,
    on_progress: OnProgress,
) -> Nearest:
    """Compare samples, some real works and known near-copies of some with real works.

    Args:
        describer: describes the works that come by.
        yardstick: knows in which forms a work is the same, and what near-copies of it are.
        samples: with rows of scales for the samples to look at.
        real: the real works that are held, in the order of `order`.
        works: all real works.
        order: their numbers, those of `real` first; only `COMPARED_WITH` of them are compared with.
        on_progress: told (works compared with, works in all).
    """
    own = np.asarray(order[: min(AMONG_THEMSELVES, len(real.row_NS))], dtype=np.intp)
    parts: dict[str, NDArray[np.float32]] = {"samples": samples.row_NS, "works": real.row_NS[: len(own)]}
    for kind, copies in yardstick.near_copies(works.samples(order[:TRIED])).items():
        parts[f"copies of {kind}"] = describer.rows(copies)
    lengths = [len(part) for part in parts.values()]
    itself_N = np.full(sum(lengths), -1, dtype=np.intp)
    itself_N[lengths[0] : lengths[0] + len(own)] = own
    queries = NearestSoFar(np.concatenate(list(parts.values())), itself_N)
    met = order[:COMPARED_WITH]
    for done, number_B, row_BS in _passing(describer, yardstick, real, works, met):
        queries.meet(row_BS, number_B)
        on_progress(done, len(met))
    cuts = np.cumsum(lengths)[:-1]
    alike = min(len(samples.row_NS), len(real.row_NS))  # the more works, the nearer the nearest
    similarity = dict(zip(parts, np.split(queries.similarity_N, cuts), strict=True))
    calibration = calibrate(similarity["works"], _of_copies(similarity))
    return Nearest(
        calibration=calibration,
        work_N=np.split(queries.index_N, cuts)[0],
        similarity_N=similarity["samples"],
        real_similarity_M=similarity["works"],
        repeat_N=nearest_other(samples.row_NS[:alike]),
        real_repeat_N=nearest_other(real.row_NS[:alike]),
        different=distinct(samples.row_NS, calibration.threshold) / len(samples.row_NS),
        works=len(met),
    )


def _passing(
    describer: Describer, yardstick: Yardstick, real: Table, works: Collection, order: Sequence[int]
) -> Iterator[tuple[int, NDArray[np.intp], NDArray[np.float32]]]:
    """Yield works in every form, as (works done, numbers, rows); rows that are held are not made again."""
    held = len(real.row_NS)
    yield 0, np.asarray(order[:held], dtype=np.intp), real.row_NS[: len(order)]
    for start in range(0, len(order), CHUNK):
        numbers = order[start : start + CHUNK]
        first, *others = yardstick.appearances(works.samples(numbers))
        for form in others if start + CHUNK <= held else (first, *others):
            yield start + len(numbers), np.asarray(numbers, dtype=np.intp), describer.rows(form)


def _of_copies(similarity: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    start = "copies of "
    return {name.removeprefix(start): part for name, part in similarity.items() if name.startswith(start)}


def _taken(works: Samples | Collection, numbers: Sequence[int]) -> Tensor:
    return works.take(numbers) if isinstance(works, Samples) else works.samples(numbers)
