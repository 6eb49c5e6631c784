"""Regulated verse (近体诗): 五绝, 七绝, 五律 and 七律 in all four standard tone patterns.

Every line is one of four types, and the order of types follows from the rules of opposition and adhesion
(对, 粘). What is fixed here is stricter than "one, three and five are free": the third of the last five
characters stays as it is, so that no line ends in three level or three oblique tones, and the first
character of the type 平平仄仄平 stays level, so that no level tone stands alone (孤平). Deviations with
their remedies (拗救) are not written; the checker counts them apart from regular lines.

Source: Wang Li, 《诗词格律》 (Rules of Verse and Lyric), chapter 2, sections 2, 3 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping

from huohua.arts.text.form import Form, Line, Pattern

# The four types by their last five characters, and the two that stand before them in lines of seven.
_TYPES: Mapping[str, tuple[str, str]] = {
    "a": ("中平", "中仄平平仄"),
    "b": ("中仄", "平平仄仄平"),
    "c": ("中仄", "中平平仄仄"),
    "d": ("中平", "中仄仄平平"),
}
_RHYMING = frozenset("bd")
_ORDER = "abcd"
# The type that opens, the one it opens with when the first line rhymes, and where the cycle goes on.
_OPENINGS: Mapping[tuple[str, bool], str] = {
    ("a", False): "a",
    ("a", True): "d",
    ("c", False): "c",
    ("c", True): "b",
}


def _types(opening: str, rhymes: bool, lines: int) -> str:
    """Return the types of all lines.

    Example:
        >>> _types("a", True, 8), _types("c", False, 4)
        ('dbcdabcd', 'cdab')
    """
    start = _ORDER.index(opening)
    cycle = "".join(_ORDER[(start + number) % 4] for number in range(lines))
    return _OPENINGS[opening, rhymes] + cycle[1:]


def _line(kind: str, length: int, mark: str, *, last: bool = False) -> Line:
    before, tones = _TYPES[kind]
    rhymes = kind in _RHYMING
    return Line(
        fewest=length,
        most=length,
        tones=(before if length == 7 else "") + tones,
        rhyme="a" if rhymes else "",
        mark=mark,
        closes_stanza=last,
    )


def _pattern(opening: str, rhymes: bool, lines: int, length: int) -> Pattern:
    types = _types(opening, rhymes, lines)
    first = _line(types[0], length, "").tones[1]
    name = f"{first}起首句{'' if rhymes else '不'}入韵"
    marks = "，。" * (lines // 2)
    return Pattern(
        name=name,
        lines=tuple(_line(kind, length, marks[n], last=n == lines - 1) for n, kind in enumerate(types)),
    )


def _form(name: str, title: str, alias: str, *, lines: int, length: int) -> Form:
    patterns = tuple(_pattern(opening, rhymes, lines, length) for opening, rhymes in _OPENINGS)
    return Form(name=name, language="zh", title=title, aliases=(alias,), patterns=patterns, book="pingshui")


REGULATED: tuple[Form, ...] = (
    _form("五绝", "quatrain of five characters a line", "quatrain-5", lines=4, length=5),
    _form("七绝", "quatrain of seven characters a line", "quatrain-7", lines=4, length=7),
    _form("五律", "eight lines of five characters", "regulated-5", lines=8, length=5),
    _form("七律", "eight lines of seven characters", "regulated-7", lines=8, length=7),
)
