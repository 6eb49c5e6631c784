"""Walks: a smooth way through keys, and frames between which works change by equal amounts."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from huohua.latents.walk import Way, even_places, evenness
from parity.reference.latents import catmull_rom
from parity.reference.latents import even_places as slow_places


@pytest.mark.parametrize("way", [Way(keys=4), Way(keys=4, loop=True), Way(keys=2), Way(keys=2, loop=True)])
def test_the_way_leads_through_every_key(way):
    for key in range(way.keys):
        weights = [0.0] * way.keys
        weights[key] = 1.0
        assert way.weights(float(key)) == weights
    if way.loop:
        assert way.weights(float(way.length)) == way.weights(0.0)


@given(st.integers(1, 6), st.booleans(), st.floats(0, 1))
def test_weights_always_add_up_to_one(keys, loop, share):
    way = Way(keys=keys, loop=loop)
    assert sum(way.weights(share * way.length)) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("t", [0.0, 0.2, 0.5, 0.9])
def test_between_keys_the_way_is_the_cubic_of_its_tangents(t):
    values = [3.0, -1.0, 4.0, 1.5]
    weights = Way(keys=4).weights(1 + t)
    found = sum(weight * value for weight, value in zip(weights, values, strict=True))
    assert found == pytest.approx(catmull_rom(*values, t), abs=1e-12)


def test_a_loop_has_no_kink_at_its_beginning():
    way, step = Way(keys=5, loop=True), 1e-6

    def slope(place: float) -> list[float]:
        pairs = zip(way.weights(place + step), way.weights(place), strict=True)
        return [(after - before) / step for after, before in pairs]

    assert slope(5 - step) == pytest.approx(slope(0.0), abs=1e-4)


def test_one_key_stands_still():
    assert Way(keys=1).weights(0.0) == [1.0]
    assert Way(keys=1, loop=True).weights(0.7) == pytest.approx([1.0])


def leap(place: float) -> list[float]:
    """A way that dwells, leaps between 0.48 and 0.52, and dwells again, on half a circle."""
    angle = math.pi / (1 + math.exp(-200 * (place - 0.5)))
    return [math.cos(angle), math.sin(angle)]


def look_at(curve):
    return lambda places: torch.tensor([curve(place) for place in places], dtype=torch.float64)


@pytest.mark.parametrize("frames", [10, 60])
def test_a_leap_is_spread_out_over_frames_as_a_very_slow_measurement_says(frames):
    places = even_places(Way(keys=2), look_at(leap), frames)
    expected = slow_places(leap, 1.0, frames, 10_000)
    assert len(places) == frames
    shown = torch.tensor([leap(place) for place in places])
    slowly = torch.tensor([leap(place) for place in expected])
    # Places differ where nothing changes; what is seen there does not.
    step = math.pi / (frames - 1)
    assert float((shown - slowly).norm(dim=1).max()) < 0.35 * step
    assert 1.0 <= evenness(shown, loop=False) < 1.3


def test_equal_places_would_have_jumped():
    places = [number / 59 for number in range(60)]
    assert evenness(look_at(leap)(places), loop=False) > 50


def test_an_even_way_is_left_even():
    places = even_places(Way(keys=2), look_at(lambda place: [place]), 11)
    assert places == pytest.approx([number / 10 for number in range(11)], abs=1e-9)


def test_a_loop_ends_one_step_before_it_begins():
    def circle(place: float) -> list[float]:
        angle = 2 * math.pi * (place / 3 + 0.05 * math.sin(2 * math.pi * place / 3))
        return [math.cos(angle), math.sin(angle)]

    places = even_places(Way(keys=3, loop=True), look_at(circle), 30)
    assert (len(places), places[0]) == (30, 0.0)
    assert places[-1] < 3
    assert 1.0 <= evenness(look_at(circle)(places), loop=True) < 1.02


def test_where_nothing_changes_frames_are_set_evenly():
    places = even_places(Way(keys=2), look_at(lambda place: [1.0, 2.0]), 5)
    assert places == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert evenness(torch.ones(4, 2), loop=True) == 1.0


def test_the_way_is_looked_at_only_so_often():
    looked = []

    def look(places):
        looked.append(len(places))
        return look_at(leap)(places)

    even_places(Way(keys=2), look, 100)
    assert len(looked) <= 5
    assert sum(looked) < 2.5 * 100


def test_evenness_is_the_largest_step_over_the_median():
    feature_NF = torch.tensor([[0.0], [1.0], [2.0], [5.0]])
    assert evenness(feature_NF, loop=False) == 3.0
    # Back to the beginning it is five: the steps are 1, 1, 3, 5 and the lower median 1.
    assert evenness(feature_NF, loop=True) == 5.0
