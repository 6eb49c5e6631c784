"""English verse against a form, from the text and the plain dictionary.

Every way to pronounce a line is tried; the line fits if one of them has the syllables and stresses asked.

Source: Corn, "The Poem's Heartbeat" (1997).
"""

from __future__ import annotations

import lzma
import re
from functools import cache
from importlib import resources
from itertools import product

from huohua.arts.text.checking.report import Fault, FormReport
from huohua.arts.text.form import Form, Line, Pattern

_WORD = re.compile(r"[a-z']*[a-z][a-z']*")
_VOWELS = re.compile(r"[aeiouy]+")


@cache
def _dictionary() -> dict[str, list[str]]:
    path = resources.files("huohua.arts.text") / "tables" / "sounds.txt.xz"
    text = lzma.decompress(path.read_bytes()).decode("ascii")
    found: dict[str, list[str]] = {}
    for entry in re.finditer(r"^(\S+) (.+)$", text, re.MULTILINE):
        found.setdefault(entry[1], []).append(entry[2])
    return found


def _pronounced(word: str) -> list[str]:
    return _dictionary().get(word, [])


@cache
def _beats(word: str) -> frozenset[str]:
    """Return the stresses of each pronunciation; a guess, without stress, for a word that is not known."""
    known = _pronounced(word) or (_pronounced(word.strip("'")) if word.strip("'") else ())
    if known:
        return frozenset("".join(re.findall(r"\d", sounds)) for sounds in known)
    silent = word.endswith("e") and not word.endswith("le") and len(_VOWELS.findall(word)) > 1
    return frozenset({"0" * max(1, len(_VOWELS.findall(word)) - silent)})


def words_of(line: str) -> list[str]:
    """Return the words of a line in lower case.

    Example:
        >>> words_of("O’er hill—and dale, 'tis Love's!")
        ["o'er", 'hill', 'and', 'dale', "'tis", "love's"]
    """
    return _WORD.findall(line.casefold().replace("’", "'"))


def rhyme_parts(word: str) -> frozenset[str]:
    """Return what follows the last stressed vowel's onset, for each pronunciation, without stress marks."""
    parts = set()
    for sounds in _pronounced(word):
        strong = [match.start() for match in re.finditer(r"[A-Z]+[12]", sounds)]
        weak = [match.start() for match in re.finditer(r"[A-Z]+0", sounds)]
        parts.add(re.sub(r"\d", "", sounds[(strong or weak)[-1] :]))
    return frozenset(parts)


def _lengths(words: list[str]) -> set[int]:
    totals = {0}
    for word in words:
        totals = {total + len(beats) for total in totals for beats in _beats(word)}
    return totals


def _keeps_metre(words: list[str], line: Line) -> bool:
    """Return whether a way to say the line has its length, with stresses on even syllables.

    Words of one syllable take any stress, light stress is free, and the first foot may be turned round.
    """
    wanted = range(line.fewest, line.most + 1)
    spoken = {""}
    for word in words:
        options = {beats if len(beats) > 1 else "-" for beats in _beats(word)}
        spoken = {said + beats for said, beats in product(spoken, options) if len(said + beats) <= line.most}
    return any(len(said) in wanted and "1" not in said[2::2] for said in spoken)


def check_english(text: str, form: Form) -> FormReport:
    """Return how a text keeps a form of English verse."""
    lines = [words for row in text.splitlines() if (words := words_of(row))]
    return min((_against(lines, form, pattern) for pattern in form.patterns), key=lambda one: len(one.faults))


def _against(lines: list[list[str]], form: Form, pattern: Pattern) -> FormReport:
    if len(lines) != len(pattern.lines):
        fault = Fault(line=0, what=f"it has {len(lines)} lines, not {len(pattern.lines)}")
        return FormReport(form=form.name, pattern=pattern.name, lengths=False, rhymes=False, faults=(fault,))
    pairs = list(enumerate(zip(lines, pattern.lines, strict=True), start=1))
    length = [
        Fault(
            line=number,
            what=f"it has {_said(_lengths(words))} syllables, not {_said({line.fewest, line.most})}",
        )
        for number, (words, line) in pairs
        if not _lengths(words) & set(range(line.fewest, line.most + 1))
    ]
    stress = [
        Fault(line=number, what="its stresses are not iambic")
        for number, (words, line) in pairs
        if line.metre == "iambic" and not _keeps_metre(words, line)
    ]
    unknown = [(number, word) for number, (words, _) in pairs for word in words if not _pronounced(word)]
    rhyme, repeated = _rhyme_faults(lines, pattern)
    return FormReport(
        form=form.name,
        pattern=pattern.name,
        lengths=not length,
        stress=not stress,
        rhymes=not rhyme,
        repeated=tuple(repeated),
        unknown=tuple(word for _, word in unknown),
        faults=(
            *length,
            *stress,
            *(Fault(line=number, what=f"'{word}' is not in the dictionary") for number, word in unknown),
            *rhyme,
            *(Fault(line=0, what=f"'{word}' rhymes with itself") for word in repeated),
        ),
    )


def _said(lengths: set[int]) -> str:
    return " or ".join(map(str, sorted(lengths)))


def _rhyme_faults(lines: list[list[str]], pattern: Pattern) -> tuple[list[Fault], list[str]]:
    faults: list[Fault] = []
    repeated: list[str] = []
    for letter in sorted({line.rhyme for line in pattern.lines if line.rhyme}):
        members = [number for number, line in enumerate(pattern.lines) if line.rhyme == letter]
        ends = [lines[number][-1] for number in members]
        if not frozenset.intersection(*(rhyme_parts(word) for word in ends)):
            faults.append(Fault(line=members[-1] + 1, what=f"{', '.join(ends)} do not rhyme"))
        repeated += sorted({word for word in ends if ends.count(word) > 1})
    return faults, repeated
