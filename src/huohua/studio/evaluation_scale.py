"""Figures of one art on lines of their own: real works in the middle, wrong works around, the model between.

Each line is drawn on its own scale, on which the wrong works that are farthest from real ones are at 1.
Inline SVG in the style of `plots.py`; the page's style sheet colours it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from huohua.arts.yardstick import OwnFigure
from huohua.studio.plots import RIGHT, TOP, WIDTH, drawing

ROW, NAMES = 17, 148  # height of a line, and room for names
FARTHEST = 1.3  # of the scale; what lies farther is drawn there
LEAST = 0.01  # of a floor, or of 1, that the farthest wrong works must be from it
LONGEST = 25  # letters of a name
FIRST_FOIL = 2  # the colour after the model's and the real works'


def scale_chart(figures: Sequence[OwnFigure], *, name: str, title: str) -> str:
    """Return a chart with one line for each figure that has a value, and a dot for each kind of works."""
    known = [figure for figure in figures if not math.isnan(figure.value) and _tells(figure)]
    bottom = TOP + ROW * len(known)
    rows = [_row(figure, TOP + ROW * (place + 0.5)) for place, figure in enumerate(known)]
    middle = f'<g class="c1"><path class="floor" d="M{_x(0):.1f} {TOP}V{bottom}"/></g>'
    return drawing(middle + "".join(rows), name=name, title=title, height=bottom + 8)


def _row(figure: OwnFigure, y: float) -> str:
    words = " · ".join(part for part in (figure.name, figure.of) if part)
    short = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    dots = [
        _dot(figure, value, y, name=foil, colour=FIRST_FOIL + place, radius=3)
        for place, (foil, value) in enumerate(figure.foils.items())
        if not math.isnan(value)
    ]
    return (
        f'<text class="name" x="{NAMES - 8}" y="{y + 3.5:.1f}" text-anchor="end">{escape(short)}</text>'
        f'<path class="grid" d="M{NAMES} {y:.1f}H{WIDTH - RIGHT}"/>{"".join(dots)}'
        f"{_dot(figure, figure.value, y, name='', colour=0, radius=4.6)}"
    )


def _dot(figure: OwnFigure, value: float, y: float, *, name: str, colour: int, radius: float) -> str:
    x = _x((value - figure.floor) / _scale(figure))
    title = f"<title>{escape(name)}</title>" if name else ""
    circle = f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius}">{title}</circle>'
    return f'<g class="c{colour}">{circle}</g>'


def _tells(figure: OwnFigure) -> bool:
    """Say whether any wrong works have another value than real ones; on a scale of nothing all looks far."""
    return _scale(figure) > LEAST * max(1.0, abs(figure.floor))


def _scale(figure: OwnFigure) -> float:
    """Return how far the farthest wrong works are from real ones; 0 where none are or none is known."""
    far = [abs(value - figure.floor) for value in figure.foils.values() if not math.isnan(value)]
    return max(far, default=0.0)


def _x(share: float) -> float:
    held = min(FARTHEST, max(-FARTHEST, share))
    return NAMES + (held + FARTHEST) / (2 * FARTHEST) * (WIDTH - NAMES - RIGHT)
