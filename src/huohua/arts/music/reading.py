"""Read a piece from a file of any kind that Huohua reads, with one clear message for each kind of bad input.

What a file holds is told by its content, and its ending has to agree: a picture named `.mid` is refused, and
so is MIDI named `.xml`, because somebody mixed something up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from huohua.arts.music.limits import USUAL, Limits
from huohua.arts.music.midi_reading import is_midi, read_midi
from huohua.arts.music.notation_reading import is_abc, is_musicxml, read_abc, read_musicxml
from huohua.arts.music.piece import Piece
from huohua.errors import DataError


class _Read(Protocol):
    def __call__(self, content: bytes, *, source: str, limits: Limits) -> Piece: ...


class Kind(NamedTuple):
    """A kind of file: its name, its endings, what it looks like, and how and with what it is read."""

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: _Read
    library: str


KINDS: tuple[Kind, ...] = (
    Kind("MIDI", (".mid", ".midi"), is_midi, read_midi, "symusic"),
    Kind("MusicXML", (".musicxml", ".mxl", ".xml"), is_musicxml, read_musicxml, "music21"),
    Kind("ABC", (".abc",), is_abc, read_abc, "music21"),
)
KIND_OF: Mapping[str, Kind] = {suffix: kind for kind in KINDS for suffix in kind.suffixes}
SUFFIXES = tuple(KIND_OF)


def read_piece(path: str | Path, *, limits: Limits = USUAL) -> Piece:
    """Return the piece in a file.

    Raises:
        DataError: the file is missing, of another kind than its ending says, damaged, empty, or too large.
        MissingDependencyError: the library that reads such files is not installed.
    """
    path = Path(path).expanduser()
    try:
        limits.check_bytes(path.stat().st_size, source=str(path))
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"There is no file {path}.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
    return read_piece_bytes(content, str(path), limits=limits)


def read_piece_bytes(content: bytes, name: str, *, limits: Limits = USUAL) -> Piece:
    """Return the piece in the content of a file; its name tells the kind, and names it in errors.

    Raises:
        DataError: it is of another kind than its ending says, damaged, empty, or too large.
        MissingDependencyError: the library that reads such files is not installed.
    """
    kind = KIND_OF.get(Path(name).suffix.lower())
    if kind is None:
        raise DataError(
            f"{name} is no kind of file that notes are read from.",
            advice=f"Huohua reads {', '.join(SUFFIXES)}.",
        )
    limits.check_bytes(len(content), source=name)
    if not kind.recognises(content):
        held = next((other for other in KINDS if other.recognises(content)), None)
        if held is None:
            raise DataError(
                f"{name} is not {kind.name}, whatever its name says.",
                advice="Export the piece again from the program it comes from.",
            )
        raise DataError(
            f"{name} holds {held.name} and not {kind.name}.",
            advice=f"Let its name end in {held.suffixes[0]}.",
        )
    return kind.read(content, source=name, limits=limits)
