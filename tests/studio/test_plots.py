from __future__ import annotations

import re
import xml.etree.ElementTree as xml

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.studio.history import Curve
from huohua.studio.plots import HEIGHT, LEFT, RIGHT, STRETCHES, TOP, WIDTH, Mark, compact, line_chart, ticks

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=32)


def chart(*curves, **options):
    return xml.fromstring(line_chart(curves, name="c", title="Title", x_label="works", **options))  # noqa: S314


def curve(*values, abandoned=()):
    return Curve(name="loss", points=tuple((100.0 * n, v) for n, v in enumerate(values)), abandoned=abandoned)


def paths(drawing, style):
    return [path.get("d") for path in drawing.iter("path") if path.get("class") == style]


def places(path):
    return [tuple(map(float, pair.split())) for pair in re.split("[MLZ]", path) if pair]


def test_a_line_goes_through_its_points_in_the_frame():
    (path,) = paths(chart(curve(0.0, 1.0), from_zero=True), "line")
    (x0, y0), (x1, y1) = places(path)
    bottom = 236 - 38
    assert (x0, x1) == (LEFT, WIDTH - RIGHT)
    assert y0 == pytest.approx(bottom, abs=0.1)  # 0 lies on the axis
    assert y1 == pytest.approx(bottom - (bottom - TOP) / 1.06, abs=0.1)  # 1 lies below a margin of 6 %


@given(st.lists(st.lists(FINITE, max_size=30), max_size=4), st.booleans())
def test_any_finite_numbers_make_a_chart_inside_its_box(values, from_zero):
    drawing = chart(*(curve(*each) for each in values), from_zero=from_zero)
    for text in drawing.iter("text"):
        assert 0 <= float(text.get("x")) <= WIDTH
        assert 0 <= float(text.get("y")) <= HEIGHT
    for path in paths(drawing, "line"):
        for x, _ in places(path):
            assert LEFT - 0.1 <= x <= WIDTH - RIGHT + 0.1


def test_numbers_that_are_not_finite_are_left_out():
    (path,) = paths(chart(curve(1.0, float("nan"), float("inf"), 2.0)), "line")
    assert len(places(path)) == 2


def test_one_point_is_a_dot():
    drawing = chart(Curve(name="a", points=((50.0, 0.5),)))
    (dot,) = drawing.iter("circle")
    assert LEFT < float(dot.get("cx")) <= WIDTH - RIGHT


def test_a_dense_curve_is_drawn_as_means_inside_a_band():
    values = np.sin(np.arange(5000) / 300) + np.random.default_rng(0).normal(0, 0.1, 5000)
    drawing = chart(curve(*values.tolist()))
    (line,), (band,) = paths(drawing, "line"), paths(drawing, "band")
    assert STRETCHES - 1 <= len(places(line)) <= STRETCHES + 1
    assert len(places(band)) == 2 * len(places(line))
    highest = [y for _, y in places(band)][: len(places(line))]
    assert all(most <= mean for most, (_, mean) in zip(highest, places(line), strict=True))
    assert band.endswith("Z")


def test_every_point_is_in_one_stretch():
    values = [float(n % 7) for n in range(331)]
    (line,) = paths(chart(curve(*values)), "line")
    assert len(places(line)) <= STRETCHES + 1
    assert places(line)[-1][0] == pytest.approx(WIDTH - RIGHT, abs=3)


@pytest.mark.parametrize("spike", [1e9, -1e9])
def test_a_spike_does_not_flatten_the_rest(spike):
    values = [float(n % 2) for n in range(200)]
    values[100] = spike
    drawing = chart(curve(*values))
    labels = [text.text for text in drawing.iter("text")]
    assert "0.5" in labels
    assert not any("M" in label for label in labels)
    (line,) = paths(drawing, "line")
    usual = [y for x, y in places(line) if x < WIDTH / 3]
    assert all(TOP < y < HEIGHT for y in usual)


def test_a_change_that_lasts_is_no_spike():
    drawing = chart(curve(*[1.0] * 100, *[1000.0] * 100))
    assert "1000" in [text.text for text in drawing.iter("text")]


def test_what_was_given_up_is_drawn_faintly():
    drawing = chart(curve(1.0, 2.0, abandoned=(((100.0, 5.0), (150.0, 6.0)),)))
    assert len(paths(drawing, "line abandoned")) == 1
    assert len(paths(drawing, "line")) == 1


def test_marks_and_the_goal_are_drawn_and_named():
    drawing = chart(
        curve(0.0, 0.1),
        marks=[
            Mark(shown=50, kind="rollback", label="a <b> & c"),
            Mark(shown=1e9, kind="warning", label="late"),
        ],
        goal=(0.7, "goal"),
    )
    (mark,), (late,) = paths(drawing, "mark rollback"), paths(drawing, "mark warning")
    assert float(mark[1:].split()[0]) == pytest.approx((LEFT + WIDTH - RIGHT) / 2)
    assert float(late[1:].split()[0]) == pytest.approx(WIDTH - RIGHT)
    assert [title.text for title in drawing.iter("title")] == ["Title", "a <b> & c", "late"]
    assert len(paths(drawing, "goal")) == 1
    assert "goal" in [text.text for text in drawing.iter("text")]


def test_a_chart_says_what_it_is_to_those_who_cannot_see_it():
    drawing = chart(curve(1.0))
    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby") == "c-title"
    assert [title.get("id") for title in drawing.iter("title")] == ["c-title"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 120_000, [0, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000]),
        (-1, 1, [-1, -0.5, 0, 0.5, 1]),
        (0.0001, 0.0003, [0.0001, 0.00015, 0.0002, 0.00025, 0.0003]),
    ],
)
def test_ticks_are_round_numbers(low, high, expected):
    assert ticks(low, high) == expected


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_even_and_inside(low, span):
    found = ticks(low, low + span)
    assert 2 <= len(found) <= 8
    steps = np.diff(found)
    assert steps == pytest.approx(np.full(len(steps), steps[0]), rel=1e-6)
    assert low - 1e-6 * span <= found[0]
    assert found[-1] <= low + span * (1 + 1e-6)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0"),
        (0.00025, "0.00025"),
        (0.5, "0.5"),
        (-1.5, "−1.5"),
        (1250, "1250"),
        (12_345, "12.3k"),
        (3_000_000, "3M"),
        (float("nan"), "–"),
    ],
)
def test_numbers_are_written_compactly(number, expected):
    assert compact(number) == expected
