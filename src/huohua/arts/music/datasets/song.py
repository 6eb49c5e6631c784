"""A piece, or a part of one in one metre, as it lies in a dataset."""

from __future__ import annotations

from dataclasses import dataclass

from huohua.arts.music.grid import Grid
from huohua.arts.music.piece import Mode


@dataclass(frozen=True, kw_only=True)
class Song:
    """What a dataset knows of a song besides its bars.

    Attributes:
        name: the file it comes from.
        part: which part of the file it is, from 0.
        title, composer, style, split, licence: as in `Entry`; the split is settled.
        first: the row of its first bar.
        bars: the number of its bars.
        metre, tempo, tonic, mode, shift, swing: as in `Grid`.
        present, derived: roles that take part, and those of them that were worked out.
    """

    name: str
    part: int
    title: str
    composer: str
    style: str
    split: str
    licence: str
    first: int
    bars: int
    metre: tuple[int, int]
    tempo: float
    tonic: int
    mode: Mode
    shift: int
    swing: float
    present: tuple[bool, ...]
    derived: tuple[bool, ...]

    @property
    def label(self) -> str:
        """Return a name for people that no other song of the dataset has."""
        return self.name if self.part == 0 else f"{self.name}, part {self.part + 1}"


def song_facts(grid: Grid) -> dict[str, object]:
    """Return what a song record takes from its grid."""
    return {
        "bars": grid.bars,
        "metre": grid.metre,
        "tempo": grid.tempo,
        "tonic": grid.key.tonic,
        "mode": grid.key.mode,
        "shift": grid.shift,
        "swing": grid.swing,
        "present": tuple(grid.present_R.tolist()),
        "derived": tuple(grid.derived_R.tolist()),
    }
