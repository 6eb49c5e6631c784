"""A small picture of a few bars: roles in their own colours, time to the right, pitch upwards, drums below.

It is for looking over many pieces at once, in reports and previews; a whole piece has a better piano roll.

Letters: H W pixels of the picture.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image

from huohua.arts.music.grid import Grid, strokes_in
from huohua.arts.music.grid_layout import STEPS_PER_QUARTER
from huohua.arts.music.roles import DRUMS, ROLES, Role

STEP, SEMITONE, DRUM = 3, 2, 3  # pixels
LOWEST, HIGHEST = 24, 108
PAPER, BAR_LINE, BEAT_LINE = (252, 251, 247), (190, 186, 176), (236, 233, 224)
COLOURS: Mapping[Role, tuple[int, int, int]] = {
    "lead": (200, 62, 40),
    "counter": (218, 142, 30),
    "inner": (92, 138, 62),
    "bass": (44, 74, 136),
    "harmony": (116, 158, 178),
    "drums": (70, 66, 62),
}
# Chords first, so that a melody is never hidden behind them.
ORDER: tuple[Role, ...] = ("harmony", *(role for role in ROLES if role != "harmony"))


def thumbnail(grid: Grid) -> Image.Image:
    """Return a picture of a grid, 3 pixels wide for each step; the first step of a note is darker."""
    pitches = (HIGHEST - LOWEST) * SEMITONE
    height, width = pitches + 2 + len(DRUMS) * DRUM, grid.bars * grid.steps * STEP
    pixels_HW3 = np.full((height, width, 3), PAPER, dtype=np.uint8)
    pixels_HW3[:, :: STEP * STEPS_PER_QUARTER] = BEAT_LINE
    pixels_HW3[:, :: STEP * grid.steps] = BAR_LINE
    pixels_HW3[pitches : pitches + 2] = BAR_LINE
    for role in ORDER:
        for start, end, pitch in strokes_in(grid, role):
            if role == "drums":
                top, thick = pitches + 2 + (len(DRUMS) - 1 - pitch) * DRUM, DRUM - 1
            else:
                top, thick = (
                    pitches - (min(max(pitch, LOWEST), HIGHEST - 1) - LOWEST + 1) * SEMITONE,
                    SEMITONE,
                )
            rows, left = slice(top, top + thick), start * STEP
            pixels_HW3[rows, left : end * STEP - 1] = COLOURS[role]
            pixels_HW3[rows, left : left + 1] = tuple(part // 2 for part in COLOURS[role])
    return Image.fromarray(pixels_HW3)
