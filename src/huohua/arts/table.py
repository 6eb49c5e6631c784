"""The arts there are. To add one, write its folder and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huohua.arts.art import Art
from huohua.arts.frame import Frame
from huohua.arts.image.art import ImageArt
from huohua.arts.music.art import MusicArt
from huohua.arts.text.art import TextArt
from huohua.config import read_as
from huohua.errors import DataError, ModelError
from huohua.provenance.record import Record

if TYPE_CHECKING:
    from huohua.arts.preset import Preset

ARTS: Mapping[str, Art] = {"image": ImageArt(), "music": MusicArt(), "text": TextArt()}


def art(name: str) -> Art:
    """Return an art by its name.

    Raises:
        ModelError: this version has no such art.
    """
    if name not in ARTS:
        raise ModelError(
            f"This version of Huohua has no art '{name}'.",
            advice=f"It has: {', '.join(ARTS)}. Update Huohua.",
        )
    return ARTS[name]


def read_frame(name: str, fields: Any) -> Frame:
    """Return the frame of an art from its plain fields; one that is a frame already stays.

    Raises:
        ModelError: this version has no such art.
        ValueError: the fields do not fit it.
    """
    return read_as(art(name).frame_type, fields, key="frame")


def read_preset(name: str, fields: Any) -> Preset:
    """Return the preset of an art from its plain fields; one that is a preset already stays.

    Raises:
        ModelError: this version has no such art.
        ValueError: the fields do not fit it.
    """
    return read_as(type(next(iter(art(name).presets().values()))), fields, key="settings")


def art_of(path: Path) -> Art:
    """Return the art whose works end as this file does.

    Raises:
        DataError: no art saves such files.
    """
    name = path.name.lower()
    fitting = [(len(end), each) for each in ARTS.values() for end in each.suffixes if name.endswith(end)]
    if fitting:
        return max(fitting, key=lambda pair: pair[0])[1]
    endings = ", ".join(suffix for candidate in ARTS.values() for suffix in candidate.suffixes)
    raise DataError(f"{path} is no kind of file that Huohua makes works in.", advice=f"It makes: {endings}.")


def read_record(path: Path) -> Record:
    """Return the record in a file of a work of any art; several arts save pages as the same kind of file.

    Raises:
        DataError: no art saves such files, or the file carries no record.
    """
    first = art_of(path)
    try:
        return first.read_record(path)
    except DataError:
        for other in ARTS.values():
            if other is not first:
                with suppress(DataError):
                    return other.read_record(path)
        raise
