"""The licence and the origin of texts, as written beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

UNKNOWN_LICENCE = "unknown (ask the rights holder before sharing)"
_FILES = ("LICENSE", "LICENCE", "LICENSE.txt", "LICENCE.txt", "LICENSE.md", "LICENCE.md", "COPYING")
_MOST_BYTES = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Under which licence texts may be used, and where they come from."""

    licence: str
    origin: str


def read_terms(folder: Path, name: str) -> Terms:
    """Return the terms found beside texts: `dataset.json` first, then the first line of a licence file."""
    card = _card(folder / "dataset.json")
    licence = card.get("licence") or card.get("license") or next(filter(None, map(_line, _paths(folder))), "")
    return Terms(licence=licence or UNKNOWN_LICENCE, origin=card.get("origin") or f"local texts, '{name}'")


def _paths(folder: Path) -> list[Path]:
    return [folder / file for file in _FILES]


def _card(path: Path) -> dict[str, str]:
    try:
        record = json.loads(_start(path))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {str(key): " ".join(v.split())[:500] for key, v in record.items() if isinstance(v, str)}


def _line(path: Path) -> str:
    lines = (line.strip(" \t#*=-") for line in _start(path).splitlines())
    return next((line for line in lines if line), "")[:200]


def _start(path: Path) -> str:
    """Return the start of a small file, "" where it cannot be read: a note is no reason to stop."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
