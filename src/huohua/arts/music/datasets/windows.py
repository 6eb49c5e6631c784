"""Windows of eight bars over songs: where they lie, and how they are cut out of the packed bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from huohua.arts.music.datasets.bar_rows import begun_anew, from_rows
from huohua.arts.music.datasets.song import Song
from huohua.arts.music.grid_layout import COMPOUND, HARMONY_PITCHES, METRES, PAD, STEPS, WINDOW
from huohua.arts.music.packing import Windows
from huohua.arts.music.roles import DRUMS, ROLES, VOICES

HOP = 4
POSITIONS = ("opening", "middle", "ending")


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where each of N windows lies.

    Attributes:
        row_N: the row of its first bar.
        bars_N: how many bars are there, at most `WINDOW`.
        piece_N: the number of its song.
        bar_N: the bar of the song that it begins with.
        position_NP: whether it opens the song, lies within, or ends it; a short song is both ends at once.
    """

    row_N: np.ndarray
    bars_N: np.ndarray
    piece_N: np.ndarray
    bar_N: np.ndarray
    position_NP: np.ndarray

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.row_N)

    def only(self, chosen: np.ndarray) -> Places:
        """Return some of the windows."""
        return Places(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def first_bars(bars: int, hop: int) -> list[int]:
    """Return the bars at which the windows of a song begin: every `hop` bars, and one that ends it.

    Example:
        >>> first_bars(18, 4), first_bars(5, 4)
        ([0, 4, 8, 10], [0])
    """
    last = max(0, bars - WINDOW)
    return [*range(0, last, hop), last]


def places_of(songs: Sequence[Song], hop: int) -> Places:
    """Return all windows of some songs, in order."""
    found = [(number, bar) for number, song in enumerate(songs) for bar in first_bars(song.bars, hop)]
    piece_N = np.array([number for number, _ in found], dtype=np.int64)
    bar_N = np.array([bar for _, bar in found], dtype=np.int64)
    length_N = np.array([song.bars for song in songs], dtype=np.int64)[piece_N]
    row_N = np.array([song.first for song in songs], dtype=np.int64)[piece_N] + bar_N
    opening_N, ending_N = bar_N == 0, bar_N + WINDOW >= length_N
    return Places(
        row_N=row_N,
        bars_N=np.minimum(length_N - bar_N, WINDOW),
        piece_N=piece_N,
        bar_N=bar_N,
        position_NP=np.stack([opening_N, ~opening_N & ~ending_N, ending_N], axis=1),
    )


def cut(row_XW: np.ndarray, songs: Sequence[Song], places: Places) -> Windows:
    """Return windows as arrays; a role is present in a window if it strikes anything there.

    Args:
        row_XW: all packed bars.
        songs: the songs that the bars are of.
        places: the windows to cut.
    """
    count = len(places)
    there_NB = np.arange(WINDOW) < places.bars_N[:, None]
    rows = (places.row_N[:, None] + np.arange(WINDOW))[there_NB]
    begins_X = np.broadcast_to(np.arange(WINDOW) == 0, there_NB.shape)[there_NB]
    bars = begun_anew(from_rows(row_XW[rows]), begins_X)
    mono_NBVS = np.full((count, WINDOW, len(VOICES), STEPS), PAD, dtype=np.int16)
    harmony_NBSP = np.zeros((count, WINDOW, STEPS, HARMONY_PITCHES), dtype=np.uint8)
    drums_NBSD = np.zeros((count, WINDOW, STEPS, len(DRUMS)), dtype=np.uint8)
    loudness_NBR = np.zeros((count, WINDOW, len(ROLES)), dtype=np.uint8)
    mono_NBVS[there_NB], harmony_NBSP[there_NB] = bars.mono_BVS, bars.harmony_BSP
    drums_NBSD[there_NB], loudness_NBR[there_NB] = bars.drums_BSD, bars.loudness_BR
    of_window = [songs[number] for number in places.piece_N.tolist()]
    present_NR = np.any(loudness_NBR, axis=1)
    derived_NR = np.array([song.derived for song in of_window], dtype=np.bool_).reshape(count, len(ROLES))
    return Windows(
        mono_NBVS=mono_NBVS,
        harmony_NBSP=harmony_NBSP,
        drums_NBSD=drums_NBSD,
        present_NR=present_NR,
        derived_NR=derived_NR & present_NR,
        loudness_NBR=loudness_NBR,
        steps_N=np.array([METRES[song.metre] for song in of_window], dtype=np.int64),
        bars_N=places.bars_N.astype(np.int64),
        compound_N=np.array([song.metre == COMPOUND for song in of_window], dtype=np.bool_),
    )
