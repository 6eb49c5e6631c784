"""The music art: how its generators are built, and how its works are opened, compared and measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from huohua.arts.comparison import Comparison
from huohua.arts.music.frame import MusicFrame
from huohua.arts.workshop import OnProgress
from huohua.errors import UsageError
from huohua.provenance.record import Origin, Recipe, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from huohua.arts.art import Work
    from huohua.arts.music.artwork import MusicArtwork
    from huohua.arts.music.presets import MusicPreset
    from huohua.arts.music.workshop import MusicWorkshop
    from huohua.arts.music.yardstick import MusicYardstick


class MusicArt:
    """Pieces of notes on a grid of bars and roles."""

    name = "music"
    # A piano roll is a .png as well, which is opened as a picture.
    suffixes = (
        *(".mid", ".midi", ".musicxml", ".abc"),
        *(".wav", ".flac", ".mp3", ".ogg"),
        *(".svg", ".pdf", ".score.png"),
    )
    frame_type = MusicFrame
    usual_preset = "composer"

    def presets(self) -> Mapping[str, MusicPreset]:
        """Return the ways to train by name."""
        from huohua.arts.music.presets import PRESETS

        return PRESETS

    def frame(self, size: int | str | None, preset: MusicPreset) -> MusicFrame:
        """Return the frame of a size in bars.

        Raises:
            UsageError: models of music see another number of bars at once.
        """
        return MusicFrame.read(size)

    def open_workshop(
        self,
        source: str | Path,
        *,
        preset: MusicPreset,
        frame: MusicFrame,
        licence: str | None = None,
        origin: str | None = None,
        on_progress: OnProgress | None = None,
        on_download: OnProgress | None = None,
    ) -> MusicWorkshop:
        """Open the music of a place for training.

        Raises:
            DataError: there is no such place, or too little in it can be used.
        """
        from huohua.arts.music.workshop import open_workshop

        return open_workshop(
            source, preset=preset, frame=frame, licence=licence, origin=origin, on_progress=on_progress
        )

    def build_generator(
        self, name: str, settings: Mapping[str, Any], *, latent: int, condition: int, frame: MusicFrame
    ) -> nn.Module:
        """Return a generator of music with fresh weights.

        Raises:
            ModelError: there is no generator of that name, or the settings do not fit it.
        """
        from huohua.arts.music.training import build_generator

        return build_generator(name, settings, latent=latent, condition=condition)

    def build_encoder(
        self, name: str, settings: Mapping[str, Any], *, latent: int, frame: MusicFrame
    ) -> NoReturn:
        """Raise a `UsageError`: music is continued and filled in as it is, without an encoder."""
        raise UsageError("Models of music have no encoder: they take pieces in as they are.")

    def build_discriminator(
        self, name: str, settings: Mapping[str, Any], *, condition: int, frame: MusicFrame
    ) -> nn.Module:
        """Return a discriminator of music with fresh weights.

        Raises:
            ModelError: there is no discriminator of that name, or the settings do not fit it.
        """
        from huohua.arts.music.training import build_discriminator

        return build_discriminator(name, settings, condition=condition)

    def take_in(self, work: Any, *, frame: MusicFrame) -> NoReturn:
        """Raise a `UsageError`: see `build_encoder`."""
        raise UsageError("Models of music have no encoder: they take pieces in as they are.")

    def finish(self, sample: Tensor | NDArray[np.float32], *, recipe: Recipe, origin: Origin) -> MusicArtwork:
        """Turn one packed window, TC, into a piece."""
        import numpy as np

        from huohua.arts.music.artwork import MusicArtwork
        from huohua.arts.music.grid import empty_grid, piece_of
        from huohua.arts.music.packing import unpacked

        work_TC = sample if isinstance(sample, np.ndarray) else sample.detach().cpu().numpy()
        grid = unpacked(work_TC[None], like=empty_grid(1))[0]
        return MusicArtwork(piece=piece_of(grid), recipe=recipe, origin=origin)

    def yardstick(self) -> MusicYardstick:
        """Return how models of music are measured."""
        from huohua.arts.music.yardstick import MusicYardstick

        return MusicYardstick()

    def open_work(self, path: Path) -> MusicArtwork:
        """Open a piece with its record.

        Raises:
            DataError: the file is not a piece of ours.
        """
        from huohua.arts.music.artwork import MusicArtwork

        return MusicArtwork.open(path)

    def read_record(self, path: Path) -> Record:
        """Return the record in a file of a piece, be it of notes, of sound or a score.

        Raises:
            DataError: the file is missing, damaged, or carries no recipe.
        """
        from huohua.arts.music.artwork import record_of

        return record_of(path)

    def compare(self, path: Path, again: Work) -> Comparison:
        """Compare a file with what a piece made again would be written as, byte by byte."""
        from huohua.arts.music.artwork import MusicArtwork, ending

        if not isinstance(again, MusicArtwork):
            raise TypeError(f"{type(again).__name__} is no piece.")
        before, after = path.read_bytes(), again.encode(ending(path))
        different = sum(one != two for one, two in zip(before, after, strict=False))
        different += abs(len(before) - len(after))
        return Comparison(parts=max(len(before), len(after)), different=different, unit="bytes")
