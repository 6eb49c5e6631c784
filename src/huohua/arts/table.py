"""The arts there are. To add one, write its folder and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from huohua.arts.art import Art
from huohua.arts.image.art import ImageArt
from huohua.errors import DataError, ModelError

ARTS: Mapping[str, Art] = {"image": ImageArt()}


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


def art_of(path: Path) -> Art:
    """Return the art whose works end as this file does.

    Raises:
        DataError: no art saves such files.
    """
    for candidate in ARTS.values():
        if path.suffix.lower() in candidate.suffixes:
            return candidate
    endings = ", ".join(suffix for candidate in ARTS.values() for suffix in candidate.suffixes)
    raise DataError(f"{path} is no kind of file that Huohua makes works in.", advice=f"It makes: {endings}.")
