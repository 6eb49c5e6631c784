"""Schedules."""

from __future__ import annotations

import inspect
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from huohua.adversarial.schedule import Schedule, constant, ramp

NUMBERS = st.floats(-10, 10)
SCHEDULES = st.builds(
    lambda kind, start, end, begin, length: Schedule(
        kind=kind, start=start, end=end, begin_kimg=begin, finish_kimg=begin + length
    ),
    st.sampled_from(["linear", "cosine"]),
    NUMBERS,
    NUMBERS,
    st.floats(0, 10),
    st.floats(0, 10),
)


@pytest.mark.parametrize(
    ("kind", "shown", "expected"),
    [
        ("linear", 0, 4.0),
        ("linear", 2000, 4.0),
        ("linear", 3000, 3.5),
        ("linear", 4000, 3.0),
        ("linear", 6000, 2.0),
        ("linear", 9_000_000, 2.0),
        ("cosine", 2000, 4.0),
        ("cosine", 3000, 3 + math.cos(math.pi / 4)),
        ("cosine", 4000, 3.0),
        ("cosine", 5000, 3 - math.cos(math.pi / 4)),
        ("cosine", 6000, 2.0),
    ],
)
def test_a_schedule_has_the_values_worked_by_hand(kind, shown, expected):
    schedule = Schedule(kind=kind, start=4.0, end=2.0, begin_kimg=2, finish_kimg=6)
    assert schedule.at(shown) == pytest.approx(expected, rel=1e-12)


@given(NUMBERS, st.integers(0, 10**9))
def test_a_constant_is_always_exactly_its_value(value, shown):
    assert constant(value).at(shown) == value


def test_a_ramp_goes_from_nothing_to_all_of_it():
    fade = ramp(5, 11)
    assert [fade.at(shown) for shown in (0, 5000, 6500, 11_000, 20_000)] == [0, 0, 0.25, 1, 1]


def test_a_ramp_can_go_down():
    assert [ramp(0, 10, 2.0, 0.5).at(shown) for shown in (0, 5000, 10_000)] == [2.0, 1.25, 0.5]


def test_a_schedule_without_length_jumps():
    jump = ramp(3, 3, start=1, end=7)
    assert [jump.at(shown) for shown in (0, 2999, 3000, 3001)] == [1, 1, 7, 7]


@given(SCHEDULES, st.integers(0, 25_000))
def test_a_schedule_stays_between_its_ends(schedule, shown):
    low, high = sorted((schedule.start, schedule.end))
    assert low - 1e-9 <= schedule.at(shown) <= high + 1e-9


@given(SCHEDULES, st.integers(0, 25_000), st.integers(0, 25_000))
def test_a_schedule_never_turns_back(schedule, one, other):
    earlier, later = sorted((one, other))
    step = schedule.at(later) - schedule.at(earlier)
    assert step * math.copysign(1, schedule.end - schedule.start) >= -1e-9


@given(SCHEDULES)
def test_a_schedule_survives_a_file(schedule):
    assert Schedule.from_json(schedule.to_json()) == schedule


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"kind": "linear", "start": 0, "end": 1, "begin_kimg": 5, "finish_kimg": 4}, "before begin_kimg"),
        ({"kind": "constant", "start": 0, "end": 1}, "constant cannot go"),
        ({"kind": "linear", "start": 0, "end": 1, "begin_kimg": -1}, "greater than or equal to 0"),
        ({"kind": "linear", "start": 0, "end": float("nan")}, "finite number"),
        ({"kind": "wavy", "start": 0, "end": 1}, "'constant', 'linear' or 'cosine'"),
        ({"kind": "linear", "start": 0}, "Field required"),
        ({"kind": "linear", "start": 0, "end": 1, "finish": 3}, "Extra inputs"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(settings, complaint):
    with pytest.raises(ValidationError, match=complaint):
        Schedule(**settings)


def test_a_schedule_names_its_source():
    assert "Source: " in inspect.getdoc(Schedule.at)
