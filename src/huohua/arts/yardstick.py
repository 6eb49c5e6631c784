"""What an art brings so that its models can be measured: its works as samples, its extractors, its copies.

Figures themselves know no art: they are statistics on the numbers that an extractor gives. So a new art
writes a `Yardstick`, and everything that is measured and reported for pictures is for its works too.

Letters: N works, C condition, F features, P positions, L taps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from huohua.conditions.space import ConditionSpace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image
    from torch import Tensor

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Description:
    """What an extractor says of works.

    Attributes:
        feature_NF: one row for each work, for everything that compares whole works.
        tap_LNCP: what the stages of a network say at each position, for what works look like.
    """

    feature_NF: NDArray[np.float64]
    tap_LNCP: Sequence[NDArray[np.float32]]


class Extractor(Protocol):
    """Describes works in numbers, always the same way. Its name stands wherever its figures do."""

    @property
    def name(self) -> str:
        """Return the name it is chosen by."""
        ...

    @property
    def title(self) -> str:
        """Return what it is, for reports."""
        ...

    @property
    def family(self) -> str:
        """Return a word that it shares with its close relatives; a discriminator may be one of them."""
        ...

    def look(self, sample: Tensor) -> Description:
        """Return the description of samples, which may be many: they are looked at a few at a time."""
        ...


class Collection(Protocol):
    """Real works of an art, as something to be measured against."""

    @property
    def name(self) -> str:
        """Return the name of the data."""
        ...

    @property
    def licence(self) -> str:
        """Return the licence of the data."""
        ...

    @property
    def titles(self) -> Sequence[str]:
        """Return each work's own name, such as its file."""
        ...

    @property
    def left_out(self) -> int:
        """Return how many works could not be used."""
        ...

    @property
    def conditions(self) -> ConditionSpace:
        """Return what the works' labels distinguish."""
        ...

    def __len__(self) -> int:
        """Return the number of works."""
        ...

    def samples(self, rows: Sequence[int]) -> Tensor:
        """Return works as a generator makes them."""
        ...

    def asked(self, space: ConditionSpace) -> NDArray[np.float32]:
        """Return condition_NC: what each work has of the conditions that a model understands."""
        ...


Light = Literal["good", "watch", "trouble"]


@dataclass(frozen=True, kw_only=True)
class OwnFigure:
    """A figure that only one art has, beside real works and beside works made wrong on purpose.

    Attributes:
        name: its name in its art.
        of: what it is of, such as a part of a work; "" for all.
        value: what it is for the samples; NaN where it cannot be measured.
        floor: what it is for real works.
        foils: what it is for works that are wrong in a known way, by what is wrong.
        light: how near the value is to real works.
        like: the foil that it is as far from them as, "" for none.
        says: what it says, in one sentence.
        gamed: how bad works can have a good value, in one sentence, "" where nobody knows.
    """

    name: str
    of: str
    value: float
    floor: float
    foils: Mapping[str, float]
    light: Light
    like: str
    says: str
    gamed: str


class Yardstick(Protocol):
    """How models of an art are measured."""

    @property
    def extractors(self) -> Sequence[str]:
        """Return the names of the extractors, the usual one first."""
        ...

    def extractor(self, name: str, works: Collection | None = None) -> Extractor:
        """Return an extractor by its name.

        Args:
            name: of `extractors`.
            works: the real works, for an extractor that learns what matters from them.

        Raises:
            UsageError: there is none of that name.
            MissingDependencyError: its weights are not installed.
            DataError: it learns from works, and there are none or too few.
        """
        ...

    def relatives(self, preset: str) -> Sequence[str]:
        """Return the families of the extractors that a model trained with this preset learnt to please."""
        ...

    def collect(
        self,
        source: str | Path,
        *,
        frame: Any,
        on_progress: OnProgress | None = None,
        on_download: OnProgress | None = None,
    ) -> Collection:
        """Return the works of a place, in the frame of a model of this art.

        Raises:
            DataError: there is no such place, or too little in it can be used.
        """
        ...

    def appearances(self, sample: Tensor) -> Sequence[Tensor]:
        """Return samples in every form in which they would be the same work, as they are first."""
        ...

    def near_copies(self, sample: Tensor) -> Mapping[str, Tensor]:
        """Return slightly altered copies of samples by kind of alteration; none equals an appearance."""
        ...

    def own_figures(self, samples: Callable[[], Tensor], works: Any, *, seed: int) -> Sequence[OwnFigure]:
        """Return the figures that only this art has.

        Args:
            samples: makes the samples, for an art that has such figures.
            works: the real works, from `collect`.
            seed: of whatever is drawn.

        Raises:
            DataError: there are too few works for them.
        """
        ...

    def pictures(self, sample: Tensor) -> Sequence[Image.Image]:
        """Return samples as people can look at them."""
        ...
