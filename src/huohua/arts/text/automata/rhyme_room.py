"""Which rhyme groups are still open to a letter of a scheme, and whether each has characters enough left.

A group stays open only while it holds an unused character for every rhyme still to come; so a rhyme that
has been begun can always be finished.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.form import EITHER, LEVEL
from huohua.arts.text.han import is_han
from huohua.arts.text.tables.rhyme_book import RhymeBook, rhyme_book
from huohua.arts.text.vocabulary import Vocabulary


@dataclass(frozen=True)
class RhymeRoom:
    """The rhyme groups of a book as far as a vocabulary can write them.

    Attributes:
        book, vocabulary: what meets here.
        entering: whether oblique rhymes are to be of the entering tone.
    """

    book: RhymeBook
    vocabulary: Vocabulary
    entering: bool = False

    @cached_property
    def characters(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Return the characters that can be written, by group and tone (平 or 仄)."""
        known = frozenset(self.vocabulary.ids)
        return {
            (group, tone): characters & known
            for tone in "平仄"
            for group, characters in self.book.rhyming(tone, entering=self.entering and tone != LEVEL).items()
        }

    @cached_property
    def groups(self) -> frozenset[str]:
        """Return the names of all groups."""
        return frozenset(group for group, _ in self.characters)

    def holds(self, group: str, tone: str, character: str) -> bool:
        """Return whether a character belongs to a group in a tone."""
        return character in self.characters.get((group, tone), ())

    def enough(self, group: str, tones: Counter[str], used: frozenset[str]) -> bool:
        """Return whether a group has as many unused characters of each tone as are still wanted."""
        return all(
            len(self.characters.get((group, tone), frozenset()) - used) >= wanted
            for tone, wanted in tones.items()
        )

    @cached_property
    def tones(self) -> Mapping[str, NDArray[np.bool_]]:
        """Return mask_V of all characters that may stand at 平, 仄 and 中; not to be written to."""
        masks = {tone: np.zeros(len(self.vocabulary), dtype=np.bool_) for tone in "平仄中"}
        for piece, token in self.vocabulary.ids.items():
            if is_han(piece):
                masks[EITHER][token] = True
                for tone in self.book.tones_of(piece):
                    masks[tone][token] = True
        for mask in masks.values():
            mask.flags.writeable = False
        return masks

    @cached_property
    def _masks(self) -> dict[tuple[frozenset[str], str], NDArray[np.bool_]]:
        return {}

    def mask(self, groups: frozenset[str], tone: str) -> NDArray[np.bool_]:
        """Return mask_V, true for the characters of any of some groups in a tone; not to be written to."""
        found = self._masks.get((groups, tone))
        if found is None:
            found = np.zeros(len(self.vocabulary), dtype=np.bool_)
            ids = self.vocabulary.ids
            for group in groups:
                for character in self.characters.get((group, tone), ()):
                    found[ids[character]] = True
            found.flags.writeable = False
            self._masks[groups, tone] = found
        return found


@lru_cache(maxsize=8)
def rhyme_room(book: str, vocabulary: Vocabulary, entering: bool) -> RhymeRoom:
    """Return the rhyme groups of a book as far as a vocabulary can write them, made once for each."""
    return RhymeRoom(rhyme_book(book), vocabulary, entering)
