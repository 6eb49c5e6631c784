"""What a person should know about a dataset before training on it: `huohua data show`."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from huohua.arts.image.datasets.advice import Facts, check_any, suggested_size, warn
from huohua.arts.image.datasets.decoding import Canvas, decode
from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.grouping import GROUPS, count_values, group
from huohua.arts.image.datasets.likeness import (
    content_hash,
    near_pairs,
    perceptual_hash,
    same_work,
    worth_hashing,
)
from huohua.arts.image.datasets.pool import in_order
from huohua.arts.image.datasets.problem import Problem
from huohua.arts.image.datasets.source import Source
from huohua.arts.image.datasets.table import open_source
from huohua.arts.image.sheet import sheet
from huohua.errors import DataError

_THUMBNAIL = Canvas(height=96, width=96)
_ROWS, _COLUMNS = 12, 8
_TURNED = {5, 6, 7, 8}  # values of the EXIF orientation that swap width and height
_ORIENTATION = 0x0112


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The smallest, the middle and the largest of some numbers."""

    smallest: float
    median: float
    largest: float


@dataclass(frozen=True, kw_only=True)
class NearPair:
    """Two works that look the same but are not equal."""

    first: str
    second: str
    same_labels: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """Up to eight works of one subject, or of any when `label` is empty."""

    label: str
    images: tuple[Image.Image, ...]


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What was found in a dataset.

    Attributes:
        name, origin, licence: as model cards will say them.
        files: how many works the source offers.
        works: how many of them can be used.
        width, height, aspect: spreads over the usable works; aspect is width / height.
        modes, formats: how many works are in each colour mode and file format.
        labels: works by value by group, most frequent first.
        conditions: the values by group that a model could be asked for.
        constants: groups in which all works share one value.
        dropped: values by group that too few works have to become a condition.
        captions: the share of works with a caption, 0 to 1.
        duplicates: works left out because an equal one came before.
        near_duplicates: pairs that look the same; both are kept.
        problems: files left out and other faults, duplicates among them.
        notes: what the source says about itself.
        suggested_size: side in pixels to train at.
        warnings: what to think about before training, in plain words.
        rows: some of the works, 96 x 96, by subject if there are subjects.
    """

    name: str
    origin: str
    licence: str
    files: int
    works: int
    width: Spread
    height: Spread
    aspect: Spread
    modes: Mapping[str, int]
    formats: Mapping[str, int]
    labels: Mapping[str, Mapping[str, int]]
    conditions: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]
    dropped: Mapping[str, Mapping[str, int]]
    captions: float
    duplicates: int
    near_duplicates: tuple[NearPair, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    suggested_size: int
    warnings: tuple[str, ...]
    rows: tuple[Row, ...]

    def as_record(self) -> dict[str, Any]:
        """Return everything but the pictures as plain data for JSON."""
        record = {key: value for key, value in vars(self).items() if key != "rows"}
        for key in ("width", "height", "aspect"):
            record[key] = asdict(record[key])
        for key in ("near_duplicates", "problems"):
            record[key] = [asdict(item) for item in record[key]]
        return record

    def contact_sheet(self) -> Image.Image:
        """Return some of the works on one picture, a row for each subject if there are subjects."""
        blank = Image.new("RGB", (_THUMBNAIL.width, _THUMBNAIL.height), "white")
        images = [image for row in self.rows for image in (*row.images, *[blank] * _COLUMNS)[:_COLUMNS]]
        labels = [row.label for row in self.rows]
        return sheet(images, _COLUMNS, row_labels=labels if any(labels) else None)


def inspect(
    source: str | Path,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    on_download: Callable[[int, int], None] | None = None,
) -> Inspection:
    """Return what there is to know about a dataset; every work is decoded once, nothing is written.

    Args:
        source: a folder, a file or a name, as for `open_dataset`.
        on_progress: told (works done, works in all).
        on_download: told (bytes fetched, bytes in all) while a named dataset is fetched.

    Raises:
        DataError: there is no such source, it cannot be read, or no work in it can be used.
    """
    with closing(open_source(source, on_download=on_download)) as opened:
        entries = opened.entries()
        survey = _Survey(opened, entries)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd files would fill the screen
            for done, seen in enumerate(in_order(survey.look, entries), start=1):
                survey.add(seen)
                if on_progress:
                    on_progress(done, len(entries))
        return survey.result()


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """One work as it was found; `size` is (width, height) after turning it upright."""

    entry: Entry
    size: tuple[int, int] = (0, 0)
    mode: str = ""
    format: str = ""
    content: str = ""
    hash: int = 0
    thumbnail: np.ndarray | None = None
    fault: str = ""


class _Survey:
    """Collects what single works show, holding pictures of few of them."""

    def __init__(self, source: Source, entries: Sequence[Entry]) -> None:
        self._source = source
        self._entries = entries
        self._hashed = worth_hashing(len(entries), min(_THUMBNAIL.height, _THUMBNAIL.width))
        self._chosen = _chosen(entries)
        self._kept: list[_Seen] = []
        self._first: dict[str, Entry] = {}
        self._faults: list[Problem] = []
        self._duplicates = 0

    def look(self, entry: Entry) -> _Seen:
        """Return one work as it is found; called from several threads."""
        try:
            with self._source.read(entry) as picture:
                size, mode, kind = _upright_size(picture), picture.mode, picture.format or "array"
                thumbnail = decode(picture, _THUMBNAIL)
        except DataError as error:
            return _Seen(entry=entry, fault=error.message)
        return _Seen(
            entry=entry,
            size=size,
            mode=mode,
            format=kind,
            content=content_hash(thumbnail),
            hash=perceptual_hash(thumbnail) if self._hashed else 0,
            thumbnail=thumbnail if entry.name in self._chosen else None,
        )

    def add(self, seen: _Seen) -> None:
        """Count one work, or report it."""
        if seen.fault:
            self._faults.append(Problem(name=seen.entry.name, reason=seen.fault))
            return
        first = self._first.setdefault(seen.content, seen.entry)
        if first is not seen.entry:
            self._duplicates += 1
            self._faults.append(Problem(name=seen.entry.name, reason=same_work(first, seen.entry)))
            return
        self._kept.append(seen)

    def result(self) -> Inspection:
        """Return the inspection of all works added."""
        problems = (*self._source.problems, *self._faults)
        check_any(self._source, len(self._kept), problems)
        kept = [seen.entry for seen in self._kept]
        grouping = group(kept)
        sizes_N2 = np.array([seen.size for seen in self._kept], dtype=np.float64)
        labels = {name: dict(count_values(kept, name).most_common()) for name in GROUPS}
        near = near_pairs([seen.hash for seen in self._kept]) if self._hashed else []
        facts = Facts(
            works=len(kept),
            faults=len(self._faults) - self._duplicates,
            duplicates=self._duplicates,
            sizes_N2=sizes_N2,
            labels={name: counts for name, counts in labels.items() if counts},
            conditions=grouping.conditions.groups,
            licence=self._source.licence,
        )
        return Inspection(
            name=self._source.name,
            origin=self._source.origin,
            licence=self._source.licence,
            files=len(self._entries),
            works=len(kept),
            width=_spread(sizes_N2[:, 0]),
            height=_spread(sizes_N2[:, 1]),
            aspect=_spread(sizes_N2[:, 0] / sizes_N2[:, 1]),
            modes=_counted(seen.mode for seen in self._kept),
            formats=_counted(seen.format for seen in self._kept),
            labels=facts.labels,
            conditions=grouping.conditions.groups,
            constants=grouping.constants,
            dropped=grouping.dropped,
            captions=sum(bool(entry.caption) for entry in kept) / len(kept),
            duplicates=self._duplicates,
            near_duplicates=tuple(_pair(kept[first], kept[second]) for first, second in near),
            problems=problems,
            notes=tuple(self._source.notes),
            suggested_size=suggested_size(sizes_N2),
            warnings=warn(facts),
            rows=_rows(self._kept, self._chosen),
        )


def _upright_size(picture: Image.Image) -> tuple[int, int]:
    try:
        turned = picture.getexif().get(_ORIENTATION) in _TURNED
    except Exception:  # damaged EXIF raises errors of many kinds, and a size is known without it
        turned = False
    return (picture.height, picture.width) if turned else picture.size


def _chosen(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Return the names of works for the contact sheet, each with the label of its row."""
    subjects = [value for value, _ in count_values(entries, "subject").most_common(_ROWS)]
    if len(subjects) < 2 or len(entries) < 2 * len(subjects):
        step = max(1, len(entries) // (_COLUMNS * _COLUMNS))
        return {entry.name: "" for entry in entries[::step][: _COLUMNS * _COLUMNS]}
    chosen: dict[str, str] = {}
    for subject in sorted(subjects):
        own = [entry.name for entry in entries if subject in entry.labels.get("subject", ())]
        step = max(1, len(own) // _COLUMNS)
        chosen.update(dict.fromkeys(own[::step][:_COLUMNS], subject))
    return chosen


def _rows(kept: Sequence[_Seen], chosen: Mapping[str, str]) -> tuple[Row, ...]:
    found = {seen.entry.name: Image.fromarray(seen.thumbnail) for seen in kept if seen.thumbnail is not None}
    by_label: dict[str, list[Image.Image]] = {}
    for name, label in chosen.items():
        if name in found:
            by_label.setdefault(label, []).append(found[name])
    return tuple(
        Row(label=label, images=tuple(images[start : start + _COLUMNS]))
        for label, images in by_label.items()
        for start in range(0, len(images), _COLUMNS)
    )


def _spread(values: np.ndarray) -> Spread:
    return Spread(smallest=float(values.min()), median=float(np.median(values)), largest=float(values.max()))


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def _pair(first: Entry, second: Entry) -> NearPair:
    return NearPair(first=first.name, second=second.name, same_labels=first.labels == second.labels)
