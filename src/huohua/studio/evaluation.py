"""What an evaluation found: figures beside their floors, copies, classes, and how all that was measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from huohua.arts.yardstick import OwnFigure
from huohua.metrics.halves import comparable
from huohua.metrics.table import Better


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of a model beside its floor, the same figure of real works against real works.

    Attributes:
        name: its key in the tables of metrics.
        better: which way is better.
        value: what it is for the model's samples; None where it cannot be measured.
        spread: the standard deviation of the value.
        floor: what it is for real works.
        floor_spread: the standard deviation of that.
        works: on how many works of each side both were measured.
        reason: why it cannot be measured, "" where it can.
    """

    name: str
    better: Better
    value: float | None = None
    spread: float = 0.0
    floor: float = 0.0
    floor_spread: float = 0.0
    works: int = 0
    reason: str = ""

    @property
    def noise(self) -> float:
        """Return the standard deviation of the difference between value and floor."""
        return float((self.spread**2 + self.floor_spread**2) ** 0.5)

    @property
    def share(self) -> float:
        """Return the value as a share of the floor, 0 where either is missing."""
        return self.value / self.floor if self.value is not None and self.floor else 0.0


@dataclass(frozen=True, kw_only=True)
class ClassFigures:
    """The figures of one class: a name in the leading group of conditions.

    Attributes:
        name: the class.
        works: real works of it that were measured.
        samples: samples that were asked for it.
        figures: by name.
    """

    name: str
    works: int
    samples: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """A sample and the real work that it is most like.

    Attributes:
        sample: the number of the sample; it is work number `sample` of the evaluation's seed.
        work: the number of the real work.
        title: the real work's name.
        similarity: of the two, -1 to 1.
        copy: whether that counts as a copy.
    """

    sample: int
    work: int
    title: str
    similarity: float
    copy: bool


@dataclass(frozen=True, kw_only=True)
class Copies:
    """How copies were looked for, and the samples most like a real work.

    Attributes:
        threshold: a similarity above this counts as a copy.
        telling: whether copies can be told from mere likeness on these works.
        power: share of known near-copies that are found.
        found: the same by kind of copy.
        false_alarms: share of real works as similar to another one.
        samples: samples looked at.
        works: real works that they were compared with.
        nearest: the samples most like a real work, the most similar first.
        similarity: of each sample looked at to its nearest real work.
        real_similarity: of some real works to their nearest other one.
    """

    threshold: float
    telling: bool
    power: float
    found: Mapping[str, float]
    false_alarms: float
    samples: int
    works: int
    nearest: Sequence[Likeness]
    similarity: Sequence[float]
    real_similarity: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something to know when reading figures: a key of the words, and what to fill into them."""

    key: str
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """How a model's samples compare with real works.

    Attributes:
        model: its name.
        model_sha256: of its weights.
        data: name of the real works.
        licence: of the real works.
        extractor: name of the network that the figures are measured on.
        extractor_title: the same for people.
        samples: samples that were made.
        works: real works there are.
        measured: real works that figures were measured on.
        draws: how often halves were drawn.
        seed: sample number i is work number i of this seed, under the conditions of a real work.
        group: the leading group of conditions, "" without labels.
        figures: by name, in the order of the table of metrics.
        classes: the figures of each class, most common first.
        copies: how copies were looked for and what was found.
        own: the figures that only this art has.
        notes: what to know when reading.
        seconds: how long it took.
        version: of Huohua.
        created: when, ISO 8601.
        folder: where its report and its record were written, None if nowhere.
    """

    model: str
    model_sha256: str
    data: str
    licence: str
    extractor: str
    extractor_title: str
    samples: int
    works: int
    measured: int
    draws: int
    seed: int
    group: str
    figures: Mapping[str, Figure]
    classes: Sequence[ClassFigures]
    copies: Copies
    notes: Sequence[Note]
    seconds: float
    version: str
    created: str
    folder: Path | None = None
    own: Sequence[OwnFigure] = ()

    @property
    def compared(self) -> int:
        """Return on how many works of each side figures and floors were measured."""
        return comparable(self.samples, self.measured)

    def as_record(self) -> dict[str, Any]:
        """Return the evaluation as plain data for JSON."""
        record = asdict(self)
        record["compared"] = self.compared
        record["folder"] = None if self.folder is None else str(self.folder)
        for name in ("similarity", "real_similarity"):
            record["copies"][name] = [round(number, 4) for number in record["copies"][name]]
        for figure in record["own"]:
            numbers = {key: figure[key] for key in ("value", "floor")} | figure["foils"]
            known = {key: None if math.isnan(number) else number for key, number in numbers.items()}
            figure |= {"value": known.pop("value"), "floor": known.pop("floor"), "foils": known}
        return record
