"""Keys as people write them: "G minor", "Bb", "F#m", "降B大调"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from huohua.arts.music.midi_writing import MAJOR_KEYS, MINOR_KEYS
from huohua.arts.music.piece import Key
from huohua.errors import UsageError

LETTERS: Mapping[str, int] = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_UP, _DOWN = ("#", "♯", "sharp", "升"), ("b", "♭", "flat", "降")
_MINOR = ("m", "min", "minor", "小调")
_KEY = re.compile(r"(升|降)?\s*([a-g])\s*(#|♯|b|♭|sharp|flat)?\s*-?\s*(m|min|minor|maj|major|大调|小调)?")


def key_of_name(name: str) -> Key:
    """Return the key of a name.

    Raises:
        UsageError: it is no key.

    Example:
        >>> [(key.tonic, key.mode) for key in map(key_of_name, ("G minor", "Bb", "F#m", "降B大调"))]
        [(7, 'minor'), (10, 'major'), (6, 'minor'), (10, 'major')]
    """
    found = _KEY.fullmatch(name.strip().casefold())
    if found is None:
        raise UsageError(f"'{name}' is no key.", advice="Write it as in 'G minor', 'Bb major' or 'F#m'.")
    before, letter, after, mode = (part or "" for part in found.groups())
    moved = sum((sign in _UP) - (sign in _DOWN) for sign in (before, after))
    return Key(tonic=(LETTERS[letter] + moved) % 12, mode="minor" if mode in _MINOR else "major")


def name_of_key(key: Key) -> str:
    """Return a key in words.

    Example:
        >>> name_of_key(Key(tonic=10)), name_of_key(Key(tonic=6, mode="minor"))
        ('Bb major', 'F# minor')
    """
    name = (MAJOR_KEYS if key.mode == "major" else MINOR_KEYS)[key.tonic].removesuffix("m")
    return f"{name} {key.mode}"
