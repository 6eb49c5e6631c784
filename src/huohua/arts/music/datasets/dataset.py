"""Real music ready for training: windows of eight bars, conditions, and where they come from.

`open_dataset` reads sources once, lays every piece on grids into a cache, and opens at once from then on.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np

from huohua.arts.music.datasets import cache as caching
from huohua.arts.music.datasets.bar_rows import from_rows
from huohua.arts.music.datasets.building import Opened, build
from huohua.arts.music.datasets.cache import Prepared
from huohua.arts.music.datasets.conditions import conditions_of
from huohua.arts.music.datasets.listing import list_pieces
from huohua.arts.music.datasets.problem import Problem
from huohua.arts.music.datasets.song import Song
from huohua.arts.music.datasets.source import expanded, open_source
from huohua.arts.music.datasets.terms import joined, terms_of
from huohua.arts.music.datasets.windows import HOP, Places, cut, places_of
from huohua.arts.music.grid import Grid
from huohua.arts.music.needs import absent
from huohua.arts.music.packing import Windows
from huohua.arts.music.piece import Key
from huohua.arts.music.reading import KIND_OF
from huohua.conditions.space import ConditionSpace
from huohua.errors import DataError
from huohua.files import new_folder

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class MusicDataset:
    """Windows of eight bars with their conditions; N counts windows.

    Attributes:
        name, origin, licence: for reports and model cards.
        songs: the songs that the windows are cut from.
        row_XW: all their bars, packed and memory-mapped; see `bar_rows`.
        places: where each window lies.
        split_N: "train", "valid" or "test", the same for all windows of a work.
        value_NK: the measured controls of each window, in their units.
        conditions, condition_NC: what a model can be asked for, and what each window has (float32).
        control_NBK: the weights of the measured controls of each bar, in the order of the group `control`.
        constants: what all songs share, such as one style; no condition, but worth recording.
        problems: what was left out or is worth knowing, and why.
        fingerprint: SHA-256 over bars and songs; equal for equal data on any machine.
    """

    name: str
    origin: str
    licence: str
    songs: tuple[Song, ...]
    row_XW: np.ndarray
    places: Places
    split_N: np.ndarray
    value_NK: np.ndarray
    conditions: ConditionSpace
    condition_NC: np.ndarray
    control_NBK: np.ndarray
    constants: Mapping[str, str]
    problems: tuple[Problem, ...]
    fingerprint: str

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.places)

    @property
    def piece_N(self) -> np.ndarray:
        """Return the number of the song that each window is of."""
        return self.places.piece_N

    @property
    def bar_N(self) -> np.ndarray:
        """Return the bar of its song that each window begins with."""
        return self.places.bar_N

    def numbers(self, split: str) -> np.ndarray:
        """Return the numbers of the windows of a split."""
        return np.flatnonzero(self.split_N == split)

    def take(self, numbers: np.ndarray) -> Windows:
        """Return some windows as arrays."""
        return cut(self.row_XW, self.songs, self.places.only(np.asarray(numbers)))

    def grid(self, number: int) -> Grid:
        """Return one window as a grid of its own."""
        first = int(self.places.bar_N[number])
        song = self.song(int(self.places.piece_N[number]))
        window = song.window(first, int(self.places.bars_N[number]))
        present_R = np.any(window.loudness_BR, axis=0)
        return replace(window, present_R=present_R, derived_R=window.derived_R & present_R)

    def song(self, number: int) -> Grid:
        """Return a whole song."""
        song = self.songs[number]
        bars = from_rows(self.row_XW[song.first : song.first + song.bars])
        return Grid(
            mono_BVS=bars.mono_BVS,
            harmony_BSP=bars.harmony_BSP,
            drums_BSD=bars.drums_BSD,
            present_R=np.array(song.present, dtype=np.bool_),
            derived_R=np.array(song.derived, dtype=np.bool_),
            loudness_BR=np.array(bars.loudness_BR),
            metre=song.metre,
            tempo=song.tempo,
            key=Key(tonic=song.tonic, mode=song.mode),
            shift=song.shift,
            swing=song.swing,
            title=song.title,
        )


def open_dataset(
    source: str | Path | Sequence[str | Path],
    *,
    cache: Path | None = None,
    hop: int = HOP,
    licence: str | None = None,
    origin: str | None = None,
    on_progress: OnProgress | None = None,
) -> MusicDataset:
    """Return the music of one or several sources, prepared now or found in the cache.

    Args:
        source: a folder or a .zip of MIDI, MusicXML or ABC files, a folder of such zips, or several of them.
        cache: where prepared music is kept; `home()/cache/music` unless given.
        hop: bars from the beginning of a window to that of the next.
        licence: said instead of what is written beside the music.
        origin: said instead of what is written beside the music.
        on_progress: told (files done, files in all) while preparing.

    Raises:
        DataError: there is no such source, it cannot be read, or too little of it fits a grid.
        StorageError: the cache cannot be written.
    """
    named = [source] if isinstance(source, (str, Path)) else list(source)
    paths = [path for one in named for path in expanded(one)]
    if not paths:
        raise DataError("No source of music was named.", advice="Name a folder or a .zip.")
    with ExitStack() as stack:
        sources = [stack.enter_context(closing(open_source(path))) for path in paths]
        name = "+".join(opened.name for opened in sources)
        listed = []
        for opened in sources:
            listing = list_pieces(opened, style=opened.name if len(sources) > 1 else "")
            listed.append(Opened(source=opened, listing=listing))
        terms = joined(
            [
                terms_of(one.source.names(), one.source.read, one.listing.entries, origin=one.source.name)
                for one in listed
            ]
        )
        # What cannot be read today may be tomorrow, when a library has been installed: that is another cache.
        identity = "\n".join(
            [*(f"{opened.name} {opened.identity()}" for opened in sources), *_unreadable(listed)]
        )
        folder = caching.cache_folder(cache or caching.cache_root(), name, identity, hop)
        prepared = caching.load(folder) or _built(listed, folder, hop, on_progress)
    return _dataset(prepared, hop, name=name, licence=licence or terms.licence, origin=origin or terms.origin)


def _unreadable(listed: Sequence[Opened]) -> list[str]:
    """Return a line for each library that some of the files need and that is not installed."""
    suffixes = {PurePosixPath(entry.name).suffix.lower() for one in listed for entry in one.listing.entries}
    missing = {KIND_OF[suffix].library for suffix in suffixes} & set(absent())
    return [f"without {library}" for library in sorted(missing)]


def _built(listed: Sequence[Opened], folder: Path, hop: int, on_progress: OnProgress | None) -> Prepared:
    try:
        with new_folder(folder) as scratch:
            caching.save(scratch, build(listed, scratch / "bars.npy", hop, on_progress))
    except OSError as error:
        # Another process finished the same cache first; its result is as good as ours.
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
            raise
    loaded = caching.load(folder)
    if loaded is None:
        raise DataError(f"The prepared music in {folder} cannot be read back.", advice="Check the disk.")
    return loaded


def _dataset(prepared: Prepared, hop: int, *, name: str, licence: str, origin: str) -> MusicDataset:
    places = places_of(prepared.songs, hop).only(prepared.heard_N)
    split_N = np.array([song.split for song in prepared.songs])[places.piece_N]
    found = conditions_of(
        prepared.songs, places, prepared.value_NK, prepared.value_NBK, np.flatnonzero(split_N == "train")
    )
    return MusicDataset(
        name=name,
        origin=origin,
        licence=licence,
        songs=prepared.songs,
        row_XW=prepared.row_XW,
        places=places,
        split_N=split_N,
        value_NK=prepared.value_NK,
        conditions=found.space,
        condition_NC=found.condition_NC,
        control_NBK=found.control_NBK,
        constants=found.constants,
        problems=prepared.problems,
        fingerprint=prepared.fingerprint,
    )
