"""The rhyme books: which tone a character has, and which characters rhyme with it.

A character may have both tones and belong to several groups; which of them is meant depends on its sense,
which no table knows. Both readings are accepted wherever one fits.

Source: 平水韵 (Wang Wenyu 1229), 106 groups, for regulated verse; Ge Zai 1821, 《词林正韵》, 19
parts, for lyrics; 中华诗词学会 2005, 《中华新韵》, 14 parts, for the sounds of today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from huohua.errors import UsageError

LEVEL, OBLIQUE, ENTERING = "平", "仄", "入"
# Each book, and the one that fills in tones where the first has no such character.
BOOKS: Mapping[str, tuple[str, ...]] = {
    "pingshui": ("pingshui", "cilin"),
    "cilin": ("cilin", "pingshui"),
    "xinyun": ("xinyun",),
}
_TONES = {"平": LEVEL, "上": OBLIQUE, "去": OBLIQUE, "仄": OBLIQUE, "入": ENTERING}


@dataclass(frozen=True, kw_only=True)
class RhymeBook:
    """One rhyme book.

    Attributes:
        name: its key in `BOOKS`.
        groups: the characters of each rhyme group and tone (平, 仄 or 入).
        tones: 平, 仄 or both for each character that is known.
    """

    name: str
    groups: Mapping[tuple[str, str], frozenset[str]]
    tones: Mapping[str, frozenset[str]]

    def tones_of(self, character: str) -> frozenset[str]:
        """Return the tones a character may have, none where the book does not know it.

        Example:
            >>> sorted(rhyme_book("pingshui").tones_of("看")), sorted(rhyme_book("pingshui").tones_of("月"))
            (['仄', '平'], ['仄'])
        """
        return self.tones.get(character, frozenset())

    def rhyming(self, tone: str, *, entering: bool = False) -> dict[str, frozenset[str]]:
        """Return the characters of each group in one tone, 平 or 仄.

        Args:
            tone: 平 or 仄; oblique takes in the entering tone.
            entering: whether only the entering tone counts as oblique.
        """
        wanted = {LEVEL} if tone == LEVEL else {ENTERING} if entering else {OBLIQUE, ENTERING}
        found: dict[str, frozenset[str]] = {}
        for (group, group_tone), characters in self.groups.items():
            if group_tone in wanted:
                found[group] = found.get(group, frozenset()) | characters
        return found


@cache
def rhyme_book(name: str) -> RhymeBook:
    """Return a rhyme book by its name.

    Raises:
        UsageError: there is no such book.
    """
    if name not in BOOKS:
        raise UsageError(f"There is no rhyme book '{name}'.", advice=f"There are: {', '.join(BOOKS)}.")
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for group, tone, characters in _rows(name):
        groups[group, tone].update(characters)
    tones: dict[str, set[str]] = defaultdict(set)
    for other in BOOKS[name]:
        for _, tone, characters in _rows(other):
            for character in characters:
                tones[character].add(LEVEL if tone == LEVEL else OBLIQUE)
    return RhymeBook(
        name=name,
        groups={key: frozenset(members) for key, members in groups.items()},
        tones={character: frozenset(found) for character, found in tones.items()},
    )


@cache
def _rows(name: str) -> tuple[tuple[str, str, str], ...]:
    """Return (group, tone, characters) for each line of a book's file."""
    text = resources.files("huohua.arts.text.tables").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines())
    return tuple((group, _TONES[tone], characters) for tone, group, characters in rows)
