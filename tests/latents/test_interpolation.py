"""Between latents: straight, along an arc, and among many."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from huohua.latents.interpolation import angle_between, linear, spherical, stretched
from parity.reference.latents import arc

PLACES = [0.0, 0.1, 0.5, 0.75, 1.0]


@pytest.mark.parametrize("place", PLACES)
def test_a_straight_line_weighs_both_ends_to_one(place):
    assert linear(place) == pytest.approx((1 - place, place), abs=1e-15)


def test_half_way_along_a_right_angle_both_weigh_the_root_of_a_half():
    assert spherical(0.5, math.pi / 2) == pytest.approx((math.sqrt(0.5), math.sqrt(0.5)), abs=1e-12)
    assert spherical(1 / 3, math.pi / 2) == pytest.approx((math.sqrt(0.75), 0.5), abs=1e-12)


@pytest.mark.parametrize("place", PLACES)
def test_the_arc_is_that_of_turning_in_a_plane(place):
    dice = np.random.default_rng(3)
    first, second = dice.normal(size=(2, 20))
    second *= np.linalg.norm(first) / np.linalg.norm(second)
    one, two = spherical(place, angle_between(torch.tensor(first), torch.tensor(second)))
    np.testing.assert_allclose(one * first + two * second, arc(first, second, place), atol=1e-12)


@given(st.floats(0, 1), st.floats(0.01, 3.1))
def test_along_the_arc_the_length_stays(place, angle):
    one, two = spherical(place, angle)
    square = one * one + two * two + 2 * one * two * math.cos(angle)
    assert square == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("angle", [0.0, 1e-9, math.pi, math.pi - 1e-9])
def test_ends_without_an_arc_of_their_own_are_met_by_a_straight_line(angle):
    assert spherical(0.25, angle) == (0.75, 0.25)


def test_angles_are_those_of_the_plane():
    east, north = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 0.5])
    assert angle_between(east, north) == pytest.approx(math.pi / 2)
    assert angle_between(east, -east) == pytest.approx(math.pi)
    assert angle_between(east, 3 * east) == 0.0
    assert angle_between(east, 0 * east) == 0.0


def test_stretching_reaches_the_arc_at_another_pace():
    first, second = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    weights = stretched([0.75, 0.25], torch.stack([first, second]))
    # (0.75, 0.25) is as long as the root of 0.625; stretched it has length 1.
    assert weights == pytest.approx([0.75 / math.sqrt(0.625), 0.25 / math.sqrt(0.625)], abs=1e-12)


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), st.integers(0, 100))
def test_a_stretched_sum_is_as_long_as_the_mean_of_the_lengths(shares, seed):
    weights = [share / sum(shares) for share in shares]
    latents = torch.randn(3, 30, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    found = torch.tensor(stretched(weights, latents), dtype=torch.float64) @ latents
    wanted = sum(w * float(row.norm()) for w, row in zip(weights, latents, strict=True))
    assert float(found.norm()) == pytest.approx(wanted, rel=1e-9)


def test_latents_that_cancel_out_are_left_alone():
    latents = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])
    assert stretched([0.5, 0.5], latents) == [0.5, 0.5]
