"""Distinct n-grams by hand."""

from __future__ import annotations

import pytest

from huohua.metrics.distinct import distinct, ngrams


def test_shares_by_hand():
    assert distinct(["aab", "ab"], 1) == pytest.approx(2 / 5)
    assert distinct(["aab", "ab"], 2) == pytest.approx(2 / 3)
    assert distinct(["a"], 2) == 0.0
    assert list(ngrams([1, 2, 3], 3)) == [(1, 2, 3)]
