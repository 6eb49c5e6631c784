"""How models of music are measured: real windows as samples, extractors, and known near-copies.

Letters: N windows, T steps, C columns of a packed window, or conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from huohua.arts.music.control_scales import weigh
from huohua.arts.music.datasets.dataset import MusicDataset, open_dataset
from huohua.arts.music.frame import MusicFrame
from huohua.arts.music.metrics.extractors import EXTRACTORS, build_extractor
from huohua.arts.music.metrics.notes import Notes, notes_of
from huohua.arts.music.metrics.own_figures import own_figures
from huohua.arts.music.metrics.sample_notes import grids_of_samples, notes_of_samples
from huohua.arts.music.near_copies import near_copies
from huohua.arts.music.packing import packed
from huohua.arts.music.thumbnail import thumbnail
from huohua.arts.yardstick import Collection, Extractor, OnProgress, OwnFigure
from huohua.conditions.space import ConditionSpace
from huohua.errors import DataError
from huohua.randomness import numpy_generator

FEWEST = 8


class MusicCollection:
    """Real windows of music, one of each song, as something to be measured against.

    Windows of one song are not independent, and choruses return: halves that share songs would be too alike,
    and every chorus would be a copy of another. Which window of a song it is falls to dice, always the same.

    Args:
        dataset: the music.

    Raises:
        DataError: there are fewer than 8 songs.
    """

    def __init__(self, dataset: MusicDataset) -> None:
        self.rows = _one_of_each_song(dataset)
        if len(self.rows) < FEWEST:
            raise DataError(
                f"{len(self.rows)} songs are too few to measure against.", advice="Give more pieces."
            )
        self.dataset = dataset
        self.name, self.licence = dataset.name, dataset.licence
        self.titles = [self._title(int(row)) for row in self.rows]
        self.left_out = sum(problem.lost for problem in dataset.problems)
        self.conditions = dataset.conditions

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.rows)

    def samples(self, rows: Sequence[int]) -> Tensor:
        """Return windows packed, work_NTC."""
        chosen = self.rows[np.asarray(rows, dtype=np.intp)]
        return torch.from_numpy(packed(self.dataset.take(chosen)))

    def asked(self, space: ConditionSpace) -> NDArray[np.float32]:
        """Return condition_NC: what each window has of the conditions that a model understands.

        Labels count by their names; what is measured is set on the model's scales.
        """
        condition_NC = np.zeros((len(self), space.size), dtype=np.float32)
        ours, theirs = self.conditions.places(), space.places()
        for pair in theirs.keys() & ours.keys():
            condition_NC[:, theirs[pair]] = self.dataset.condition_NC[self.rows, ours[pair]]
        for pair in theirs.keys() & self.dataset.constants.items():
            condition_NC[:, theirs[pair]] = 1
        for group, scales in space.scales.items():
            columns = [theirs[group, name] for name in scales]
            condition_NC[:, columns] = weigh(self.dataset.value_NK[self.rows], scales)
        return condition_NC

    def notes(self) -> list[Notes]:
        """Return the notes of all windows, with their songs and styles."""
        found = []
        for row in self.rows:
            song = self.dataset.songs[int(self.dataset.piece_N[row])]
            found.append(notes_of(self.dataset.grid(int(row)), song=song.label, style=song.style))
        return found

    def _title(self, row: int) -> str:
        song = self.dataset.songs[int(self.dataset.piece_N[row])]
        return f"{song.label}, from bar {int(self.dataset.bar_N[row]) + 1}"


def _one_of_each_song(dataset: MusicDataset) -> NDArray[np.intp]:
    """Return the number of one window of each song, of those with the most bars."""
    chosen = []
    for piece in np.unique(dataset.piece_N):
        rows = np.flatnonzero(dataset.piece_N == piece)
        bars = dataset.places.bars_N[rows]
        whole = rows[bars == bars.max()]
        dice = numpy_generator(0, "window", dataset.songs[int(piece)].label)
        chosen.append(int(whole[dice.integers(len(whole))]))
    return np.array(chosen, dtype=np.intp)


class MusicYardstick:
    """How models of music are measured; see `Yardstick` for the meaning of each member."""

    extractors = EXTRACTORS

    def extractor(self, name: str, works: Collection | None = None) -> Extractor:
        """Return an extractor by its name; an encoder is taught on the works now, which takes a minute.

        Raises:
            UsageError: there is none of that name.
            DataError: an encoder has too few works to learn from.
        """
        return build_extractor(name, works.notes() if isinstance(works, MusicCollection) else ())

    def relatives(self, preset: str) -> Sequence[str]:
        """Return nothing: no model of music learns to please what it is measured with."""
        return ()

    def collect(
        self,
        source: str | Path,
        *,
        frame: MusicFrame,
        on_progress: OnProgress | None = None,
        on_download: OnProgress | None = None,
    ) -> MusicCollection:
        """Return one window of each song of a place.

        Raises:
            DataError: there is no such place, or fewer than 8 songs in it can be used.
        """
        return MusicCollection(open_dataset(source, on_progress=on_progress))

    def appearances(self, sample: Tensor) -> Sequence[Tensor]:
        """Return windows as they are: what is compared does not mind key, place or player."""
        return (sample,)

    def near_copies(self, sample: Tensor) -> Mapping[str, Tensor]:
        """Return transposed, later, swapped and changed copies of windows."""
        return near_copies(sample)

    def own_figures(
        self, samples: Callable[[], Tensor], works: MusicCollection, *, seed: int
    ) -> Sequence[OwnFigure]:
        """Return music's own figures, each with its foils; networks are taught for some of them.

        Raises:
            DataError: there are too few real songs, or no sample has the metre of most of them.
        """
        return own_figures(notes_of_samples(samples()), works.dataset, seed=seed)

    def pictures(self, sample: Tensor) -> Sequence[Image.Image]:
        """Return piano rolls of windows."""
        return [thumbnail(grid) for grid in grids_of_samples(sample)]
