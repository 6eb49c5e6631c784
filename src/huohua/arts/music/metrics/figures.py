"""All figures of sets of pieces, each beside what it is for real music and for music made wrong on purpose.

Real pieces are split into two halves by song. What is asked of the first half is asked of the second, of
foils made from the second, and of the sets to be measured, so that every column is read the same way.

| column | what it is | a figure that works |
|---|---|---|
| real | one half of the real songs | |
| real again | the other half | has the same value |
| shuffled roles, patchwork, noise | foils of the other half | has another value for what they break |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from huohua.arts.music.metrics.figure_rows import AGAIN, CONTROLS, REAL, Row, piece_rows
from huohua.arts.music.metrics.figure_table import PIECE_FIGURES, PUBLISHED, SET_SAYS
from huohua.arts.music.metrics.foils import FOILS, song_halves
from huohua.arts.music.metrics.notes import Notes, roles_played
from huohua.arts.music.metrics.set_rows import (
    copied_row,
    genre_row,
    named_styles,
    network_rows,
    overlap_rows,
    styles_of,
)
from huohua.arts.music.roles import Role
from huohua.errors import DataError
from huohua.randomness import numpy_generator

FEWEST_SONGS = 8

OnStage = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class FigureTable:
    """All figures.

    Attributes:
        columns: names of the controls, then of the sets.
        pieces: by column, how many pieces it has.
        songs: by column, of how many songs they are.
        roles: that play in the real pieces.
        rows: one for each figure and what it is of.
        seed: of halves, foils and networks.
    """

    columns: tuple[str, ...]
    pieces: Mapping[str, int]
    songs: Mapping[str, int]
    roles: tuple[Role, ...]
    rows: tuple[Row, ...]
    seed: int

    def of(self, figure: str) -> tuple[Row, ...]:
        """Return the rows of a figure."""
        return tuple(row for row in self.rows if row.figure == figure)

    def published_gap(self, column: str) -> float:
        """Return the mean relative distance to real music over the figures that MuseGAN's papers print.

        Each of them is averaged over roles first, and the averages over figures, so that papers which print
        other roles can be set beside it. Relative also where it is a share.

        Source: the comparison of Dong et al. 2018, "MuseGAN", with training data, as one number of ours.
        """
        means = [
            np.nanmean([abs(row.value[column] - row.value[REAL]) / row.value[REAL] for row in rows])
            for name in PUBLISHED
            if (rows := [row for row in self.of(name) if row.value[REAL] > 0.01])
        ]
        return float(np.mean(means)) if means else float("nan")

    def mean(self, figure: str, column: str) -> float:
        """Return a figure of sets averaged over what it is of, such as the overlap over nine features."""
        return float(np.mean([row.value[column] for row in self.of(figure)]))

    def as_record(self) -> dict[str, Any]:
        """Return everything as JSON can hold it but for NaN."""
        return {
            **asdict(self),
            "published_gap": {column: self.published_gap(column) for column in self.columns},
        }


def figures_with_controls(
    real: Sequence[Notes],
    sets: Mapping[str, Sequence[Notes]] | None = None,
    *,
    learnt: Sequence[Notes] | None = None,
    networks: bool = True,
    seed: int = 0,
    on_stage: OnStage | None = None,
) -> FigureTable:
    """Measure sets of pieces, and real music and foils beside them.

    Args:
        real: real pieces that no model learnt from, of one frame, such as windows of eight bars.
        sets: by name, pieces to be measured, of the same frame; none for the controls alone.
        learnt: what the models learnt from, whole pieces or windows, to look for copies in.
        networks: whether to teach networks too, which takes most of the time.
        seed: of halves, foils and networks: the same seed gives the same figures.
        on_stage: told what is done next.

    Raises:
        DataError: there are too few real songs, a set is empty, or its name is that of a control.
    """
    sets, stage = sets or {}, on_stage or (lambda name: None)
    _check(real, sets)
    first, second = song_halves(real, numpy_generator(seed, "halves"))
    foils = {name: foil(second, numpy_generator(seed, name)) for name, foil in FOILS.items()}
    columns: dict[str, Sequence[Notes]] = {REAL: first, AGAIN: second, **foils, **sets}
    roles = roles_played(real)
    stage("pieces")
    rows = list(piece_rows(columns, real, roles, seed=seed))
    stage("distances of pairs")
    rows += overlap_rows(columns, seed=seed)
    if networks:
        stage("networks")
        rows += network_rows(columns, real, seed=seed)
    styles = styles_of(first)
    if networks and styles and (not sets or any(named_styles(pieces) & styles for pieces in sets.values())):
        stage("styles")
        rows.append(genre_row(columns, styles, seed=seed))
    if learnt is not None:
        stage("copies")
        rows.append(copied_row(columns, learnt))
    return FigureTable(
        columns=tuple(columns),
        pieces={name: len(pieces) for name, pieces in columns.items()},
        songs={name: len({notes.song for notes in pieces}) for name, pieces in columns.items()},
        roles=roles,
        rows=tuple(rows),
        seed=seed,
    )


def _check(real: Sequence[Notes], sets: Mapping[str, Sequence[Notes]]) -> None:
    songs = len({notes.song for notes in real})
    if songs < FEWEST_SONGS:
        raise DataError(
            f"{songs} real songs are too few to measure against.", advice=f"Give {FEWEST_SONGS} or more."
        )
    for name, pieces in sets.items():
        if not pieces or name in CONTROLS:
            raise DataError(f"The set '{name}' is empty or has the name of a control.")


def says(figure: str) -> str:
    """Return what a figure says, for people."""
    return PIECE_FIGURES[figure].says if figure in PIECE_FIGURES else SET_SAYS[figure]
