"""One figure over all columns, and those rows that are figures of pieces: means with their gaps.

How far real songs differ among themselves is found by halving them again and again, songs kept whole. A gap
that nearly all halvings stay below is no gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from huohua.arts.music.metrics.figure_table import PIECE_FIGURES, PieceFigure
from huohua.arts.music.metrics.foils import FOILS
from huohua.arts.music.metrics.notes import PITCHED, Notes
from huohua.arts.music.metrics.tally import Tally, together
from huohua.arts.music.roles import Role
from huohua.randomness import numpy_generator

REAL, AGAIN = "real", "real again"
CONTROLS = (REAL, AGAIN, *FOILS)
DRAWS = 50  # halvings that say how much real songs differ among themselves
LIMIT = 0.95  # of them, below which a gap is no larger than is usual


@dataclass(frozen=True, kw_only=True)
class Row:
    """A figure over all columns.

    Attributes:
        figure: its key in `PIECE_FIGURES`, or "overlap", "divergence", "two_sample", "frechet", "genre",
            "copied".
        of: the roles it is of, or the feature, joined by " and "; "" for all.
        value: by column; NaN where there was nothing to measure.
        gap: by column, how far the value is from real: points of a share, parts of others; only of pieces'
            figures.
        usual: the gap between halves of real songs, on the average.
        limit: the gap that 95 of 100 halvings stay below.
    """

    figure: str
    of: str
    value: Mapping[str, float]
    gap: Mapping[str, float]
    usual: float = float("nan")
    limit: float = float("nan")

    @property
    def told(self) -> tuple[str, ...]:
        """Return the foils that this figure tells from real music; about the others it says nothing."""
        return tuple(foil for foil in FOILS if self.gap.get(foil, 0.0) > self.limit)


def piece_rows(
    columns: Mapping[str, Sequence[Notes]], real: Sequence[Notes], roles: Sequence[Role], *, seed: int
) -> Iterator[Row]:
    """Yield a row for each figure of pieces and what it is of; what nobody plays is left out.

    Args:
        columns: pieces by the name of their column.
        real: all real pieces, to be halved.
        roles: to take figures of.
        seed: of the halvings.
    """
    songs = [notes.song for notes in real]
    halves = list(_halvings(songs, seed))
    for name, figure in PIECE_FIGURES.items():
        for of in _subjects(figure, roles):
            whole = [figure.tally(notes, *of) for notes in real]
            if not together(whole).weight:
                continue
            value = {
                column: together(figure.tally(notes, *of) for notes in pieces).mean
                for column, pieces in columns.items()
            }
            gaps = sorted(_gap(figure, *_halved(whole, half)) for half in halves)
            limit = gaps[min(len(gaps) - 1, int(LIMIT * len(gaps)))]
            middle = together(whole).mean
            yield Row(
                figure=name,
                of=" and ".join(of),
                value=value,
                gap={column: _gap(figure, value[column], middle) for column in columns},
                usual=float(np.mean(gaps)),
                limit=float(limit),
            )


def _subjects(figure: PieceFigure, roles: Sequence[Role]) -> list[tuple[Role, ...]]:
    pitched = [role for role in roles if role in PITCHED]
    if figure.of == "pair":
        return list(combinations(pitched, 2))
    if figure.of == "piece":
        return [()]
    return [(role,) for role in pitched if figure.of == "role" or role == "harmony"]


def _halvings(songs: Sequence[str], seed: int) -> Iterator[np.ndarray]:
    """Yield, for each draw, which pieces are in the first half; songs stay whole."""
    names = list(dict.fromkeys(songs))
    dice = numpy_generator(seed, "halvings")
    for _ in range(DRAWS):
        first = {names[number] for number in dice.permutation(len(names))[: len(names) // 2]}
        yield np.array([song in first for song in songs])


def _halved(whole: Sequence[Tally], half: np.ndarray) -> tuple[float, float]:
    table_N2 = np.array(whole)
    one, two = table_N2[half].sum(axis=0), table_N2[~half].sum(axis=0)
    return Tally(*one).mean, Tally(*two).mean


def _gap(figure: PieceFigure, value: float, real: float) -> float:
    """Return how far a value is from real: points of a share, else parts of the real value."""
    apart = abs(value - real)
    return float(apart if figure.share else apart / abs(real) if real else apart)
