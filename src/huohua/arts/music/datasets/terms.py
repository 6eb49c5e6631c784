"""Under which terms music may be used, and where it comes from, as far as files say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from huohua.arts.music.datasets.entry import Entry
from huohua.errors import DataError

UNKNOWN_LICENCE = "unknown (ask the rights holder before sharing)"
CARD = "dataset.json"
_LICENCE_FILES = ("licence", "license", "licence.txt", "license.txt", "licence.md", "license.md", "copying")
_MOST_NAMED = 4


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The licence, and the origin in words."""

    licence: str
    origin: str


def terms_of(
    names: Iterable[str], read: Callable[[str], bytes], entries: Sequence[Entry], *, origin: str
) -> Terms:
    """Return the terms in `dataset.json`, else a licence file's first line, else what the pieces say.

    Args:
        names: names of files; only those at the top are looked at.
        read: returns the bytes of a named file.
        entries: the pieces.
        origin: what to say when nothing is written.
    """
    found = {name.casefold(): name for name in names if "/" not in name}
    card = _card(_content(read, found[CARD])) if CARD in found else {}
    licence = card.get("licence") or card.get("license")
    if not licence and (file := next((found[name] for name in _LICENCE_FILES if name in found), None)):
        lines = (
            line.strip(" \t\r#*=-") for line in _content(read, file).decode("utf-8", "replace").split("\n")
        )
        licence = next((line for line in lines if line), "")[:200]
    return Terms(licence=licence or _of_pieces(entries), origin=card.get("origin") or origin)


def joined(terms: Sequence[Terms]) -> Terms:
    """Return the terms of several sources together: each that is different, in order."""
    return Terms(
        licence="; ".join(dict.fromkeys(term.licence for term in terms)),
        origin="; ".join(dict.fromkeys(term.origin for term in terms)),
    )


def _of_pieces(entries: Sequence[Entry]) -> str:
    counts = Counter(entry.licence for entry in entries if entry.licence)
    if not counts:
        return UNKNOWN_LICENCE
    named = [licence for licence, _ in counts.most_common(_MOST_NAMED)]
    more = len(counts) - len(named)
    return "; ".join(named) + (f"; and {more} more" if more else "")


def _content(read: Callable[[str], bytes], name: str) -> bytes:
    """Return the bytes of a note, or none: that it cannot be read is no reason to stop."""
    try:
        return read(name)[: 1 << 20]
    except (DataError, OSError):
        return b""


def _card(content: bytes) -> dict[str, str]:
    try:
        record = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {str(key): " ".join(text.split())[:500] for key, text in record.items() if isinstance(text, str)}
