"""Which form a text has the shape of: by the name it was given, if its lengths agree, or by its lengths."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from huohua.arts.text.form import Form, Language, Pattern
from huohua.arts.text.form_table import forms
from huohua.arts.text.han import HAN
from huohua.arts.text.tables.pronouncing import sounds_of

_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
MOST_LINES = 0.7  # the share of lines that must be near their length
_BREAKS = re.compile(r"[\s，。、！？；：]+")
# What collections call forms that have another name here.
OTHER_NAMES: Mapping[str, str] = {
    "五言绝句": "五绝",
    "七言绝句": "七绝",
    "五言律诗": "五律",
    "七言律诗": "七律",
    "一翦梅": "一剪梅",
    "丑奴儿": "采桑子",
    "木兰花": "玉楼春",
    "水调歌": "水调歌头",
    "sonnet-14": "sonnet",
    "scene": "drama",
    "segment": "drama",
    "fairy tale": "tale",
}


def language_of(text: str) -> Language:
    """Return "zh" for a text mostly in Chinese characters, else "en".

    Example:
        >>> language_of("月落乌啼"), language_of("moonset"), language_of("ليل")
        ('zh', 'en', 'en')
    """
    sample = text[:4000]
    return "zh" if 2 * len(HAN.findall(sample)) > len(_LETTERS.findall(sample)) else "en"


def form_of(text: str, language: Language, said: str) -> str:
    """Return the name of the form that a text has the shape of, or "".

    Args:
        text: without marks of any file format.
        language: that of the text.
        said: what its source calls its form, or "".
    """
    named = forms().get(OTHER_NAMES.get(said, said))
    if named is not None and named.language == language:
        return named.name if _fits(text, named) else ""
    if language != "zh":
        return ""
    return _regulated().get(_lengths(text), "")


def _fits(text: str, form: Form) -> bool:
    if form.kind != "verse":
        return True
    if form.language == "zh":
        return _lengths(text) in {tuple(line.most for line in one.lines) for one in form.patterns}
    lines = [line for line in text.split("\n") if line.strip()]
    return any(_near(lines, pattern) for pattern in form.patterns)


def _near(lines: Sequence[str], pattern: Pattern) -> bool:
    """Return whether lines are as many as a pattern has, and most within a syllable of its lengths."""
    if len(lines) != len(pattern.lines):
        return False
    near = [
        asked.fewest - 1 <= _syllables(line) <= asked.most + 1
        for line, asked in zip(lines, pattern.lines, strict=True)
    ]
    return sum(near) >= MOST_LINES * len(near)


def _syllables(line: str) -> int:
    found = 0
    for word in _WORD.findall(line.lower().replace("’", "'")):
        sounds = sounds_of(word)
        found += sounds[0].syllables if sounds else max(1, len(_VOWELS.findall(word)))
    return found


def _lengths(text: str) -> tuple[int, ...]:
    if len(text) > 400:  # longer than any form of fixed lengths
        return ()
    return tuple(len(clause) for clause in _BREAKS.split(text) if clause)


@cache
def _regulated() -> Mapping[tuple[int, ...], str]:
    """Return the forms that the lengths of lines tell alone: those of equal lines."""
    names = ("五绝", "七绝", "五律", "七律")
    return {tuple(line.most for line in forms()[name].patterns[0].lines): name for name in names}
