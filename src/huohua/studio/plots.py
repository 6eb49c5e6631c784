"""Line charts as inline SVG: no script, no font, no picture, and colours that follow the page.

Written by hand and not by a plotting library, because the page's own style sheet then colours the
chart by day and by night, its words stay words for search and screen readers, and a chart takes a few
kilobytes. Dense curves are drawn as the mean over narrow stretches inside a band from least to most.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from huohua.studio.history import Curve, Point

WIDTH, HEIGHT = 440, 236
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 10, 38
COLOURS = 6  # classes c0 to c5 of the style sheet
STRETCHES = 110  # more points than this are drawn as stretches
SPIKE = 2  # a peak that stands out by this many times the usual range is cut


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A moment to be marked with an upright line."""

    shown: float
    kind: Literal["warning", "rollback"]
    label: str


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The part of the plane that a chart shows."""

    left: float
    right: float
    low: float
    high: float

    def x(self, shown: float) -> float:
        """Return the horizontal place of a number of works shown."""
        share = (shown - self.left) / (self.right - self.left)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Return the vertical place of a value; SVG counts downwards."""
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def line_chart(
    curves: Sequence[Curve],
    *,
    name: str,
    title: str,
    x_label: str,
    marks: Sequence[Mark] = (),
    goal: tuple[float, str] | None = None,
    from_zero: bool = False,
) -> str:
    """Return a chart of curves over works shown as an SVG element.

    Args:
        curves: drawn in the order of the colours.
        name: a word unique on the page, for references inside the element.
        title: what is shown, for people who cannot see it.
        x_label: what the horizontal axis counts.
        marks: moments to mark.
        goal: a value to draw a line at, and its label.
        from_zero: include 0, for shares and speeds.
    """
    frame = _frame(curves, include=[*([0.0] if from_zero else []), *([goal[0]] if goal else [])])
    inside = [_area(name), grid(frame, x_label), *(_mark(frame, mark) for mark in marks)]
    if goal:
        inside.append(_goal(frame, *goal))
    lines = "".join(_curve(frame, curve, index % COLOURS) for index, curve in enumerate(curves))
    inside.append(f'<g clip-path="url(#{name}-area)">{lines}</g>')
    return drawing("".join(inside), name=name, title=title)


def drawing(inside: str, *, name: str, title: str, height: int = HEIGHT) -> str:
    """Return an SVG element with a title for people who cannot see it; `inside` is SVG."""
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title">'
        f'<title id="{name}-title">{escape(title)}</title>{inside}</svg>'
    )


def grid(frame: Frame, x_label: str) -> str:
    """Return lines, numbers and the label of the axes of a frame."""
    parts = []
    for value in ticks(frame.low, frame.high, about=4):
        y = frame.y(value)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 7}" y="{y + 3.5:.1f}" text-anchor="end">{compact(value)}</text>')
    base = HEIGHT - BOTTOM
    for value in ticks(frame.left, frame.right, about=5):
        x = frame.x(value)
        parts.append(f'<path class="axis" d="M{x:.1f} {base}v4"/>')
        parts.append(f'<text x="{x:.1f}" y="{base + 15}" text-anchor="middle">{compact(value)}</text>')
    parts.append(f'<path class="axis" d="M{LEFT} {base}H{WIDTH - RIGHT}"/>')
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 4}" text-anchor="end">{escape(x_label)}</text>')
    return "".join(parts)


