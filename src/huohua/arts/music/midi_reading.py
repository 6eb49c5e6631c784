"""Read Standard MIDI Files into pieces, within limits.

symusic does the parsing: it reads a thousand files in the time other libraries take for ten. What it leaves
out, the texts of the first track, is read here, because that is where a work's record travels.

Source: MMA, "Standard MIDI Files 1.0" (chunks, meta events 01 to 03, variable-length quantities).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from huohua.arts.music.facts import FACTS_KEYWORD, with_facts
from huohua.arts.music.limits import USUAL, Limits
from huohua.arts.music.needs import library
from huohua.arts.music.piece import TICKS, Key, Metre, Mode, Note, Piece, Tempo, Track
from huohua.errors import DataError

FILE_MARK, TRACK_MARK = b"MThd", b"MTrk"
RIFF_MARK, RIFF_KIND = b"RIFF", b"RMID"
TEXT, TITLE = 0x01, 0x03
META, SYSTEM = 0xFF, (0xF0, 0xF7)

MICROSECONDS = 60_000_000
SLOWEST, FASTEST = 1.0, 1000.0


def read_midi(content: bytes, *, source: str, limits: Limits = USUAL) -> Piece:
    """Return the piece in a Standard MIDI File; `source` names it in errors.

    Roles are those that Huohua wrote, if it did; otherwise tracks have none, see `role_assignment.py`.

    Raises:
        DataError: it is no MIDI file, is damaged, holds no notes, or exceeds the limits.
    """
    limits.check_bytes(len(content), source=source)
    content = _unwrapped(content)
    _check_header(content, source=source)
    limits.check_tracks(sum(1 for _ in _chunks(content)), source=source)
    score = _parsed(content, source=source)
    limits.check_notes(score.note_num(), source=source)
    try:
        piece = _piece(score)
    except DataError as error:
        raise DataError(f"{source}: {error.message}", advice=error.advice) from error
    limits.check_seconds(piece.seconds, source=source)
    return _with_texts(piece, texts_of(content), source=source)


def is_midi(content: bytes) -> bool:
    """Return whether a file begins as a MIDI file does."""
    return _unwrapped(content).startswith(FILE_MARK)


def texts_of(content: bytes) -> tuple[tuple[int, str], ...]:
    """Return the text events (kind, text) at the head of the first track, up to its first note."""
    return tuple(_texts(next(_chunks(_unwrapped(content)), b"")))


def _unwrapped(content: bytes) -> bytes:
    """Return a MIDI file without the RIFF wrapping that some programs put around it."""
    if content.startswith(RIFF_MARK) and content[8:12] == RIFF_KIND:
        return content[max(0, content.find(FILE_MARK)) :]
    return content


def _check_header(content: bytes, *, source: str) -> None:
    if not content.startswith(FILE_MARK):
        raise DataError(f"{source} is not a MIDI file, whatever its name says.")
    if len(content) < 14 or int.from_bytes(content[12:14], "big") == 0:
        raise DataError(f"{source} is damaged: its MIDI header is not whole.")
    if content[12] & 0x80:
        raise DataError(
            f"{source} counts time in frames of a film and not in beats, so it has no bars.",
            advice="Save it again with ticks per quarter note.",
        )


def _chunks(content: bytes) -> Iterator[bytes]:
    """Yield the content of each track."""
    place = 8 + int.from_bytes(content[4:8], "big")
    while place + 8 <= len(content):
        size = int.from_bytes(content[place + 4 : place + 8], "big")
        if content[place : place + 4] == TRACK_MARK:
            yield content[place + 8 : place + 8 + size]
        place += 8 + size


def _texts(track: bytes) -> Iterator[tuple[int, str]]:
    place = 0
    while True:
        _, place = _quantity(track, place)
        if place + 2 > len(track) or track[place] not in (META, *SYSTEM):
            return
        kind = track[place + 1] if track[place] == META else None
        size, start = _quantity(track, place + (1 if kind is None else 2))
        place = start + size
        if kind is not None and TEXT <= kind <= TITLE:
            yield kind, track[start:place].decode("utf-8", "replace")


def _quantity(track: bytes, place: int) -> tuple[int, int]:
    """Return a variable-length number and the place after it."""
    number = 0
    for byte in track[place : place + 4]:
        place += 1
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return number, place


def _parsed(content: bytes, *, source: str) -> Any:
    symusic = library("symusic")
    try:
        return symusic.Score.from_midi(content)
    except (RuntimeError, ValueError) as error:
        raise DataError(
            f"{source} is damaged: it begins as a MIDI file and cannot be read as one.",
            advice="Export it again from the program it comes from.",
        ) from error


def _piece(score: Any) -> Piece:
    scale = TICKS / score.ticks_per_quarter
    return Piece(
        title=score.tracks[0].name if len(score.tracks) == 1 else "",
        tracks=tuple(_track(track, scale) for track in score.tracks if len(track.notes)),
        tempos=tuple(Tempo(tick=round(t.time * scale), qpm=_qpm(t.mspq)) for t in score.tempos),
        metres=tuple(
            Metre(tick=round(m.time * scale), numerator=m.numerator, denominator=m.denominator)
            for m in score.time_signatures
        ),
        keys=tuple(_key(round(k.time * scale), k.key, k.tonality) for k in score.key_signatures),
    )


def _track(track: Any, scale: float) -> Track:
    columns = track.notes.numpy()
    rows = zip(*(columns[name].tolist() for name in ("time", "duration", "pitch", "velocity")), strict=True)
    notes = []
    for start, duration, pitch, velocity in rows:
        first, last = round(start * scale), round((start + duration) * scale)
        notes.append(
            Note(start=first, duration=max(1, last - first), pitch=pitch, velocity=min(127, max(1, velocity)))
        )
    return Track(
        name=track.name, program=min(127, max(0, track.program)), drums=track.is_drum, notes=tuple(notes)
    )


def _qpm(microseconds: int) -> float:
    """Return the roundest tempo that a file would write with these microseconds for a quarter note."""
    exact = MICROSECONDS / max(1, microseconds)
    tidy = round(exact, 2)
    same = tidy > 0 and round(MICROSECONDS / tidy) == microseconds
    return min(FASTEST, max(SLOWEST, tidy if same else exact))


def _key(tick: int, sharps: int, minor: int) -> Key:
    """Return a key from its number of sharps (negative for flats): each is a fifth away from C or A."""
    mode: Mode = "minor" if minor else "major"
    return Key(tick=tick, tonic=(sharps * 7 + (9 if minor else 0)) % 12, mode=mode)


def _with_texts(piece: Piece, texts: tuple[tuple[int, str], ...], *, source: str) -> Piece:
    """Return a piece with the title of its file, and the roles and chords that Huohua wrote there."""
    titles = [text for kind, text in texts if kind == TITLE]
    # The name of a first track that has notes is no title.
    if titles and titles[0] != piece.tracks[0].name:
        piece = replace(piece, title=titles[0])
    for kind, text in texts:
        if kind == TEXT and text.startswith(f"{FACTS_KEYWORD} "):
            ours = replace(piece, title=titles[0] if titles else "")
            return with_facts(ours, text.partition(" ")[2], source=source)
    return piece
