"""Who plays which role in which style: General MIDI instruments for pieces that nobody wrote parts for.

Source: MMA, "General MIDI 1 Sound Set" (program numbers, here from 0).
"""

from __future__ import annotations

from collections.abc import Mapping

from huohua.arts.music.roles import PROGRAMS, Role

Ensemble = Mapping[Role, int]

CHOIR: Ensemble = {"lead": 52, "counter": 52, "inner": 52, "bass": 52, "harmony": 19}
STRINGS: Ensemble = {"lead": 40, "counter": 40, "inner": 41, "bass": 42, "harmony": 48}
SONG: Ensemble = {"lead": 52, "counter": 52, "inner": 41, "bass": 0, "harmony": 0}
FOLK: Ensemble = {"lead": 40, "counter": 73, "inner": 41, "bass": 32, "harmony": 24}
POP: Ensemble = {"lead": 73, "counter": 48, "inner": 49, "bass": 33, "harmony": 0}
JAZZ: Ensemble = {"lead": 66, "counter": 56, "inner": 57, "bass": 32, "harmony": 0}

# The first word that stands in a style's name says who plays it.
ENSEMBLES: Mapping[str, Ensemble] = {
    "chorale": CHOIR,
    "quartet": STRINGS,
    "lied": SONG,
    "art song": SONG,
    "folk": FOLK,
    "pop": POP,
    "jazz": JAZZ,
}


def programs_of(style: str) -> Mapping[Role, int]:
    """Return the instrument of each role in a style.

    Example:
        >>> programs_of("jazz")["lead"], programs_of("something new")["bass"]
        (66, 32)
    """
    found: Ensemble = next((ensemble for word, ensemble in ENSEMBLES.items() if word in style.casefold()), {})
    return {**PROGRAMS, **found}
