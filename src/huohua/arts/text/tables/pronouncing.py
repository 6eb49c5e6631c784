"""How English words sound: syllables, stresses, and what they rhyme with.

Source: the CMU Pronouncing Dictionary, release 0.7a; perfect rhyme as in Corn, "The Poem's Heartbeat"
(1997): equal from the last stressed vowel on.
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, kw_only=True)
class Sound:
    """One pronunciation of a word.

    Attributes:
        stresses: one digit for each syllable: 1 stressed, 2 lightly stressed, 0 not.
        rhyme: the sounds from the last stressed vowel on, such as "AY T".
    """

    stresses: str
    rhyme: str

    @property
    def syllables(self) -> int:
        """Return how many syllables there are."""
        return len(self.stresses)


@cache
def pronunciations() -> Mapping[str, tuple[str, ...]]:
    """Return every known word, in lower case, with its pronunciations in the notation of the dictionary."""
    packed = resources.files("huohua.arts.text.tables").joinpath("sounds.txt.xz").read_bytes()
    found: dict[str, tuple[str, ...]] = {}
    for line in lzma.decompress(packed).decode("ascii").splitlines():
        word, _, sounds = line.partition(" ")
        found[word] = (*found.get(word, ()), sounds)
    return found


@cache
def sounds_of(word: str) -> tuple[Sound, ...]:
    """Return the pronunciations of a word in lower case, none where it is not known.

    Example:
        >>> [(sound.stresses, sound.rhyme) for sound in sounds_of("delight")]
        [('01', 'AY T')]
    """
    return tuple(dict.fromkeys(_sound(sounds) for sounds in pronunciations().get(word, ())))


def _sound(text: str) -> Sound:
    phones = text.split()
    vowels = [place for place, phone in enumerate(phones) if phone[-1].isdigit()]
    stressed = [place for place in vowels if phones[place][-1] != "0"]
    start = (stressed or vowels)[-1]
    return Sound(
        stresses="".join(phones[place][-1] for place in vowels),
        rhyme=" ".join(phone.rstrip("012") for phone in phones[start:]),
    )
