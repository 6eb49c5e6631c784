"""The terms and the origin of a dataset, as written beside its works."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from huohua.errors import DataError

UNKNOWN_LICENCE = "unknown (ask the rights holder before sharing)"
CARD = "dataset.json"
_LICENCE_FILES = ("licence", "license", "licence.txt", "license.txt", "licence.md", "license.md", "copying")
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Under which licence works may be used, and where they come from."""

    licence: str
    origin: str


def read_terms(names: Iterable[str], read: Callable[[str], bytes], *, origin: str) -> Terms:
    """Return the terms found among files: `dataset.json` first, then the first line of a licence file.

    Args:
        names: names of files; only those at the top are looked at.
        read: returns the bytes of a named file.
        origin: what to say when nothing is written.
    """
    found = {name.casefold(): name for name in names if "/" not in name}
    card = _card(_content(read, found[CARD])) if CARD in found else {}
    licence = card.get("licence") or card.get("license")
    if not licence:
        file = next((found[name] for name in _LICENCE_FILES if name in found), None)
        licence = _first_line(_content(read, file)) if file else ""
    return Terms(licence=licence or UNKNOWN_LICENCE, origin=card.get("origin") or origin)


def _content(read: Callable[[str], bytes], name: str) -> bytes:
    """Return the bytes of a file, or none: a note that cannot be read is no reason to stop."""
    try:
        return read(name)[:_MOST_BYTES]
    except (DataError, OSError):
        return b""


def _card(content: bytes) -> dict[str, str]:
    try:
        record = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {str(k): " ".join(v.split())[:500] for k, v in record.items() if isinstance(v, str)}


def _first_line(content: bytes) -> str:
    text = content.decode("utf-8-sig", errors="replace")
    lines = (line.strip(" \t\r#*=-") for line in text.split("\n"))
    return next((line for line in lines if line), "")[:200]


def terms_beside(path: Path) -> Terms:
    """Return the terms in `dataset.json` beside a data file; other files there may mean other things."""
    names = [CARD] if path.with_name(CARD).is_file() else []
    return read_terms(
        names, lambda name: path.with_name(name).read_bytes(), origin=f"a local file, '{path.name}'"
    )
