from __future__ import annotations

import numpy as np
import pytest

from huohua.errors import DataError
from huohua.metrics.features import check_features, check_pair


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_any_float_type_becomes_double(kind):
    checked_NF = check_features(np.array([[0.5, 1.0]], dtype=kind))
    assert checked_NF.dtype == np.float64
    assert checked_NF.tolist() == [[0.5, 1.0]]


@pytest.mark.parametrize("shape", [(3,), (2, 2, 2), (2, 0)])
def test_another_shape_than_rows_of_features_is_refused(shape):
    with pytest.raises(DataError, match="shape"):
        check_features(np.zeros(shape))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_features_that_are_not_finite_are_refused(value):
    with pytest.raises(DataError, match="infinite or undefined"):
        check_features(np.array([[0.0, value]]))


def test_too_few_rows_are_refused_and_counted_in_the_message():
    with pytest.raises(DataError, match="at least 4 rows of features of the real works; there are 3"):
        check_pair(np.zeros((4, 2)), np.zeros((3, 2)), least=4)


def test_two_sides_with_different_features_are_refused():
    with pytest.raises(DataError, match="2 features and real works 3"):
        check_pair(np.zeros((2, 2)), np.zeros((2, 3)))
