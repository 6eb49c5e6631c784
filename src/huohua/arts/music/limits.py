"""How large a piece may be, so that a stranger's file cannot exhaust memory or time."""

from __future__ import annotations

from dataclasses import dataclass

from huohua.errors import DataError


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The largest piece that is read.

    Attributes:
        bytes: of the file, and of what is packed in it.
        tracks: in the file.
        notes: in all tracks.
        seconds: a piece has to be shorter than this.
    """

    bytes: int = 8 << 20
    tracks: int = 32
    notes: int = 100_000
    seconds: float = 3600.0

    def check_bytes(self, size: int, *, source: str) -> None:
        """Raise a `DataError` that names `source` unless a file of this size is read."""
        if size == 0:
            raise DataError(f"{source} is empty.")
        if size > self.bytes:
            raise DataError(
                f"{source} takes {size / (1 << 20):.1f} MB; up to {self.bytes / (1 << 20):g} MB are read.",
                advice="Split it into shorter pieces.",
            )

    def check_tracks(self, count: int, *, source: str) -> None:
        """Raise a `DataError` that names `source` unless as many tracks are read."""
        if count > self.tracks:
            raise DataError(
                f"{source} has {count} tracks; up to {self.tracks} are read.",
                advice="Merge or remove tracks in a music program.",
            )

    def check_notes(self, count: int, *, source: str) -> None:
        """Raise a `DataError` that names `source` unless there are notes, and as many are read."""
        if count == 0:
            raise DataError(f"{source} holds no notes.")
        if count > self.notes:
            raise DataError(
                f"{source} holds {count:,} notes; up to {self.notes:,} are read.",
                advice="Split it into shorter pieces.",
            )

    def check_seconds(self, seconds: float, *, source: str) -> None:
        """Raise a `DataError` that names `source` unless a piece that lasts so long is read."""
        if seconds >= self.seconds:
            raise DataError(
                f"{source} lasts {seconds / 60:,.0f} minutes; under {self.seconds / 60:g} are read.",
                advice="Cut it into shorter pieces.",
            )


USUAL = Limits()
