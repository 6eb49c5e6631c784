"""Works that lie in arrays: what `.npz` and IDX files have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image

from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.licence import Terms
from huohua.arts.image.datasets.problem import Problem
from huohua.errors import DataError


@dataclass(frozen=True, kw_only=True)
class Arrays:
    """Works in memory.

    Attributes:
        images_NHWC: uint8, with 1, 3 or 4 channels.
        subjects: the label of each work, or () for works without labels.
    """

    images_NHWC: np.ndarray
    subjects: tuple[str, ...] = ()


class ArraySource:
    """Works in one array, loaded when first asked for; see `Source` for the meaning of each member.

    Args:
        name: a short name.
        terms: the licence and origin.
        stamp: a text that changes when the works do.
        load: reads the arrays.
        notes: sentences for reports.
    """

    def __init__(
        self, *, name: str, terms: Terms, stamp: str, load: Callable[[], Arrays], notes: Sequence[str] = ()
    ) -> None:
        self.name = name
        self.licence, self.origin = terms.licence, terms.origin
        self.problems: Sequence[Problem] = ()
        self.notes = notes
        self._stamp = stamp
        self._load = load

    @cached_property
    def _arrays(self) -> Arrays:
        return self._load()

    def identity(self) -> str:
        """Return the stamp."""
        return self._stamp

    def entries(self) -> Sequence[Entry]:
        """Return one entry for each row, named by its number."""
        subjects = self._arrays.subjects
        if not subjects:
            return [Entry(name=f"{place:06d}") for place in range(len(self._arrays.images_NHWC))]
        return [
            Entry(name=f"{place:06d}", labels={"subject": (subject,)} if subject else {})
            for place, subject in enumerate(subjects)
        ]

    def read(self, entry: Entry) -> Image.Image:
        """Return one row as a picture."""
        image_HWC = self._arrays.images_NHWC[int(entry.name)]
        return Image.fromarray(image_HWC[:, :, 0] if image_HWC.shape[2] == 1 else image_HWC)

    def close(self) -> None:
        """Do nothing: no file is held open."""


def as_images(array: np.ndarray, *, name: str) -> np.ndarray:
    """Return an array of pictures as uint8 images_NHWC.

    Accepts (N, H, W), channels last and channels first; bytes as they are, truth values as black
    and white, sixteen bits divided by 257, fractions in [0, 1] or [-1, 1] stretched to 0 to 255.

    Raises:
        DataError: the shape or the kind of number is none of these.
    """
    if array.ndim == 3:
        array = array[..., None]
    if array.ndim == 4 and array.shape[3] not in (1, 3, 4) and array.shape[1] in (1, 3, 4):
        array = array.transpose(0, 2, 3, 1)
    if array.ndim != 4 or array.shape[3] not in (1, 3, 4) or 0 in array.shape[1:]:
        raise DataError(
            f"{name} has the shape {array.shape}, which is not a set of pictures.",
            advice="Pictures are (N, H, W), (N, H, W, C) or (N, C, H, W) with C of 1, 3 or 4.",
        )
    return np.ascontiguousarray(_as_bytes(array, name=name))


def _as_bytes(array: np.ndarray, *, name: str) -> np.ndarray:
    if array.dtype == np.uint8 or not array.size:
        return array.astype(np.uint8, copy=False)
    if array.dtype == np.bool_:
        return np.asarray(np.where(array, 255, 0), np.uint8)
    if array.dtype.kind not in "iuf":
        raise DataError(f"{name} holds {array.dtype}, not numbers of pixels.")
    low, high = float(array.min()), float(array.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise DataError(f"{name} holds values that are not numbers.", advice="Replace NaN and infinity.")
    scale, shift = _range(array.dtype.kind, low, high, name=name)
    scaled = array.astype(np.float32) * np.float32(scale) + np.float32(shift)
    pixels: np.ndarray = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return pixels


def _range(kind: str, low: float, high: float, *, name: str) -> tuple[float, float]:
    """Return the factor and shift that take an array's values to 0 to 255."""
    if kind == "f" and low >= 0 and high <= 1:
        return 255.0, 0.0
    if kind == "f" and low >= -1 and high <= 1:
        return 127.5, 127.5
    if low >= 0 and high <= 255:
        return 1.0, 0.0
    if low >= 0 and high <= 65535:
        return 1 / 257, 0.0
    raise DataError(
        f"{name} holds values from {low:g} to {high:g}, whose meaning is not clear.",
        advice="Save it as uint8 in 0 to 255, or as fractions in [0, 1] or [-1, 1].",
    )


def as_subjects(
    labels: np.ndarray | None, count: int, names: Sequence[str], *, where: str
) -> tuple[str, ...]:
    """Return the label of each work as text: class numbers, one-hot rows or words.

    Raises:
        DataError: there are more or fewer labels than works.
    """
    if labels is None:
        return ()
    if labels.ndim == 2 and labels.shape[1] > 1:
        labels = labels.argmax(axis=1)
    labels = labels.reshape(-1) if labels.size == count else labels
    if labels.shape != (count,):
        raise DataError(f"{where} has {labels.size} labels for {count} works.")
    table: Mapping[Any, str] = {value: _subject(value, names) for value in np.unique(labels).tolist()}
    return tuple(table[value] for value in labels.tolist())


def _subject(value: Any, names: Sequence[str]) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and 0 <= value < len(names):
        return names[value]
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return " ".join(text.split())
