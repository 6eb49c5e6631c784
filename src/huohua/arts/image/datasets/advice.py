"""Plain words about a dataset: whether it is enough, what it lacks, and at which size to train."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from huohua.arts.image.datasets.licence import UNKNOWN_LICENCE
from huohua.arts.image.datasets.problem import Problem
from huohua.arts.image.datasets.source import Source
from huohua.errors import DataError

FEWEST_WORKS = 8
FEW_WORKS = 100
_SIZES = (32, 48, 64, 96, 128)
_START = "A few hundred pictures are a good start; JPEG, PNG, WebP, GIF, TIFF and BMP are read."


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What advice depends on.

    Attributes:
        works: usable works.
        faults: files that cannot be used.
        duplicates: works left out because an equal one came before.
        sizes_N2: width and height of each work.
        labels: works by value by group.
        conditions: the values by group that become conditions.
        licence: the terms as far as they are known.
    """

    works: int
    faults: int
    duplicates: int
    sizes_N2: np.ndarray
    labels: Mapping[str, Mapping[str, int]]
    conditions: Mapping[str, Sequence[str]]
    licence: str


def suggested_size(sizes_N2: np.ndarray) -> int:
    """Return a side to train at: the largest usual one that half of the works reach, 128 at most.

    Works that are all of one small size keep it: 28 for MNIST.

    Example:
        >>> suggested_size(np.array([[28, 28], [28, 28]])), suggested_size(np.array([[300, 256]]))
        (28, 128)
    """
    short = sizes_N2.min(axis=1)
    if short.min() == sizes_N2.max() and 8 <= short.min() < 64:
        return int(short.min())
    return max((size for size in _SIZES if size <= np.median(short)), default=_SIZES[0])


def warn(facts: Facts) -> tuple[str, ...]:
    """Return what to think about before training, the most important first; () if all is well."""
    return (*_about_numbers(facts), *_about_labels(facts), *_about_sizes(facts), *_about_terms(facts))


def _about_numbers(facts: Facts) -> Iterator[str]:
    if facts.works < FEWEST_WORKS:
        yield f"{_works(facts.works)}: too few to train on; {FEWEST_WORKS} are the least. {_START}"
    elif facts.works < FEW_WORKS:
        yield f"{_works(facts.works)} only: new pictures will look much like these. A few hundred are better."
    if facts.faults:
        yield f"{_files(facts.faults)} cannot be used; the list of problems says why."
    if facts.duplicates:
        yield f"{_works(facts.duplicates)} left out, being equal to another one."


def _about_labels(facts: Facts) -> Iterator[str]:
    for name, counts in facts.labels.items():
        most, least = max(counts, key=lambda v: counts[v]), min(counts, key=lambda v: counts[v])
        if len(counts) > 1 and name not in facts.conditions:
            yield f"Each {name} has too few works to be asked for: '{most}' has the most, {counts[most]}."
        elif name in ("subject", "style") and counts[most] > 10 * counts[least]:
            yield (
                f"The works are unbalanced: {name} '{most}' has {counts[most]}, '{least}' {counts[least]};"
                " what is rare will come out worse."
            )
    subjects = sum(facts.labels.get("subject", {}).values())
    if 0 < subjects < facts.works:
        yield f"{_works(facts.works - subjects)} without a subject; they train the model, but under no name."


def _about_sizes(facts: Facts) -> Iterator[str]:
    width, height = facts.sizes_N2[:, 0], facts.sizes_N2[:, 1]
    size = suggested_size(facts.sizes_N2)
    small = int((facts.sizes_N2.min(axis=1) < size).sum())
    if np.median(facts.sizes_N2.min(axis=1)) < 32 and size >= 32:
        yield "The pictures are tiny: half of them are less than 32 pixels on the short side."
    elif small > 0.05 * facts.works:
        yield f"{_works(small)} smaller than {size} pixels on the short side; they will look soft."
    shape = float(np.median(width / height))
    if max(shape, 1 / shape) >= 1.3:
        wide, high = _proportioned(size, shape)
        side = "wider than high" if shape > 1 else "higher than wide"
        yield f"Most works are {side}: --size {wide}x{high} cuts away less than a square."
    long = int((np.maximum(width / height, height / width) > 2).sum())
    if long > 0.1 * facts.works:
        yield f"{_works(long)} more than twice as long as wide; a crop shows only a part of them."


def _about_terms(facts: Facts) -> Iterator[str]:
    if facts.licence == UNKNOWN_LICENCE:
        yield "The licence is not known. Write it into dataset.json or LICENSE beside the pictures."


def _proportioned(size: int, shape: float) -> tuple[int, int]:
    """Return width and height in multiples of 32 close to a shape, the long side near 1.5 sizes."""
    ratio = 2.0 if max(shape, 1 / shape) >= 1.75 else 1.5
    long, short = round(size * ratio / 32) * 32, max(32, round(size / 32) * 32)
    return (long, short) if shape > 1 else (short, long)


def _works(count: int) -> str:
    return "1 work" if count == 1 else f"{count:,} works"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def check_any(source: Source, kept: int, problems: Sequence[Problem]) -> None:
    """Raise an error unless at least one work can be used.

    Raises:
        DataError: there is none; the message says whether there were files at all.
    """
    if kept:
        return
    if not problems:
        raise DataError(f"There are no pictures in {source.name}.", advice=_START)
    first = problems[0]
    raise DataError(f"{source.name} has no usable picture. {first.name}: {first.reason}.", advice=_START)


def check_enough(source: Source, kept: int, problems: Sequence[Problem]) -> None:
    """Raise an error unless there are enough usable works to learn from.

    Raises:
        DataError: there are fewer than 8; the message says how many and what was wrong.
    """
    check_any(source, kept, problems)
    if kept < FEWEST_WORKS:
        wrong = f" {problems[0].name}: {problems[0].reason}." if problems else ""
        counted = "one usable picture" if kept == 1 else f"{kept} usable pictures"
        raise DataError(
            f"{source.name} has {counted}; {FEWEST_WORKS} are the fewest to learn from.{wrong}", advice=_START
        )
