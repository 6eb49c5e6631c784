"""The colour of each role, the same on every picture of music."""

from __future__ import annotations

from collections.abc import Mapping

from huohua.arts.music.roles import Role

Colour = tuple[int, int, int]

PAPER: Colour = (253, 252, 249)
INK: Colour = (38, 40, 46)
FADED: Colour = (132, 134, 142)
BLACK_KEYS: Colour = (245, 244, 240)
OCTAVE_LINE: Colour = (226, 224, 218)
BEAT_LINE: Colour = (235, 233, 228)
BAR_LINE: Colour = (186, 184, 178)

# Told apart by people who see few colours too: they differ in lightness as well as in hue.
ROLE_COLOURS: Mapping[Role, Colour] = {
    "lead": (214, 60, 58),
    "counter": (236, 148, 36),
    "inner": (40, 150, 120),
    "bass": (44, 82, 168),
    "harmony": (120, 164, 214),
    "drums": (92, 92, 104),
}
# Tracks whose role is not known, in their order.
OTHER_COLOURS: tuple[Colour, ...] = ((142, 92, 168), (166, 126, 92), (196, 108, 154), (112, 140, 62))
