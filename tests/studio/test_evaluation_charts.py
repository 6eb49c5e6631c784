"""The charts of an evaluation: every mark where its number says, inside the picture, whatever the numbers."""

from __future__ import annotations

import xml.etree.ElementTree as xml

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.studio.evaluation_charts import (
    DOTS,
    NAMES,
    Bar,
    Dot,
    bar_chart,
    histogram,
    legend,
    map_chart,
    plane_chart,
)
from huohua.studio.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH

PLACES = arrays(np.float64, st.tuples(st.integers(1, 20), st.just(2)), elements=st.floats(-1e6, 1e6))


def read(text):
    return xml.fromstring(text)  # noqa: S314


def of_class(drawing, kind):
    return [part for part in drawing.iter() if part.get("class") == kind]


@given(PLACES, PLACES)
def test_a_map_of_any_places_stays_in_its_picture(fake_NA, real_NA):
    drawing = read(map_chart(fake_NA, real_NA, name="map", title="Map", x_label="x"))
    for dot in of_class(drawing, "point"):
        assert LEFT - 1 <= float(dot.get("cx")) <= WIDTH - RIGHT + 1
        assert TOP - 1 <= float(dot.get("cy")) <= HEIGHT - BOTTOM + 1


def test_samples_lie_over_works_and_in_another_colour():
    drawing = read(map_chart(np.zeros((3, 2)), np.ones((2, 2)), name="map", title="Map", x_label="x"))
    groups = [part for part in drawing.iter("g")]
    assert [(group.get("class"), len(list(group))) for group in groups] == [("c1", 2), ("c0", 3)]


def test_of_many_works_a_part_is_drawn():
    many = np.random.default_rng(0).normal(size=(5000, 2))
    drawing = read(map_chart(many, many[:10], name="map", title="Map", x_label="x"))
    assert 0.8 * DOTS / 2 < len(of_class(drawing, "point")) <= DOTS + 10


def test_dots_of_a_plane_lie_where_their_numbers_say():
    dots = [Dot(name="works", x=1.0, y=0.0, colour=1, ring=True), Dot(name="model", x=0.0, y=0.0, colour=0)]
    drawing = read(plane_chart(dots, name="plane", title="Plane", x_label="precision"))
    (ring,), (dot,) = of_class(drawing, "ring"), of_class(drawing, "dot")
    assert float(ring.get("cx")) == pytest.approx(WIDTH - RIGHT)
    assert float(dot.get("cx")) == pytest.approx(LEFT)
    assert float(dot.get("cy")) == pytest.approx(HEIGHT - BOTTOM)


def test_names_that_would_overlap_are_left_to_tooltips_the_first_keeps_its_own():
    dots = [Dot(name=f"kind {n}", x=0.5, y=0.5 + n / 1000, colour=0) for n in range(5)]
    drawing = read(plane_chart(dots, name="plane", title="Plane", x_label="x"))
    words = [text.text for text in drawing.iter("text") if (text.text or "").startswith("kind")]
    assert words == ["kind 0"]
    assert len(list(drawing.iter("circle"))) == 5
    assert len([title for title in drawing.iter("title") if (title.text or "").startswith("kind")]) == 5


def test_columns_of_a_histogram_are_shares_of_each_side():
    chart = histogram([[0.0] * 3 + [1.0], [1.0] * 50], name="h", title="H", x_label="x", mark=(0.5, "copies"))
    first, second = (group for group in read(chart).iter("g") if group.get("class") in ("c0", "c1"))
    heights = [[float(part.get("height")) for part in group] for group in (first, second)]
    assert heights[0][0] == pytest.approx(3 * heights[0][1], abs=0.2)
    assert heights[1][0] == pytest.approx(4 * heights[0][1], abs=0.2)
    mark = of_class(read(chart), "goal")[0].get("d")
    assert mark.startswith(f"M{LEFT + (WIDTH - LEFT - RIGHT) / 2:.1f} ")


@given(st.lists(st.floats(-1, 1), max_size=9), st.lists(st.floats(-1, 1), max_size=9), st.floats(-1, 1))
def test_any_similarities_make_a_histogram(first, second, mark):
    drawing = read(histogram([first, second], name="h", title="H", x_label="x", mark=(mark, "copies")))
    for column in of_class(drawing, "column"):
        assert float(column.get("height")) >= 0
        assert LEFT - 1 <= float(column.get("x")) <= WIDTH


def test_bars_are_as_long_as_their_numbers_and_marked_at_their_floors():
    bars = [
        Bar(name="apple", value=0.5, spread=0.1, floor=1.0),
        Bar(name="pear", value=1.0, spread=0.0, floor=0.5),
    ]
    drawing = read(bar_chart(bars, name="b", title="B"))
    short, long = (float(bar.get("width")) for bar in of_class(drawing, "bar"))
    assert long == pytest.approx(2 * short, abs=0.2)
    floors = [mark.get("d") for mark in of_class(drawing, "floor")]
    assert floors[0].startswith(f"M{NAMES + long:.1f} ")
    assert floors[1].startswith(f"M{NAMES + short:.1f} ")


@given(st.lists(st.tuples(st.floats(-5, 1e4), st.floats(0, 100), st.floats(-5, 1e4)), min_size=1, max_size=5))
def test_any_bars_stay_in_their_picture(numbers):
    bars = [Bar(name=f"name {n}", value=v, spread=s, floor=f) for n, (v, s, f) in enumerate(numbers)]
    drawing = read(bar_chart(bars, name="b", title="B"))
    for bar in of_class(drawing, "bar"):
        assert 0 <= float(bar.get("width")) <= WIDTH - NAMES
    for text in drawing.iter("text"):
        assert 0 <= float(text.get("x")) <= WIDTH


def test_names_are_escaped_and_long_ones_cut():
    drawing = read(bar_chart([Bar(name="<b>" + "x" * 40, value=1, spread=0, floor=1)], name="b", title="<B>"))
    assert next(iter(drawing.iter("text"))).text == "<b>" + "x" * 19 + "…"
    assert "<b>" not in legend({0: "<b>"})
    assert legend({}) == ""
