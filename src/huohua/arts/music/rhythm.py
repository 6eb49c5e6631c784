"""Turn times in ticks into note values: which grid a beat is on, and how a duration is written.

A quarter note of 48 ticks is divided by two or by three. A beat is on one of five grids; a duration that no
single note can show is cut at the strongest place inside it, and its parts are tied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huohua.arts.music.piece import TICKS, Metre

# Sixteenths, triplets, thirty-seconds, triplets of sixteenths, sixty-fourths; and how many ticks of error in
# a beat a finer grid has to save before it is taken.
GRIDS: Mapping[int, int] = {12: 0, 16: 3, 6: 8, 8: 10, 3: 12}
TRIPLETS = (16, 8)

# How strong places in a bar are; the parts of a beat come below, each half a step down.
BAR, HALF_BAR, BEAT = 9, 8, 7

VALUES: Mapping[int, str] = {
    384: "breve",
    192: "whole",
    96: "half",
    48: "quarter",
    24: "eighth",
    12: "16th",
    6: "32nd",
    3: "64th",
}
DOTTED = {ticks * 3 // 2: ticks for ticks in VALUES if ticks > 3}


@dataclass(frozen=True, kw_only=True)
class Value:
    """One written duration: its kind, with a dot or not, alone or in a group of three in the time of two."""

    ticks: int
    kind: str
    dotted: bool = False
    triplet: bool = False


def grid_of_beat(places: Iterable[int], grids: Sequence[int] = tuple(GRIDS), *, exact: bool = False) -> int:
    """Return the coarsest grid that the places of a beat, in ticks, lie on nearly.

    With `exact` it is the coarsest on which they lie precisely, where there is one.

    Example:
        >>> grid_of_beat([0, 24]), grid_of_beat([0, 16, 32]), grid_of_beat([1, 17, 31])
        (12, 16, 16)
    """
    places = list(places)
    if exact and (fitting := [grid for grid in grids if not any(place % grid for place in places)]):
        return fitting[0]

    def cost(grid: int) -> int:
        return GRIDS[grid] + sum(abs(place - snapped(place, grid)) for place in places)

    return min(grids, key=cost)


def snapped(place: int, grid: int) -> int:
    """Return the nearest multiple of a grid; the later of two equally near."""
    return (place + grid // 2) // grid * grid


def pulse(metre: Metre) -> int:
    """Return the ticks of what is counted in a metre: three eighths in 6/8, else one of its denominator."""
    unit = 4 * TICKS // metre.denominator
    compound = metre.denominator >= 8 and metre.numerator % 3 == 0 and metre.numerator > 3
    return 3 * unit if compound else max(unit, 3)


def values(start: int, end: int, metre: Metre, *, triplet: bool = False) -> list[Value]:
    """Return the values that fill a bar from tick `start` to `end`, counted from its beginning.

    With `triplet` the span lies within one quarter note that is divided by three.

    Example:
        >>> [value.kind for value in values(24, 96, Metre())]
        ['eighth', 'quarter']
    """
    if triplet:
        return _thirds(end - start)
    length = end - start
    if length in VALUES and _readable(start, end, metre):
        return [Value(ticks=length, kind=VALUES[length])]
    if length in DOTTED and _readable(start, end, metre):
        return [Value(ticks=length, kind=VALUES[DOTTED[length]], dotted=True)]
    if length < 6:
        return [Value(ticks=length, kind="64th")]
    cut = _strongest(start, end, metre)
    return values(start, cut, metre) + values(cut, end, metre)


def _readable(start: int, end: int, metre: Metre) -> bool:
    """Return whether a note may stand there as one: it hides no beat stronger than where it begins."""
    if start == 0 or start // pulse(metre) == (end - 1) // pulse(metre):
        return True
    cut = _strongest(start, end, metre)
    # The syncopations that everybody reads: a quarter after an eighth, a half after a quarter.
    half_way = 2 * (cut - start) == end - start
    if half_way and end - start == pulse(metre) and cut % (2 * pulse(metre)):
        return True
    if half_way and end - start == 2 * pulse(metre) and _strength(start, metre) == BEAT:
        return True
    return _strength(cut, metre) <= _strength(start, metre)


def _strongest(start: int, end: int, metre: Metre) -> int:
    """Return the strongest place between two, of equals the one nearer the weaker end."""
    inside = range(start - start % 3 + 3, end, 3)
    sign = 1 if _strength(start, metre) >= _strength(end % metre.bar, metre) else -1
    return max(inside, key=lambda place: (_strength(place, metre), sign * place), default=(start + end) // 2)


def _strength(place: int, metre: Metre) -> int:
    """Return how strong a place in a bar is: the bar, its half, its beat, and the halves of that."""
    if place == 0:
        return BAR
    beat = pulse(metre)
    if metre.numerator % 2 == 0 and metre.bar % (4 * beat) == 0 and place % (2 * beat) == 0:
        return HALF_BAR
    if place % beat == 0:
        return BEAT
    unit = beat // 3 if beat % 9 == 0 else beat
    for strength, part in enumerate((unit, unit // 2, unit // 4, unit // 8), 0):
        if part and place % part == 0:
            return BEAT - 1 - strength
    return 0


def _thirds(length: int) -> list[Value]:
    """Return the values of a part of a quarter note in triplets: written half as long again as they sound."""
    if length == TICKS:
        return [Value(ticks=TICKS, kind="quarter")]
    written = length * 3 // 2
    if written in VALUES:
        return [Value(ticks=length, kind=VALUES[written], triplet=True)]
    if written in DOTTED:
        return [Value(ticks=length, kind=VALUES[DOTTED[written]], dotted=True, triplet=True)]
    return _thirds(2 * TICKS // 3) + _thirds(length - 2 * TICKS // 3)
