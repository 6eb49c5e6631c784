"""In which order works are shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.adversarial.sampling import order


@given(works=st.integers(1, 40), passes=st.integers(1, 4), seed=st.integers(0, 5))
def test_every_pass_shows_every_work_once(works, passes, seed):
    shown = order(seed, 0, works * passes, works).reshape(passes, works)
    assert (np.sort(shown, axis=1) == np.arange(works)).all()


@given(works=st.integers(1, 40), first=st.integers(0, 200), count=st.integers(1, 90), cut=st.integers(0, 90))
def test_how_the_run_is_cut_up_does_not_change_the_order(works, first, count, cut):
    whole = order(3, first, count, works)
    cut = min(cut, count)
    parts = [order(3, first + start, size, works) for start, size in ((0, cut), (cut, count - cut)) if size]
    assert (np.concatenate(parts) == whole).all()


def test_passes_and_seeds_have_orders_of_their_own():
    passes = order(0, 0, 60, 30).reshape(2, 30)
    assert (passes[0] != passes[1]).any()
    assert (order(1, 0, 30, 30) != passes[0]).any()


def test_the_order_is_the_same_on_every_machine():
    assert order(0, 0, 6, 6).tolist() == PINNED


@pytest.mark.parametrize("first", [0, 5])
def test_a_batch_larger_than_the_data_repeats_works_evenly(first):
    counts = np.bincount(order(0, first, 15, 5), minlength=5)
    assert counts.min() >= 2
    assert counts.max() <= 4
    assert counts.sum() == 15


PINNED = [4, 2, 1, 5, 3, 0]
