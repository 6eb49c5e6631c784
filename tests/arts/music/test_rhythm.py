"""Note values: durations as people write them, and grids that places lie on."""

from __future__ import annotations

import itertools

import pytest

from huohua.arts.music.piece import Metre
from huohua.arts.music.rhythm import grid_of_beat, pulse, snapped, values


def written(start, end, metre="4/4", triplet=False):
    top, bottom = map(int, metre.split("/"))
    found = values(start, end, Metre(numerator=top, denominator=bottom), triplet=triplet)
    return [value.kind + "." * value.dotted for value in found]


@pytest.mark.parametrize(
    ("start", "end", "metre", "expected"),
    [
        (0, 192, "4/4", ["whole"]),
        (0, 144, "3/4", ["half."]),
        (0, 144, "6/8", ["half."]),
        (48, 144, "4/4", ["half"]),
        (24, 72, "4/4", ["quarter"]),
        (72, 120, "4/4", ["eighth", "eighth"]),
        (24, 192, "4/4", ["eighth", "quarter", "half"]),
        (0, 84, "4/4", ["quarter", "eighth."]),
        (0, 240, "5/4", ["whole", "quarter"]),
        (0, 168, "7/8", ["half.", "eighth"]),
        (48, 96, "6/8", ["eighth", "eighth"]),
        (12, 36, "4/4", ["eighth"]),
        (12, 48, "4/4", ["eighth."]),
        (36, 60, "4/4", ["16th", "16th"]),
        (0, 216, "9/8", ["half.", "quarter."]),
        (0, 3, "4/4", ["64th"]),
    ],
)
def test_a_duration_is_written_as_people_write_it(start, end, metre, expected):
    assert written(start, end, metre) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 16, ["eighth"]),
        (16, 48, ["quarter"]),
        (0, 8, ["16th"]),
        (0, 40, ["quarter", "16th"]),
        (0, 48, ["quarter"]),
    ],
)
def test_thirds_of_a_beat_are_written_half_as_long_again(start, end, expected):
    assert written(start, end, triplet=True) == expected


@pytest.mark.parametrize("metre", ["4/4", "3/4", "2/2", "6/8", "12/8", "5/8", "7/16"])
def test_the_values_of_any_span_add_up_to_it(metre):
    top, bottom = map(int, metre.split("/"))
    bar = Metre(numerator=top, denominator=bottom)
    for start, end in itertools.combinations(range(0, bar.bar + 1, 3), 2):
        assert sum(value.ticks for value in values(start, end, bar)) == end - start


@pytest.mark.parametrize(
    ("places", "grid"),
    [
        ([0, 24], 12),
        ([0, 12, 36], 12),
        ([0, 16, 32], 16),
        ([1, 17, 31], 16),
        ([0, 6, 18], 6),
        ([0, 8, 24, 40], 8),
        ([3, 9], 3),
        ([2, 23, 47], 12),
    ],
)
def test_a_beat_is_on_the_coarsest_grid_that_its_places_are_near(places, grid):
    assert grid_of_beat(places, exact=grid in {8, 3}) == grid


def test_a_place_half_way_goes_to_the_later():
    assert [snapped(place, 12) for place in (5, 6, 7, 18, 17)] == [0, 12, 12, 24, 12]


def test_three_eighths_are_the_pulse_of_compound_metres_only():
    metres = ["4/4", "6/8", "12/8", "3/8", "3/4", "2/2", "5/8"]
    found = [pulse(Metre(numerator=int(m.split("/")[0]), denominator=int(m.split("/")[1]))) for m in metres]
    assert found == [48, 72, 72, 24, 48, 96, 24]
