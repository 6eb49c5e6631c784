"""A prompt as units: the longest runs of words that the lexicon or a model's own names know.

What neither knows may be guessed: an encoder of words, where one is installed, names the entry of the
lexicon that is nearest in meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from huohua.conditions.lexicon import spellings
from huohua.conditions.lexicon_entry import Entry
from huohua.conditions.lexicon_grammar import SMALL_WORDS
from huohua.conditions.space import ConditionSpace
from huohua.conditions.spelling import Spelling, Token, singular, spaceless, spelling, tokens

Names = tuple[tuple[str, str], ...]  # (group, name) pairs
Guess = Callable[[str], "Entry | None"]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A run of words that means one thing, or nothing that is known.

    Attributes:
        words: as they stand in the prompt.
        start, end: where.
        names: the conditions of the model that are spelt so.
        entry: what the lexicon says, if it has the words.
        guessed: whether the entry is only the nearest in meaning.
    """

    words: str
    start: int
    end: int
    names: Names = ()
    entry: Entry | None = None
    guessed: bool = False

    @property
    def known(self) -> bool:
        """Return whether anything knows these words."""
        return bool(self.names) or self.entry is not None


def units(prompt: str, space: ConditionSpace, guess: Guess | None = None) -> list[Unit]:
    """Cut a prompt into units; small words that ask for nothing are left out."""
    found = _joined(list(_cut(prompt, _names_of(space))), prompt)
    if guess is None:
        return found
    return [unit if unit.known else _guessed(unit, guess) for unit in found]


def _cut(prompt: str, names: Mapping[Spelling, Names]) -> Iterator[Unit]:
    known = spellings()
    longest = max(len(spelt) for spelt in (*known, *names))
    cut = tokens(prompt)
    place = 0
    while place < len(cut):
        length, unit = _longest_match(cut[place : place + longest], prompt, names, known)
        if unit.known or cut[place].text not in SMALL_WORDS:
            yield unit
        place += length


def _longest_match(
    ahead: Sequence[Token], prompt: str, names: Mapping[Spelling, Names], known: Mapping[Spelling, Entry]
) -> tuple[int, Unit]:
    for length in range(len(ahead), 0, -1):
        spelt = tuple(singular(token.text) for token in ahead[:length])
        named, entry = names.get(spelt, ()), known.get(spelt)
        if named or entry:
            start, end = ahead[0].start, ahead[length - 1].end
            words = prompt[start:end]
            return length, Unit(
                words=words, start=start, end=end, names=_as_written(words, named), entry=entry
            )
    first = ahead[0]
    return 1, Unit(words=prompt[first.start : first.end], start=first.start, end=first.end)


def _joined(found: Sequence[Unit], prompt: str) -> list[Unit]:
    """Join unknown letters of a script without spaces where they follow one another."""
    joined: list[Unit] = []
    for unknown, run in groupby(found, key=lambda unit: not unit.known and spaceless(unit.words)):
        for unit in run:
            if unknown and joined and not joined[-1].known and joined[-1].end == unit.start:
                first = joined.pop()
                unit = Unit(words=prompt[first.start : unit.end], start=first.start, end=unit.end)
            joined.append(unit)
    return joined


def _guessed(unit: Unit, guess: Guess) -> Unit:
    entry = guess(unit.words)
    return Unit(words=unit.words, start=unit.start, end=unit.end, entry=entry, guessed=entry is not None)


@lru_cache(maxsize=64)
def _names_by_spelling(groups: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[Spelling, Names]:
    names: dict[Spelling, list[tuple[str, str]]] = {}
    for group, group_names in groups:
        for name in group_names:
            if spelt := spelling(name):
                names.setdefault(spelt, []).append((group, name))
    return {spelt: tuple(pairs) for spelt, pairs in names.items()}


def _names_of(space: ConditionSpace) -> Mapping[Spelling, Names]:
    """Return the labelled conditions by how they are spelt; the lexicon speaks for measured ones."""
    return _names_by_spelling(
        tuple((group, names) for group, names in space.groups.items() if not space.measured(group))
    )


def _as_written(words: str, found: Names) -> Names:
    """Where a group knows both "heart" and "hearts", keep the one that was written."""
    plain = [token.text for token in tokens(words)]
    exact = {(group, name) for group, name in found if [token.text for token in tokens(name)] == plain}
    settled = {group for group, _ in exact}
    return tuple(pair for pair in found if pair in exact or pair[0] not in settled)
