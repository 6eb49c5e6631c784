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

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np

from huohua.arts.music.metrics.copied_runs import CopiedRuns, copied_share
from huohua.arts.music.metrics.encoder import encoder_of
from huohua.arts.music.metrics.figure_table import PIECE_FIGURES, PUBLISHED, SET_SAYS, PieceFigure
from huohua.arts.music.metrics.foils import FOILS, song_halves
from huohua.arts.music.metrics.note_statistics import overlaps
from huohua.arts.music.metrics.notes import PITCHED, Notes, roles_played
from huohua.arts.music.metrics.shown import shown
from huohua.arts.music.metrics.tally import Tally, together
from huohua.arts.music.metrics.two_sample import two_sample_accuracy
from huohua.arts.music.roles import Role
from huohua.errors import DataError
from huohua.metrics.frechet import frechet_distance
from huohua.randomness import derive_seed, numpy_generator

REAL, AGAIN = "real", "real again"
CONTROLS = (REAL, AGAIN, *FOILS)
DRAWS = 50  # halvings that say how much real songs differ among themselves
LIMIT = 0.95  # of them, below which a gap is no larger than is usual
FEWEST_SONGS = 8
MOST = 400  # pieces of a side that networks and distances of pairs are given

OnStage = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A figure over all columns.

    Attributes:
        figure: its key in `PIECE_FIGURES`, or "overlap", "divergence", "two_sample", "frechet", "copied".
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
    rows = list(_piece_rows(columns, real, roles, seed))
    stage("distances of pairs")
    rows += _overlap_rows(columns, seed)
    if networks:
        stage("networks")
        rows += _network_rows(columns, real, seed)
    if learnt is not None:
        stage("copies")
        rows.append(_copied_row(columns, learnt))
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


def _piece_rows(
    columns: Mapping[str, Sequence[Notes]], real: Sequence[Notes], roles: Sequence[Role], seed: int
) -> Iterator[Row]:
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


def _overlap_rows(columns: Mapping[str, Sequence[Notes]], seed: int) -> list[Row]:
    against = _some(columns[REAL], seed)
    found = {name: overlaps(_some(pieces, seed), against) for name, pieces in columns.items() if name != REAL}
    features = list(found[AGAIN])
    return [
        Row(
            figure=figure,
            of=feature,
            value={REAL: itself, **{name: found[name][feature][place] for name in found}},
            gap={},
        )
        for place, (figure, itself) in enumerate((("overlap", 1.0), ("divergence", 0.0)))
        for feature in features
    ]


def _network_rows(columns: Mapping[str, Sequence[Notes]], real: Sequence[Notes], seed: int) -> list[Row]:
    against = _some(columns[REAL], seed)
    steps = max(notes.bars * notes.steps * 4 // notes.quarter for notes in real)
    seen = shown(against, steps)
    encoder = encoder_of(real, seed=derive_seed(seed, "encoder"))
    told, apart = {REAL: 0.5}, {REAL: 0.0}
    for name, pieces in columns.items():
        if name == REAL:
            continue
        some = _some(pieces, seed)[: len(against)]
        told[name] = two_sample_accuracy(
            shown(some, steps),
            seen,
            fake_songs=[notes.song for notes in some],
            real_songs=[notes.song for notes in against],
            seed=derive_seed(seed, "two sample"),
        ).accuracy
        # The distance falls with the number of pieces, so it is taken on as many of each.
        size = min(len(_some(each, seed)) for each in columns.values())
        apart[name] = frechet_distance(encoder.features(some[:size]), encoder.features(against[:size]))
    return [
        Row(figure="two_sample", of="", value=told, gap={}),
        Row(figure="frechet", of="", value=apart, gap={}),
    ]


def _copied_row(columns: Mapping[str, Sequence[Notes]], learnt: Sequence[Notes]) -> Row:
    runs, unseen = CopiedRuns(learnt), columns[REAL]
    return Row(
        figure="copied",
        of="",
        value={name: copied_share(pieces, runs, unseen)[0] for name, pieces in columns.items()},
        gap={},
    )


def _some(pieces: Sequence[Notes], seed: int) -> list[Notes]:
    """Return at most `MOST` pieces, in an order of chance: the first windows of songs are not typical."""
    order = numpy_generator(seed, "some").permutation(len(pieces))[:MOST]
    return [pieces[int(number)] for number in order]


def says(figure: str) -> str:
    """Return what a figure says, for people."""
    return PIECE_FIGURES[figure].says if figure in PIECE_FIGURES else SET_SAYS[figure]
