"""A finished piece with its recipe and origin, saved as music, sound, score or picture.

Every file carries one JSON record and says that an AI made it, in the place its format has for that:
text events in MIDI, fields in MusicXML and ABC, tags in sound, metadata in SVG, PDF and PNG. MIDI and
MusicXML give the piece back; of the others the record alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import Self

from huohua.arts.music.facts import FACTS_KEYWORD, facts_of
from huohua.arts.music.piece import Piece
from huohua.arts.music.stamps import Stamp
from huohua.errors import DataError, UsageError
from huohua.files import write_bytes
from huohua.provenance.labels import xmp_packet
from huohua.provenance.record import Origin, Recipe, Record

if TYPE_CHECKING:
    from PIL import Image

# The endings of files that give the piece back.
OPENED = (".mid", ".midi", ".musicxml")


@dataclass(frozen=True, kw_only=True)
class MusicArtwork:
    """A piece of music, how it was made, and where it comes from."""

    piece: Piece
    recipe: Recipe
    origin: Origin

    @property
    def record(self) -> Record:
        """Return what is written into the file beside the notes."""
        return Record(recipe=self.recipe, origin=self.origin)

    @property
    def work_id(self) -> str:
        """Return the number the work goes by: the same notes and recipe give the same number."""
        return hashlib.sha256(f"{self.recipe.to_json()}{self.piece!r}".encode()).hexdigest()[:32]

    @property
    def description(self) -> str:
        """Return one line for people, such as "jazz, made by an AI (Huohua 0.1.0)"."""
        names = [name for weights in self.recipe.conditions.values() for name in weights]
        return f"{', '.join(names) or 'music'}, made by an AI ({self.origin.producer})"

    @property
    def stamp(self) -> Stamp:
        """Return the texts that every file of this work carries."""
        return Stamp(
            title=self.piece.title,
            record=self.record.to_ascii(),
            description=self.description,
            xmp=xmp_packet(self.record, work_id=self.work_id),
        )

    @property
    def image(self) -> Image.Image:
        """Return the piano roll, without the record."""
        from huohua.arts.music.roll import roll

        return roll(self.piece)

    def told(self, *, recipe: Recipe, origin: Origin) -> Self:
        """Return the same piece with another record."""
        return replace(self, recipe=recipe, origin=origin)

    def encode(self, suffix: str) -> bytes:
        """Return the content of a file that ends with `suffix`; `.score.png` is the first page of the score.

        Raises:
            UsageError: music is not saved in such files.
            MissingDependencyError: what turns music into such files is not installed.
        """
        encoder = ENCODERS.get(suffix.lower())
        if encoder is None:
            raise UsageError(
                f"Music is not saved as '{suffix}'.", advice=f"Use one of {', '.join(ENCODERS)}."
            )
        return encoder(self)

    def save(self, path: str | Path) -> Path:
        """Write the piece with its record and label, whole or not at all, and return its path.

        Raises:
            UsageError: the ending of `path` is none that music is saved in.
            MissingDependencyError: what turns music into such files is not installed.
            StorageError: the file cannot be written.
        """
        path = Path(path).expanduser()
        write_bytes(path, self.encode(ending(path)))
        return path

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a piece that Huohua made, from MIDI or MusicXML.

        Raises:
            DataError: the file is missing, damaged, carries no recipe, or does not hold the notes.
        """
        path = Path(path).expanduser()
        record = record_of(path)
        if path.suffix.lower() not in OPENED:
            raise DataError(
                f"{path} shows or plays a piece and does not hold its notes.",
                advice=f"Open the {' or '.join(OPENED)} of the same work, or make it again from its recipe.",
            )
        from huohua.arts.music.reading import read_piece

        return cls(piece=read_piece(path), recipe=record.recipe, origin=record.origin)


def ending(path: Path) -> str:
    """Return the ending that says how a file of music is written.

    Example:
        >>> ending(Path("tune.SCORE.png")), ending(Path("tune.2.png"))
        ('.score.png', '.png')
    """
    long = "".join(path.suffixes[-2:]).lower()
    return long if long in ENCODERS else path.suffix.lower()


def record_of(path: str | Path) -> Record:
    """Return the record of a work of music in a file of any kind that it is saved in.

    Raises:
        DataError: the file is missing, damaged, or carries no recipe.
    """
    path = Path(path).expanduser()
    from huohua.arts.music.stamp_reading import read_stamp

    text = read_stamp(path)
    if not text:
        raise DataError(
            f"{path} carries no Huohua recipe.",
            advice="It was made by another program, or a program that removes metadata has passed it on.",
        )
    return Record.read(text, source=str(path))


def _midi(work: MusicArtwork) -> bytes:
    from huohua.arts.music.midi_writing import midi_bytes

    return midi_bytes(work.piece, texts=work.stamp.lines())


def _musicxml(work: MusicArtwork) -> bytes:
    from huohua.arts.music.musicxml_writing import musicxml_bytes

    fields = {**work.stamp.fields(), FACTS_KEYWORD: facts_of(work.piece)}
    return musicxml_bytes(work.piece, fields=fields, software=work.origin.producer)


def _abc(work: MusicArtwork) -> bytes:
    from huohua.arts.music.abc_writing import abc_bytes

    return abc_bytes(work.piece, fields=work.stamp.fields(), transcription=work.description)


def _picture(work: MusicArtwork) -> bytes:
    from huohua.arts.music.stamps import png_bytes

    return png_bytes(work.image, work.stamp)


def _svg(work: MusicArtwork) -> bytes:
    from huohua.arts.music.engraving import svg_bytes

    return svg_bytes(work.piece, work.stamp)


def _pdf(work: MusicArtwork) -> bytes:
    from huohua.arts.music.engraving import pdf_bytes

    return pdf_bytes(work.piece, work.stamp)


def _page(work: MusicArtwork) -> bytes:
    from huohua.arts.music.engraving import page_image
    from huohua.arts.music.stamps import png_bytes

    return png_bytes(page_image(work.piece), work.stamp)


def _sound(suffix: str) -> Callable[[MusicArtwork], bytes]:
    def encode(work: MusicArtwork) -> bytes:
        from huohua.arts.music.sound import played
        from huohua.arts.music.sound_files import sound_bytes

        return sound_bytes(played(work.piece), suffix, work.stamp)

    return encode


# The usual ending first.
ENCODERS: Mapping[str, Callable[[MusicArtwork], bytes]] = {
    ".mid": _midi,
    ".midi": _midi,
    ".musicxml": _musicxml,
    ".abc": _abc,
    ".wav": _sound(".wav"),
    ".flac": _sound(".flac"),
    ".mp3": _sound(".mp3"),
    ".ogg": _sound(".ogg"),
    ".svg": _svg,
    ".pdf": _pdf,
    ".png": _picture,
    ".score.png": _page,
}
