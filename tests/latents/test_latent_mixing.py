"""Mixing: where coarse layers end and fine ones begin."""

from __future__ import annotations

import pytest

from huohua.latents.mixing import crossover

SIZES = (4, 8, 8, 16, 16, 32, 32, 64, 64)


@pytest.mark.parametrize(("size", "first"), [(4, 1), (8, 3), (9, 3), (16, 5), (32, 7), (63, 7)])
def test_layers_of_larger_works_are_fine(size, first):
    assert crossover(SIZES, size) == first


@pytest.mark.parametrize(
    ("sizes", "first"), [((4, 8), 1), ((4, 8, 8, 16, 16), 3), ((4, 8, 16, 32), 2), (SIZES, 5)]
)
def test_by_default_the_finer_half_of_the_sizes_is_fine(sizes, first):
    assert crossover(sizes) == first


@pytest.mark.parametrize("size", [0, 3, 64, 100])
def test_a_border_that_leaves_one_side_empty_is_refused(size):
    with pytest.raises(ValueError, match="choose between 4 and 32"):
        crossover(SIZES, size)


@pytest.mark.parametrize("sizes", [(0,), (16, 16)])
def test_what_is_told_everything_at_once_cannot_be_mixed(sizes):
    with pytest.raises(ValueError, match="told everything at once"):
        crossover(sizes)
