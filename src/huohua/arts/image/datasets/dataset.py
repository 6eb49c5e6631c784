"""Real works ready for training: pixels of one size, conditions, and where they come from.

`open_dataset` reads any source once, decodes it into a cache, and from then on opens in no time.
"""

from __future__ import annotations

import errno
import json
import warnings
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from huohua.arts.image.attribute_scales import attribute_conditions, joined
from huohua.arts.image.datasets import cache as caching
from huohua.arts.image.datasets.advice import FEWEST_WORKS, check_enough
from huohua.arts.image.datasets.decoding import Canvas, decode
from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.grouping import encode, group
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
from huohua.conditions.space import ConditionSpace
from huohua.errors import DataError
from huohua.files import new_folder

__all__ = ["FEWEST_WORKS", "ImageDataset", "OnProgress", "Problem", "open_dataset"]

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class ImageDataset:
    """Works of one size with their conditions.

    Attributes:
        name, origin, licence: for reports and model cards.
        images_NHWC: uint8, memory-mapped and read-only, with 1, 3 or 4 channels.
        entries: what each row is.
        conditions, condition_NC: what a model can be asked for, and what each row has (float32).
        constants: what all works share, such as one style; no condition, but worth recording.
        problems: what was left out or is worth knowing, and why.
        left_out: how many works could not be used.
        near_duplicates: pairs of rows that look the same but are not equal.
        fingerprint: SHA-256 over pixels, labels and settings; equal for equal data on any machine.
    """

    name: str
    origin: str
    licence: str
    images_NHWC: np.ndarray
    entries: tuple[Entry, ...]
    conditions: ConditionSpace
    condition_NC: np.ndarray
    constants: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    left_out: int = 0
    near_duplicates: tuple[tuple[int, int], ...] = ()
    fingerprint: str

    def __len__(self) -> int:
        """Return the number of works."""
        return len(self.entries)


def open_dataset(
    source: str | Path,
    *,
    height: int,
    width: int,
    channels: int = 3,
    cache: Path | None = None,
    crop: str = "centre",
    licence: str | None = None,
    origin: str | None = None,
    attributes: bool = False,
    on_progress: OnProgress | None = None,
    on_download: OnProgress | None = None,
) -> ImageDataset:
    """Return the works of a source on a canvas, decoded now or found in the cache.

    Args:
        source: a folder, a .zip, an .npz or IDX file, or a name such as "mnist" or "sample".
        height: of the canvas, in pixels.
        width: of the canvas, in pixels.
        channels: 1 grey, 3 colour, 4 colour with transparency.
        cache: where decoded works are kept; `home()/cache/images` unless given.
        crop: "centre", "pad" or "squash"; see `Canvas`.
        licence: said instead of what is written beside the works.
        origin: said instead of what is written beside the works.
        attributes: whether colours by place and looks, computed from the works, are conditions too.
        on_progress: told (works done, works in all) while decoding.
        on_download: told (bytes fetched, bytes in all) while a named dataset is fetched.

    Raises:
        DataError: there is no such source, it cannot be read, or it has fewer than 8 usable works.
        StorageError: the cache cannot be written.
        UsageError: the canvas is not possible.
    """
    canvas = Canvas(height=height, width=width, channels=channels, crop=crop)
    with closing(open_source(source, on_download=on_download)) as opened:
        root = cache or caching.cache_root()
        folder = caching.cache_folder(root, opened.name, opened.identity(), canvas)
        images_NHWC, index = caching.load(folder) or _built(opened, canvas, folder, on_progress)
        grouping = group(index.entries)
        conditions, condition_NC = grouping.conditions, encode(index.entries, grouping.conditions)
        if attributes:
            computed, computed_NC = attribute_conditions(images_NHWC)
            conditions = joined(conditions, computed)
            condition_NC = np.concatenate([condition_NC, computed_NC], axis=1)
        return ImageDataset(
            name=opened.name,
            origin=origin or opened.origin,
            licence=licence or opened.licence,
            images_NHWC=images_NHWC,
            entries=index.entries,
            conditions=conditions,
            condition_NC=condition_NC,
            constants=grouping.constants,
            problems=index.problems,
            left_out=index.left_out,
            near_duplicates=index.near,
            fingerprint=index.fingerprint,
        )


def _built(
    source: Source, canvas: Canvas, folder: Path, on_progress: OnProgress | None
) -> tuple[np.ndarray, caching.Index]:
    with caching.cache_errors():
        try:
            with new_folder(folder) as scratch:
                _fill(source, canvas, scratch, on_progress)
        except OSError as error:
            # Another process finished the same cache first; its result is as good as ours.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
                raise
    loaded = caching.load(folder)
    if loaded is None:
        raise DataError(f"The decoded works in {folder} cannot be read back.", advice="Check the disk.")
    return loaded


def _fill(source: Source, canvas: Canvas, scratch: Path, on_progress: OnProgress | None) -> None:
    entries = source.entries()
    kept: list[Entry] = []
    hashes: list[int] = []
    problems = list(source.problems)
    seen: dict[str, Entry] = {}
    shape_HWC = (canvas.height, canvas.width, canvas.channels)
    hashed = worth_hashing(len(entries), min(canvas.height, canvas.width))
    with warnings.catch_warnings(), caching.ArrayWriter(scratch / "images.npy", shape_HWC) as writer:
        warnings.simplefilter("ignore")  # Pillow's remarks on odd files would fill the screen
        decoded = in_order(lambda entry: _decoded(source, entry, canvas, hashed=hashed), entries)
        for done, (entry, work) in enumerate(zip(entries, decoded, strict=True), start=1):
            if isinstance(work, Problem):
                problems.append(work)
            elif (first := seen.setdefault(work.content, entry)) is not entry:
                problems.append(Problem(name=entry.name, reason=same_work(first, entry)))
            else:
                writer.append(work.image_HWC)
                kept.append(entry)
                hashes.append(work.look)
            if on_progress:
                on_progress(done, len(entries))
        check_enough(source, len(kept), problems)
        settings = json.dumps([asdict(canvas), [[e.name, e.labels, e.caption] for e in kept]])
        fingerprint = writer.fingerprint(settings)
    index = caching.Index(
        entries=tuple(kept),
        problems=tuple(problems),
        left_out=len(entries) - len(kept),
        near=tuple(near_pairs(hashes)) if hashed else (),
        fingerprint=fingerprint,
    )
    caching.save_index(scratch, index)


@dataclass(frozen=True, kw_only=True)
class _Work:
    """A decoded work and its two hashes."""

    image_HWC: np.ndarray
    content: str
    look: int


def _decoded(source: Source, entry: Entry, canvas: Canvas, *, hashed: bool) -> _Work | Problem:
    try:
        with source.read(entry) as picture:
            image_HWC = decode(picture, canvas)
    except DataError as error:
        return Problem(name=entry.name, reason=error.message)
    look = perceptual_hash(image_HWC) if hashed else 0
    return _Work(image_HWC=image_HWC, content=content_hash(image_HWC), look=look)
