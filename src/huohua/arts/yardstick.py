"""What an art brings so that its models can be measured: its works as samples, its extractors, its copies.

Figures themselves know no art: they are statistics on the numbers that an extractor gives. So a new art
writes a `Yardstick`, and everything that is measured and reported for pictures is for its works too.

Letters: N works, C condition, F features, P positions, L taps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

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


class Yardstick(Protocol):
    """How models of an art are measured."""

    @property
    def extractors(self) -> Sequence[str]:
        """Return the names of the extractors, the usual one first."""
        ...

    def extractor(self, name: str) -> Extractor:
        """Return an extractor by its name.

        Raises:
            UsageError: there is none of that name.
            MissingDependencyError: its weights are not installed.
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

    def pictures(self, sample: Tensor) -> Sequence[Image.Image]:
        """Return samples as people can look at them."""
        ...
