"""How free text is cut into words, and how words are compared: case, plural and script aside.

Scripts with spaces are cut at spaces. In scripts without, such as Chinese, each letter is a word of its own,
and the longest run of words that is known is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from huohua.conditions.lexicon_grammar import STOP_SIGNS

_SPACELESS = "\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+(?:['’][^\W_{_SPACELESS}]+)?|[.,;!?\n，。；！？、]")

Spelling = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Token:
    """A word or a sign of a text, and where it stands there."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Return the words and the signs that end clauses, in lower case and in their order.

    Example:
        >>> [token.text for token in tokens("Two_Lemons, 蓝天")]
        ['two', 'lemons', ',', '蓝', '天']
    """
    return [
        Token(text=found.group().casefold().replace("’", "'"), start=found.start(), end=found.end())
        for found in _WORD.finditer(text)
    ]


def spelling(text: str) -> Spelling:
    """Return what a name is compared by: its words in the singular, signs left out.

    Example:
        >>> spelling("Wild-Cherries")
        ('wild', 'cherry')
    """
    return tuple(singular(token.text) for token in tokens(text) if token.text not in STOP_SIGNS)


def spaceless(word: str) -> bool:
    """Return whether a word is of a script without spaces."""
    return re.fullmatch(f"[{_SPACELESS}]+", word) is not None


def singular(word: str) -> str:
    """Return an English word in the singular, by its ending only.

    Both sides of a comparison go through here, so a wrong guess ("glass" stays, "lens" becomes "len") does
    no harm.

    Example:
        >>> [singular(word) for word in ("cherries", "peaches", "lemons", "grass")]
        ['cherry', 'peach', 'lemon', 'grass']
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes", "oes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
