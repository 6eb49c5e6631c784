"""Scales: from measured numbers to weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from huohua.conditions.scale import Scale


def test_a_scale_with_one_end_starts_at_nothing():
    scale = Scale(high=0.8)
    assert scale.one_sided
    assert scale.weights(np.array([-0.1, 0.0, 0.2, 0.8, 0.9])).tolist() == pytest.approx([0, 0, 0.25, 1, 1])


def test_a_scale_with_two_ends_is_zero_in_the_middle_and_may_be_lopsided():
    scale = Scale(low=0.4, middle=0.5, high=0.9)
    assert not scale.one_sided
    assert scale.weights(np.array([0.0, 0.45, 0.5, 0.7, 2.0])).tolist() == pytest.approx(
        [-1, -0.5, 0, 0.5, 1]
    )


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=20))
def test_weights_rise_with_what_is_measured(values):
    weight_N = Scale(low=-1, middle=0.25, high=3).weights(np.array(sorted(values)))
    assert (np.diff(weight_N) >= 0).all()
    assert np.abs(weight_N).max() <= 1


@pytest.mark.parametrize("ends", [(0, 0, 0), (1, 0, 2), (0, 2, 1)])
def test_a_scale_that_does_not_rise_is_refused(ends):
    low, middle, high = ends
    with pytest.raises(ValidationError, match="must rise"):
        Scale(low=low, middle=middle, high=high)