def compact(number: float) -> str:
    """Return a number in few characters: 0.0003, 0.25, 1.5, 1250, 12k, 3M."""
    if not math.isfinite(number):
        return "–"
    size = abs(number)
    if size >= 1e6:
        return f"{number / 1e6:.3g}M"
    if size >= 1e4:
        return f"{number / 1e3:.3g}k"
    if size >= 1e3:
        return f"{number:.0f}"
    return f"{number:.3g}".replace("-", "\N{MINUS SIGN}")


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers from `low` to `high`, steps of 1, 2 or 5 times a power of ten."""
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= 0.75 * raw)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # Rounding hides that 3 * 0.1 is not 0.3.
    return [round(count * step, 12) for count in range(first, last + 1)]


def _frame(curves: Sequence[Curve], include: Sequence[float]) -> Frame:
    # What was given up may leave the frame: it is often the very divergence that ended it.
    points = [point for curve in curves for point in curve.points if math.isfinite(point[1])]
    values = sorted(y for _, y in points)
    low, high = _usual(values) if values else (0.0, 1.0)
    low, high = min([low, *include]), max([high, *include])
    margin = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    bottom = low if low == 0 and low in include else low - margin
    return Frame(left=0.0, right=max([1.0, *(x for x, _ in points)]), low=bottom, high=high + margin)


def _usual(values: Sequence[float]) -> tuple[float, float]:
    """Return the range of sorted values, without spikes that would flatten all the rest."""
    low, high = values[0], values[-1]
    cut = len(values) // 33
    rest_low, rest_high = values[cut], values[-1 - cut]
    usual = rest_high - rest_low
    if usual > 0 and rest_low - low > SPIKE * usual:
        low = rest_low - usual / 4
    if usual > 0 and high - rest_high > SPIKE * usual:
        high = rest_high + usual / 4
    return low, high


def _area(name: str) -> str:
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    area = f'<rect x="{LEFT}" y="{TOP}" width="{width}" height="{height}"/>'
    return f'<clipPath id="{name}-area">{area}</clipPath>'


def _mark(frame: Frame, mark: Mark) -> str:
    x = frame.x(min(mark.shown, frame.right))
    return (
        f'<path class="mark {mark.kind}" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}">'
        f"<title>{escape(mark.label)}</title></path>"
    )


def _goal(frame: Frame, value: float, label: str) -> str:
    y = frame.y(value)
    return (
        f'<path class="goal" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        f'<text x="{LEFT + 5}" y="{y - 4:.1f}">{escape(label)}</text>'
    )


def _curve(frame: Frame, curve: Curve, colour: int) -> str:
    given_up = "".join(
        f'<path class="line abandoned" d="{_path(frame, _means(stretch))}"/>' for stretch in curve.abandoned
    )
    band = ""
    if len(curve.points) > STRETCHES:
        band = f'<path class="band" d="{_band(frame, curve.points)}"/>'
    line = f'<path class="line" d="{_path(frame, _means(curve.points))}"/>'
    points = [point for point in curve.points if math.isfinite(point[1])]
    if len(points) == 1:  # a line through one point cannot be seen
        line = (
            f'<circle class="dot" cx="{frame.x(points[0][0]):.1f}" cy="{frame.y(points[0][1]):.1f}" r="3"/>'
        )
    return f'<g class="c{colour}">{given_up}{band}{line}</g>'


def _stretches(points: Sequence[Point]) -> Iterable[Sequence[Point]]:
    points = [point for point in points if math.isfinite(point[1])]
    step = max(1.0, len(points) / STRETCHES)
    for index in range(math.ceil(len(points) / step)):
        if part := points[round(index * step) : round((index + 1) * step)]:
            yield part


def _means(points: Sequence[Point]) -> list[Point]:
    return [
        (sum(x for x, _ in part) / len(part), sum(y for _, y in part) / len(part))
        for part in _stretches(points)
    ]


def _band(frame: Frame, points: Sequence[Point]) -> str:
    parts = list(_stretches(points))
    middle = [sum(x for x, _ in part) / len(part) for part in parts]
    most = list(zip(middle, (max(y for _, y in part) for part in parts), strict=True))
    least = list(zip(middle, (min(y for _, y in part) for part in parts), strict=True))
    return f"{_path(frame, [*most, *reversed(least)])}Z"


def _path(frame: Frame, points: Sequence[Point]) -> str:
    # Far outside the frame a browser may lose precision; the clip hides what lies beyond anyway.
    span = frame.high - frame.low
    kept = [(x, min(max(y, frame.low - span), frame.high + span)) for x, y in points]
    return "".join(
        f"{'L' if index else 'M'}{frame.x(x):.1f} {frame.y(y):.1f}" for index, (x, y) in enumerate(kept)
    )
