"""What an evaluation says of a model of music besides the figures of all arts: music's own, with foils.

Real pieces are excerpts that the model never learnt from, where the data tell; samples are measured as a set
of their own beside the two halves of them and their foils.
"""

from __future__ import annotations

from collections.abc import Sequence

from huohua.arts.music.datasets.dataset import MusicDataset
from huohua.arts.music.metrics.excerpts import of_dataset, of_one_frame, songs_of
from huohua.arts.music.metrics.figure_rows import AGAIN, Row
from huohua.arts.music.metrics.figure_table import PIECE_FIGURES
from huohua.arts.music.metrics.figures import FEWEST_SONGS, FigureTable, figures_with_controls, says
from huohua.arts.music.metrics.foils import FOILS
from huohua.arts.music.metrics.notes import Notes
from huohua.arts.music.metrics.standing import standing
from huohua.arts.yardstick import OwnFigure
from huohua.errors import DataError
from huohua.randomness import numpy_generator

MADE = "samples"
MOST = 400  # excerpts of real music; more take long and change little
EVERYTHING = ("train", "valid", "test")
MEANS = ("overlap", "divergence")


def own_figures(samples: Sequence[Notes], dataset: MusicDataset, *, seed: int) -> list[OwnFigure]:
    """Return music's own figures of a model's samples against a dataset.

    Where too few songs were held back from training, all are measured against, and no copies are looked for
    in what then is no longer apart.

    Args:
        samples: of the model.
        dataset: real music.
        seed: of halves, foils and networks.

    Raises:
        DataError: there are too few real songs, or no sample has the metre of most of them.
    """
    unseen = _excerpts(dataset, ("valid", "test"), seed)
    apart = len({notes.song for notes in unseen}) >= FEWEST_SONGS
    real = unseen if apart else _excerpts(dataset, EVERYTHING, seed)
    table = figures_with_controls(
        real,
        {MADE: of_one_frame(samples, like=real)},
        learnt=(songs_of(dataset) or None) if apart else None,
        seed=seed,
    )
    return figures_of(table, MADE)


def figures_of(table: FigureTable, column: str) -> list[OwnFigure]:
    """Return the figures of one column of a table; the nine features of a set as their mean."""
    rows = [row for row in table.rows if row.figure not in MEANS]
    rows += [_mean(table, figure) for figure in MEANS]
    return [_own(row, column) for row in rows]


def _own(row: Row, column: str) -> OwnFigure:
    figure = PIECE_FIGURES.get(row.figure)
    light, like = standing(row, column)
    return OwnFigure(
        name=figure.short if figure else row.figure.replace("_", " "),
        of=row.of,
        value=row.value[column],
        floor=row.value[AGAIN],
        foils={foil: row.value[foil] for foil in FOILS},
        light=light,
        like=like,
        says=says(row.figure),
        gamed=figure.gamed if figure else "",
    )


def _mean(table: FigureTable, figure: str) -> Row:
    return Row(
        figure=figure, of="", value={column: table.mean(figure, column) for column in table.columns}, gap={}
    )


def _excerpts(dataset: MusicDataset, splits: Sequence[str], seed: int) -> list[Notes]:
    try:
        found = of_one_frame(of_dataset(dataset, splits))
    except DataError:
        return []
    order = numpy_generator(seed, "excerpts").permutation(len(found))[:MOST]
    return [found[int(number)] for number in order]
