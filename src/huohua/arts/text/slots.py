"""What a token is for: its line, how much of the line is left, its tone and its rhyme.

A generator is told this of the token it is about to write, and so can make for the end of a line and for its
rhyme in good time. Automata say it of what they are writing; `read_ahead` says the same of a finished text,
for training.

Source: Li et al. 2020, "Rigid Formats Controlled Text Generation" (SongNet), section 3.1: format, rhyme and
intra-position symbols; tone is ours.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from huohua.arts.text.form import LEVEL, OBLIQUE, Language
from huohua.arts.text.han import is_han
from huohua.arts.text.tables.pronouncing import sounds_of
from huohua.arts.text.tables.rhyme_book import RhymeBook, rhyme_book

UNDECIDED = "?"  # a line rhymes, and which rhyme it is stays open
LINES, LEFTS, TONES, RHYMES = 48, 34, 3, 512  # how many numbers each of the four has
LEAD = "\t"  # stands behind the last word of a line, where that is written first
NEAR = 4  # lines within which two English lines are heard to rhyme

_STOPS = frozenset("。！？；.!?")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


class Ahead(NamedTuple):
    """What the next token is for.

    Attributes:
        line: its line, from 0: a clause in Chinese, a line of print in English; -1 for none.
        left: characters (Chinese) or syllables (English) of the line that are not written yet, this token's
            included; 0 at the mark or break that closes it; None where the line is as long as it likes.
        tone: 平 or 仄 where one is asked for, else "".
        rhyme: the rhyme of its line, such as "pingshui:东" or "en:AY T"; `UNDECIDED`; "" for none.
    """

    line: int = -1
    left: int | None = None
    tone: str = ""
    rhyme: str = ""

    def numbers(self) -> tuple[int, int, int, int]:
        """Return the four as numbers for embeddings; 0 says nothing.

        Example:
            >>> Ahead(line=0, left=0, tone="平").numbers()
            (1, 1, 1, 0)
        """
        return _numbers(self)


@lru_cache(maxsize=1 << 16)
def _numbers(ahead: Ahead) -> tuple[int, int, int, int]:
    line = min(ahead.line, LINES - 2) + 1
    left = 0 if ahead.left is None else min(ahead.left, LEFTS - 2) + 1
    return line, left, {LEVEL: 1, OBLIQUE: 2}.get(ahead.tone, 0), rhyme_number(ahead.rhyme)


def rhyme_number(rhyme: str) -> int:
    """Return the number of a rhyme: 0 for none, 1 if undecided; names share the others by their checksum."""
    if not rhyme:
        return 0
    return 1 if rhyme == UNDECIDED else 2 + zlib.crc32(rhyme.encode()) % (RHYMES - 2)


def read_ahead(text: str, language: Language, book: str = "pingshui") -> list[Ahead]:
    """Return what each character of a finished text is for.

    Args:
        text: as datasets hold it.
        language: "zh" or "en".
        book: the rhyme book by which Chinese is read.

    Example:
        >>> [tuple(ahead) for ahead in read_ahead("月明。", "zh")]
        [(0, 2, '仄', ''), (0, 1, '平', ''), (0, 0, '', '')]
    """
    return _chinese(text, rhyme_book(book)) if language == "zh" else _english(text)


def _chinese(text: str, book: RhymeBook) -> list[Ahead]:
    clauses = list(_clauses(text))
    rhymes = _chinese_rhymes([clause for clause, _ in clauses], [stop for _, stop in clauses], book)
    found: list[Ahead] = []
    for number, ((clause, _), rhyme) in enumerate(zip(clauses, rhymes, strict=True)):
        left = sum(map(is_han, clause))
        for character in clause:
            if is_han(character):
                found.append(Ahead(number, left, _only_tone(book.name, character), rhyme))
                left -= 1
            else:
                # Inside a line a mark leaves the line open; behind its last character it closes it.
                found.append(Ahead(line=number, left=left, rhyme=rhyme if left else ""))
    return found


@lru_cache(maxsize=1 << 16)
def _only_tone(book: str, character: str) -> str:
    tones = rhyme_book(book).tones_of(character)
    return next(iter(tones)) if len(tones) == 1 else ""


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each clause with the marks and breaks behind it, and whether a full stop closes it."""
    for match in re.finditer(r"[^，。！？；、：\n]*[，。！？；、：\n]*", text):
        if match.group():
            yield match.group(), bool(_STOPS & set(match.group())) or match.end() == len(text)


