"""Limericks printed in four lines, as Lear's editions have them, set in the five they are spoken in."""

from __future__ import annotations

import re

from huohua.arts.text.tables.pronouncing import sounds_of

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")


def in_five_lines(text: str) -> str:
    r"""Return a limerick with its third line of four parted where its inner rhyme falls, else as it was.

    Example:
        >>> in_five_lines("a\nb\nHe ran up and down in his grandmother's gown,\nc").split("\n")[2:4]
        ['He ran up and down', "in his grandmother's gown,"]
    """
    lines = text.split("\n")
    if len(lines) != 4:
        return text
    cut = _inner_rhyme(lines[2])
    if not cut:
        return text
    return "\n".join([*lines[:2], lines[2][:cut].rstrip(), lines[2][cut:].lstrip(), lines[3]])


def _inner_rhyme(line: str) -> int:
    """Return where, nearest to the middle, a word ends that rhymes with the last; 0 for nowhere."""
    words = list(_WORD.finditer(line))
    if not words:
        return 0
    last = words[-1].group()
    found = [
        word.end() + len(re.match(r"\S*", line[word.end() :])[0])  # type: ignore[index]
        for word in words[:-1]
        if word.group().lower() != last.lower() and _rhymes(word.group(), last)
    ]
    return min(found, key=lambda end: abs(2 * end - len(line)), default=0)


def _rhymes(one: str, other: str) -> bool:
    sounds, others = (
        {sound.rhyme for sound in sounds_of(word.lower().replace("’", "'"))} for word in (one, other)
    )
    return not sounds.isdisjoint(others)
