"""What is in a collection of texts, before training on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image

from huohua.arts.text.datasets.dataset import TextDataset, open_dataset
from huohua.arts.text.datasets.work import Problem
from huohua.arts.text.specimen import specimen

FEW_WORKS = 200
FEW_OF_A_STYLE = 20
SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What was found in texts.

    Attributes:
        name, origin, licence: as model cards will say them.
        works: texts that can be used.
        splits: works that train, that are held out for choosing, and for judging.
        languages, styles, authors, periods, forms: works by what they are, most first.
        letters: the shortest, the median and the longest text, in characters.
        conditions: the names by group that a model could be asked for.
        constants: what all works share.
        problems: what was left out or is worth knowing, and why.
        warnings: what to think about before training, in plain words.
        samples: the first of the works.
    """

    name: str
    origin: str
    licence: str
    works: int
    splits: Mapping[str, int]
    languages: Mapping[str, int]
    styles: Mapping[str, int]
    authors: Mapping[str, int]
    periods: Mapping[str, int]
    forms: Mapping[str, int]
    letters: tuple[int, int, int]
    conditions: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    samples: tuple[str, ...]

    def as_record(self) -> dict[str, Any]:
        """Return everything but the samples as plain data for JSON."""
        record = asdict(self)
        record.pop("samples")
        return record

    def contact_sheet(self) -> Image.Image:
        """Return the beginnings of some works on one page."""
        return specimen(self.samples)


def inspect(source: str | Path, *, on_progress: Callable[[int, int], None] | None = None) -> Inspection:
    """Return what there is to know about the texts of a place.

    Args:
        source: a folder, an archive or a table.
        on_progress: told (texts read, texts read so far); how many there are is not known before.

    Raises:
        DataError: there is no such place, it cannot be read, or too little of it can be used.
    """
    told = None if on_progress is None else lambda done: on_progress(done, done)
    return inspection_of(open_dataset(source, on_progress=told))


def inspection_of(dataset: TextDataset) -> Inspection:
    """Return what there is to know about opened texts."""
    works = dataset.works
    lengths = sorted(len(work.text) for work in works)
    return Inspection(
        name=dataset.name,
        origin=dataset.origin,
        licence=dataset.licence,
        works=len(works),
        splits=_counted(work.split for work in works),
        languages=_counted(work.language for work in works),
        styles=_counted(work.style for work in works),
        authors=_counted(work.author for work in works),
        periods=_counted(work.period for work in works),
        forms=_counted(work.form for work in works),
        letters=(lengths[0], round(median(lengths)), lengths[-1]),
        conditions=dict(dataset.conditions.groups),
        constants=dict(dataset.constants),
        problems=dataset.problems,
        warnings=tuple(_warnings(dataset)),
        samples=tuple(work.text for work in works[:SHOWN]),
    )


def _warnings(dataset: TextDataset) -> Iterator[str]:
    """Yield what to think about, the most important first."""
    if len(dataset) < FEW_WORKS:
        yield f"{len(dataset):,} texts are few: a model will learn them by heart. Some thousands are better."
    languages = _counted(work.language for work in dataset.works)
    if len(languages) > 1:
        first = next(iter(languages))
        yield f"Texts in two languages: a model writes that of most of them, '{first}'."
    for style, count in _counted(work.style for work in dataset.works).items():
        if 0 < count < FEW_OF_A_STYLE:
            yield f"'{style}' has {count} texts only, and will come out worse than the others."


def _counted(names: Iterable[str]) -> dict[str, int]:
    """Return how often each name is there, most first, without those that nobody said."""
    return dict(Counter(name for name in names if name).most_common())
