"""The charts of an evaluation: a map, a plane of likeness and breadth, a histogram, bars for classes.

Inline SVG in the style of `plots.py`, whose frame and grid they use; the page's style sheet colours them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from huohua.studio.plots import BOTTOM, HEIGHT, RIGHT, TOP, WIDTH, Frame, compact, drawing, grid, ticks

# Rules beside those of all reports: dots that overlap, columns of a histogram, bars and their floors.
STYLE = """
.chart .point { fill: currentColor; opacity: .5; }
.chart .ring { fill: none; stroke: currentColor; stroke-width: 2.2; }
.chart .column { fill: currentColor; opacity: .42; }
.chart .bar { fill: currentColor; opacity: .8; }
.chart .margin { stroke: var(--soft); stroke-width: 1.2; }
.chart .floor { stroke: var(--ink); stroke-width: 2.4; }
.chart .name { fill: var(--ink); }
"""
DOTS = 600  # dots of a side on a map
COLUMNS = 36  # of a histogram
ROW, NAMES, LINE = 19, 132, 13  # height of a bar's row, room for names, and height of a line of words


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: a name, a value with its margin, and the floor to mark, None where not measured."""

    name: str
    value: float
    spread: float
    floor: float


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One named place on a plane; a ring for what is no model."""

    name: str
    x: float
    y: float
    colour: int
    ring: bool = False
    large: bool = False


def map_chart(
    fake_NA: NDArray[np.float64], real_NA: NDArray[np.float64], *, name: str, title: str, x_label: str
) -> str:
    """Return a map of samples over real works; of many a part is drawn, evenly taken."""
    fake_NA, real_NA = _some(fake_NA), _some(real_NA)
    frame = _around(np.concatenate([fake_NA, real_NA]))
    dots = "".join(
        f'<g class="c{colour}">{"".join(_dot(frame, x, y) for x, y in place_NA)}</g>'
        for colour, place_NA in ((1, real_NA), (0, fake_NA))
    )
    return drawing(grid(frame, x_label) + dots, name=name, title=title)


def plane_chart(dots: Sequence[Dot], *, name: str, title: str, x_label: str) -> str:
    """Return dots on a plane that goes from 0 to 1 both ways."""
    frame = Frame(left=0.0, right=1.0, low=0.0, high=1.04)
    taken: list[tuple[float, float]] = []
    circles, words = [], []
    for dot in dots:
        x, y = frame.x(dot.x), frame.y(dot.y)
        circles.append(_circle(dot, x, y))
        # A name that would lie over another is left to the tooltip of its dot.
        if all(abs(y - other_y) > LINE or abs(x - other_x) > WIDTH / 3 for other_x, other_y in taken):
            taken.append((x, y))
            words.append(_words(dot, x, y))
    inside = "".join([grid(frame, x_label), *reversed(circles), *words])
    return drawing(inside, name=name, title=title)


def histogram(
    sides: Sequence[Sequence[float]], *, name: str, title: str, x_label: str, mark: tuple[float, str]
) -> str:
    """Return the shares of numbers in columns, one side over the other, with an upright line at `mark`."""
    every = np.concatenate([*(np.asarray(side) for side in sides), [mark[0]]])
    low, high = float(every.min()), float(every.max())
    edges = np.linspace(low, high if high > low else low + 1, COLUMNS + 1)
    heights = [np.histogram(side, edges)[0] / max(1, len(side)) for side in sides]
    top = float(max(height.max() for height in heights)) or 1.0
    frame = Frame(left=edges[0], right=edges[-1], low=0.0, high=1.08 * top)
    columns = "".join(
        f'<g class="c{colour}">{_columns(frame, edges, height)}</g>' for colour, height in enumerate(heights)
    )
    x = frame.x(mark[0])
    line = (
        f'<path class="goal" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>'
        f'<text x="{x - 4:.1f}" y="{TOP + 9}" text-anchor="end">{escape(mark[1])}</text>'
    )
    return drawing(grid(frame, x_label) + columns + line, name=name, title=title)


def bar_chart(bars: Sequence[Bar], *, name: str, title: str) -> str:
    """Return one bar for each name, its margin, and an upright mark at its floor."""
    most = max([1e-9, *(max(bar.value + bar.spread, bar.floor) for bar in bars)])
    height = TOP + ROW * len(bars) + 22
    scale = (WIDTH - NAMES - RIGHT - 36) / most

    def x(value: float) -> float:
        return NAMES + max(0.0, value) * scale

    rows = []
    for row, bar in enumerate(bars):
        top = TOP + ROW * row
        middle = top + ROW / 2 - 1
        left, right, length = x(bar.value - bar.spread), x(bar.value + bar.spread), x(bar.value) - NAMES
        rows.append(
            f'<text class="name" x="{NAMES - 8}" y="{middle + 4:.1f}" text-anchor="end">'
            f"{escape(_short(bar.name))}</text>"
            f'<rect class="bar" x="{NAMES}" y="{top + 2}" width="{length:.1f}" height="{ROW - 6}"/>'
            f'<path class="margin" d="M{left:.1f} {middle:.1f}H{right:.1f}"/>'
            f'<path class="floor" d="M{x(bar.floor):.1f} {top}v{ROW - 2}"/>'
            f'<text x="{max(right, x(bar.floor)) + 5:.1f}" y="{middle + 4:.1f}">{compact(bar.value)}</text>'
        )
    base = TOP + ROW * len(bars) + 2
    for value in ticks(0.0, most, about=4):
        rows.append(
            f'<path class="grid" d="M{x(value):.1f} {TOP}V{base}"/>'
            f'<text x="{x(value):.1f}" y="{base + 14}" text-anchor="middle">{compact(value)}</text>'
        )
    return drawing(f'<g class="c0">{"".join(rows)}</g>', name=name, title=title, height=height)


def legend(labels: Mapping[int, str]) -> str:
    """Return what each colour means, or nothing for a single one."""
    if not labels:
        return ""
    lines = "".join(
        f'<li class="c{colour}"><span>{escape(label)}</span></li>' for colour, label in labels.items()
    )
    return f'<ul class="legend">{lines}</ul>'


def _some(place_NA: NDArray[np.float64]) -> NDArray[np.float64]:
    return place_NA[:: -(-len(place_NA) // DOTS)]


def _around(place_NA: NDArray[np.float64]) -> Frame:
    """Return a frame around places; a few far away may be left out of a thousand."""
    low_A, high_A = np.quantile(place_NA, [0.002, 0.998], axis=0)
    margin_A = 0.06 * (high_A - low_A) + 1e-6
    low_A, high_A = low_A - margin_A, high_A + margin_A
    return Frame(left=low_A[0], right=high_A[0], low=low_A[1], high=high_A[1])


def _dot(frame: Frame, x: float, y: float) -> str:
    if not (frame.left <= x <= frame.right and frame.low <= y <= frame.high):
        return ""
    return f'<circle class="point" cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}" r="2.2"/>'


def _circle(dot: Dot, x: float, y: float) -> str:
    style, radius = ("ring", 6) if dot.ring else ("dot", 6 if dot.large else 3.2)
    circle = f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}">'
    return f'<g class="c{dot.colour}">{circle}<title>{escape(dot.name)}</title></circle></g>'


def _words(dot: Dot, x: float, y: float) -> str:
    # Words on the right of a dot that lies far to the right would leave the picture.
    side, anchor = (x - 9, "end") if x > WIDTH / 2 else (x + 9, "start")
    words = escape(_short(dot.name, 34))
    return f'<text x="{side:.1f}" y="{y + 3.5:.1f}" text-anchor="{anchor}">{words}</text>'


def _columns(frame: Frame, edges: NDArray[np.float64], height_K: NDArray[np.float64]) -> str:
    base = frame.y(0.0)
    return "".join(
        f'<rect class="column" x="{frame.x(left):.1f}" y="{frame.y(share):.1f}" '
        f'width="{frame.x(right) - frame.x(left):.1f}" height="{base - frame.y(share):.1f}"/>'
        for left, right, share in zip(edges, edges[1:], height_K, strict=False)
        if share
    )


def _short(name: str, most: int = 23) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
