"""The lexicon: which words of English and Chinese ask for which colours, places and looks.

The tables beside this file are its pages; what they say is checked by a test. Here they are joined and
looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from huohua.conditions.lexicon_colours import COLOUR_WORDS
from huohua.conditions.lexicon_entry import Entry
from huohua.conditions.lexicon_grammar import (
    AND,
    JOINTS,
    MODIFIERS,
    OTHER_WORDS,
    PLACE_WORDS,
    STOP_SIGNS,
    UNSEEN,
)
from huohua.conditions.lexicon_looks import LOOK_WORDS
from huohua.conditions.lexicon_things import THING_WORDS
from huohua.conditions.spelling import Spelling, spelling

# Entries that ask for something, and those that only work on others.
ASKING: tuple[Entry, ...] = (*COLOUR_WORDS, *LOOK_WORDS, *THING_WORDS)
SERVING: tuple[Entry, ...] = (*MODIFIERS, *PLACE_WORDS, *JOINTS, *UNSEEN)
ENTRIES: tuple[Entry, ...] = (*ASKING, *SERVING)

STOP = Entry(name="stop", kind="stop")
# A word that is known to be none of the others.
OTHER = Entry(name="other", kind="unseen")


@lru_cache(maxsize=1)
def spellings() -> Mapping[Spelling, Entry]:
    """Return every word of the lexicon by how it is spelt, with the signs that end a clause."""
    found = {spelling(word): entry for entry in ENTRIES for word in entry.words}
    found |= {spelling(word): OTHER for word in OTHER_WORDS}
    return found | {(sign,): STOP for sign in STOP_SIGNS} | {("、",): AND}
