"""The tunes of lyrics (词牌), read from `tables/tunes.txt`.

Source: 《钦定词谱》 (Imperial Register of Lyrics, 1715) for the patterns, and Ge Zai 1821, 《词林正韵》,
for the rhymes.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from huohua.arts.text.form import ENTERING, Form, Line, Pattern

_CLAUSE = re.compile(r"(=?)([平仄中]+)([a-d]?)([，。、])(\|?)")


@cache
def tunes() -> tuple[Form, ...]:
    """Return every tune as a form, in the order of the file."""
    text = resources.files("huohua.arts.text.tables").joinpath("tunes.txt").read_text(encoding="utf-8")
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(_form(block.strip().splitlines()) for block in kept.split("\n\n") if block.strip())


def _form(rows: list[str]) -> Form:
    name, *marks = rows[0].split()
    patterns = tuple(
        Pattern(name=f"{name} {number}" if len(rows) > 2 else name, lines=read_clauses(row))
        for number, row in enumerate(rows[1:], start=1)
    )
    return Form(
        name=name,
        language="zh",
        title=f"lyric to the tune {name}",
        patterns=patterns,
        book="cilin",
        entering=ENTERING in marks,
    )


def read_clauses(row: str) -> tuple[Line, ...]:
    """Return the clauses of one pattern.

    Raises:
        ValueError: the row holds something that is no clause.

    Example:
        >>> [line.rhyme for line in read_clauses("平a。中仄平平仄仄平a。平平仄，中仄仄平平a。")]
        ['a', 'a', '', 'a']
    """
    found = list(_CLAUSE.finditer(row))
    if "".join(match.group() for match in found) != row or not found:
        raise ValueError(f"'{row}' is no pattern of a tune")
    last = len(found) - 1
    return tuple(
        Line(
            fewest=len(match[2]),
            most=len(match[2]),
            tones=match[2],
            rhyme=match[3],
            echo=bool(match[1]),
            mark=match[4],
            closes_stanza=bool(match[5]) or number == last,
        )
        for number, match in enumerate(found)
    )
