"""Minibatch statistics."""

from __future__ import annotations

import inspect

import pytest
import torch

from huohua.blocks.minibatch import MinibatchDeviation, largest_divisor
from huohua.randomness import torch_generator
from parity.reference import minibatch as slow


def feature(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch_generator(0), dtype=torch.float64)


def test_two_works_two_apart_have_a_deviation_of_one():
    works = torch.tensor([[0.0, 5.0], [2.0, 5.0]])  # deviations 1 and 0, mean 1 / 2
    result = MinibatchDeviation(group_size=2)(works)
    torch.testing.assert_close(result[:, :2], works, rtol=0, atol=0)
    torch.testing.assert_close(result[:, 2], torch.tensor([0.5, 0.5]), rtol=0, atol=1e-4)


@pytest.mark.parametrize("shape", [(8, 3), (8, 3, 5), (8, 3, 2, 4), (6, 3, 2, 2), (5, 3), (2, 3), (1, 3)])
@pytest.mark.parametrize("group", [1, 2, 4])
def test_the_added_channel_agrees_with_its_slow_twin(shape, group):
    works = feature(*shape)
    expected = torch.from_numpy(slow.with_deviation(works.numpy(), group))
    torch.testing.assert_close(MinibatchDeviation(group)(works), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("number", "at_most", "expected"), [(8, 4, 4), (6, 4, 3), (7, 4, 1), (9, 4, 3), (3, 4, 3), (1, 4, 1)]
)
def test_a_batch_is_cut_into_equal_groups(number, at_most, expected):
    assert largest_divisor(number, at_most) == expected


def test_works_that_are_all_the_same_are_found_out():
    same = feature(1, 3, 4, 4).expand(8, 3, 4, 4)
    added = MinibatchDeviation(4)(same)[:, 3]
    assert added.max().item() == pytest.approx(1e-4, rel=1e-6)
    assert MinibatchDeviation(4)(feature(8, 3, 4, 4))[:, 3].min() > 0.5


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_the_type_of_numbers_is_kept_and_the_deviation_is_right_in_sixteen_bits(dtype):
    works = feature(8, 3, 4, 4)
    exact = MinibatchDeviation(4)(works)
    result = MinibatchDeviation(4)(works.to(dtype))
    assert result.dtype == dtype
    torch.testing.assert_close(result.double(), exact, rtol=1e-2, atol=1e-2)


def test_squares_too_large_for_sixteen_bits_do_not_overflow():
    works = torch.tensor([[-300.0], [300.0]], dtype=torch.float16)
    assert MinibatchDeviation(2)(works)[:, 1].tolist() == [300.0, 300.0]


def test_the_slope_agrees_with_finite_differences():
    works = feature(4, 2, 2, 2).requires_grad_()
    assert torch.autograd.gradcheck(MinibatchDeviation(2), (works,))


def test_an_impossible_group_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        MinibatchDeviation(0)


def test_the_layer_names_its_source_and_shows_its_group():
    assert "Source: " in inspect.getdoc(MinibatchDeviation)
    assert repr(MinibatchDeviation(3)) == "MinibatchDeviation(group_size=3)"