def _chinese_rhymes(clauses: Sequence[str], stops: Sequence[bool], book: RhymeBook) -> list[str]:
    """Return the rhyme of each clause: a group that closes two sentences; the first line may join in."""
    ends = [next((c for c in reversed(clause) if is_han(c)), "") for clause in clauses]
    groups = [_groups(book.name).get(end, ()) for end in ends]
    heard = Counter(group for of, stop in zip(groups, stops, strict=True) if stop for group in of)
    rhymes = []
    for number, (of, stop) in enumerate(zip(groups, stops, strict=True)):
        count, best = max(((heard[group], group) for group in of), default=(0, ("", False)))
        rhymes.append(f"{book.name}:{best[0]}" if count > 1 and (stop or number == 0) else "")
    return rhymes


@cache
def _groups(book: str) -> Mapping[str, tuple[tuple[str, bool], ...]]:
    """Return for each character the groups it rhymes in, each with whether its tone is level there."""
    found: dict[str, tuple[tuple[str, bool], ...]] = {}
    for (group, tone), characters in rhyme_book(book).groups.items():
        for character in characters:
            found[character] = (*found.get(character, ()), (group, tone == LEVEL))
    return found


def _english(text: str) -> list[Ahead]:
    lines = text.split("\n")
    rhymes = _english_rhymes(lines)
    found: list[Ahead] = []
    for number, (line, rhyme) in enumerate(zip(lines, rhymes, strict=True)):
        found += _english_line(line, number, rhyme)
        if number < len(lines) - 1:
            found.append(Ahead(line=number, left=0))
    return found


def _english_line(line: str, number: int, rhyme: str) -> list[Ahead]:
    """Return what each character is for; a space belongs to the word behind it, as in tokens."""
    begin = line.find(LEAD) + 1
    words = list(_WORD.finditer(line, begin))
    left = sum(syllables(word.group()) for word in words)
    # The last word, where it is written first, is for the whole line.
    found = [Ahead(line=number, left=left, rhyme=rhyme)] * begin
    for word in words:
        ahead = Ahead(line=number, left=left, rhyme=rhyme)
        found += [ahead] * (word.end() - len(found))
        left -= syllables(word.group())
    return found + [Ahead(line=number, left=0)] * (len(line) - len(found))


def _english_rhymes(lines: Sequence[str]) -> list[str]:
    ends = [_WORD.findall(line)[-1:] for line in lines]
    sounds = [{sound.rhyme for sound in sounds_of(end[0].lower())} if end else set[str]() for end in ends]
    rhymes = []
    for number, own in enumerate(sounds):
        near = [
            other
            for place in range(max(0, number - NEAR), min(len(lines), number + NEAR + 1))
            if place != number and ends[place] != ends[number]
            for other in sounds[place]
        ]
        shared = sorted(own & set(near))
        rhymes.append(f"en:{shared[0]}" if shared else "")
    return rhymes


def with_leads(text: str) -> str:
    r"""Return a text with the last word of each line before it, so that rhymes are chosen and not met.

    Example:
        >>> with_leads("An old silent pond.\n\nSplash!")
        'pond\tAn old silent pond.\n\nsplash\tSplash!'
    """
    lines = [(line, _WORD.findall(line)[-1:]) for line in text.split("\n")]
    return "\n".join(f"{last[0].lower()}{LEAD}{line}" if last else line for line, last in lines)


def syllables(word: str) -> int:
    """Return the syllables of an English word, by its letters where the dictionary does not know it.

    Example:
        >>> syllables("garden"), syllables("zorbled")
        (2, 2)
    """
    sounds = sounds_of(word.lower().replace("’", "'"))
    return sounds[0].syllables if sounds else max(1, len(_VOWELS.findall(word.lower())))
