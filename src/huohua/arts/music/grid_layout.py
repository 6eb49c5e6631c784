"""The numbers of a grid: its tokens, its pitches, its steps in each metre.

Letters of array names: N windows, B bars, V voices that sing one note at a time, S steps of a bar,
P pitches of harmony, D drums, R roles.
"""

from __future__ import annotations

from collections.abc import Mapping

from huohua.arts.music.piece import TICKS
from huohua.arts.music.roles import Role

# What a voice does in a step: it rests, holds its note, or strikes one.
REST, HOLD, FIRST_PITCH = 0, 1, 2
PITCHES = 72
PAD = FIRST_PITCH + PITCHES  # the steps that a short bar lacks
TOKENS = PAD + 1
LOWEST: Mapping[Role, int] = {"lead": 36, "counter": 36, "inner": 36, "bass": 24}

HARMONY_LOWEST, HARMONY_PITCHES = 36, 60
OFF, ONSET, HELD = 0, 1, 2

# A step is a sixteenth. Bars of other metres do not fit a grid.
STEPS, STEPS_PER_QUARTER = 16, 4
STEP_TICKS = TICKS // STEPS_PER_QUARTER
METRES: Mapping[tuple[int, int], int] = {(4, 4): 16, (3, 4): 12, (6, 8): 12, (2, 4): 8}
COMPOUND = (6, 8)

WINDOW = 8  # bars that a model sees at once
