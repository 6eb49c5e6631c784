from __future__ import annotations

import numpy as np
import pytest

from huohua.errors import DataError
from huohua.metrics.principal import principal_map


def test_the_axes_are_those_worked_out_by_hand():
    # Along (3, 4) / 5 the works lie at -10 and 10 twice, across it at -1 and 1.
    along, across = np.array([0.6, 0.8]), np.array([-0.8, 0.6])
    real_NF = np.array([7.0, 7.0]) + [a * along + b * across for a in (-10, 10) for b in (-1, 1)]
    found = principal_map(real_NF)
    assert found.middle_F == pytest.approx([7, 7])
    assert found.axis_AF[0] == pytest.approx(along)
    assert found.axis_AF[1] == pytest.approx(-across)  # its largest part is positive
    assert found.share_A == pytest.approx([100 / 101, 1 / 101])
    assert found.place(real_NF[:1]) == pytest.approx(np.array([[-10.0, 1.0]]))


def test_axes_agree_with_the_eigenvectors_of_the_covariance():
    real_NF = np.random.default_rng(0).normal(size=(50, 4)) * [1, 5, 2, 3]
    found = principal_map(real_NF)
    power, vectors = np.linalg.eigh(np.cov(real_NF.T))
    assert abs(found.axis_AF[0] @ vectors[:, -1]) == pytest.approx(1)
    assert abs(found.axis_AF[1] @ vectors[:, -2]) == pytest.approx(1)
    assert found.share_A == pytest.approx(power[::-1][:2] / power.sum())


def test_a_map_of_works_on_a_line_has_an_empty_second_axis():
    found = principal_map(np.array([[0.0], [1.0], [2.0]]))
    assert found.place(np.array([[2.0]]))[0] == pytest.approx([1.0, 0.0])
    assert found.share_A == pytest.approx([1.0, 0.0])


def test_works_that_are_all_the_same_lie_in_the_middle():
    found = principal_map(np.ones((4, 3)))
    assert found.place(np.ones((4, 3))) == pytest.approx(np.zeros((4, 2)))
    assert found.share_A == pytest.approx([0.0, 0.0])


def test_one_work_makes_no_map():
    with pytest.raises(DataError, match="at least 2 rows"):
        principal_map(np.ones((1, 3)))
