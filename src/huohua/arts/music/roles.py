"""What a track does in a piece: six roles, and the nine drums of the last of them.

The first four are voices that sound one note at a time; harmony sounds several; drums are nine classes
of the General MIDI kit.

Source: MMA, "General MIDI 1 Sound Set" (program numbers, percussion keys 35 to 81); Gillick et al. 2019,
"Learning to Groove with Inverse Sequence Transformations", appendix (nine classes of drums, and the keys
26, 22 and 58 of the electronic kit that its data were played on).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Role = Literal["lead", "counter", "inner", "bass", "harmony", "drums"]
Drum = Literal[
    "kick", "snare", "closed hat", "open hat", "low tom", "mid tom", "high tom", "crash", "ride"
]  # fmt: skip

ROLES: tuple[Role, ...] = get_args(Role)
VOICES: tuple[Role, ...] = ROLES[:4]
DRUMS: tuple[Drum, ...] = get_args(Drum)

# An instrument for a role whose track names none, from 0: flute, clarinet, viola, double bass, piano.
PROGRAMS: Mapping[Role, int] = {
    "lead": 73,
    "counter": 71,
    "inner": 41,
    "bass": 32,
    "harmony": 0,
    "drums": 0,
}

# The key that stands for a class when drums are written …
DRUM_PITCHES: Mapping[Drum, int] = {
    "kick": 36,
    "snare": 38,
    "closed hat": 42,
    "open hat": 46,
    "low tom": 43,
    "mid tom": 47,
    "high tom": 50,
    "crash": 49,
    "ride": 51,
}

# … and the keys that are read as it. Latin percussion goes to the drum of the kit that is nearest in sound.
_KEYS: Mapping[Drum, tuple[int, ...]] = {
    "kick": (35, 36),
    "snare": (37, 38, 39, 40, 65, 75, 76, 77),
    "closed hat": (22, 42, 44, 54, 69, 70, 73, 80, 82),
    "open hat": (26, 46, 74, 81),
    "low tom": (41, 43, 58, 64, 66),
    "mid tom": (45, 47, 61, 63, 78),
    "high tom": (48, 50, 60, 62, 79),
    "crash": (49, 52, 55, 57),
    "ride": (51, 53, 56, 59, 67, 68),
}

DRUM_OF_PITCH: Mapping[int, Drum] = {pitch: drum for drum, pitches in _KEYS.items() for pitch in pitches}
