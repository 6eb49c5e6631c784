"""Doubling by a transposed convolution: the fast form against the library's own, its slow twin."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.blocks.doubling import doubled


def drawn(*shape: int, seed: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def parts(height: int, width: int, kernel: int) -> tuple[Tensor, Tensor]:
    image = drawn(2, 6, height, width, seed=0).to(memory_format=torch.channels_last)
    weight = drawn(4, 6, kernel, kernel, seed=1).to(memory_format=torch.channels_last)
    return image.requires_grad_(), weight.requires_grad_()


@pytest.mark.parametrize(("height", "width", "kernel"), [(4, 4, 3), (5, 7, 3), (3, 2, 4), (1, 1, 2)])
def test_values_and_slopes_are_those_of_the_library_in_full_precision(height, width, kernel):
    image, weight = parts(height, width, kernel)
    expected = F.conv_transpose2d(image, weight.transpose(0, 1), stride=2)
    with torch.autocast("cpu", torch.bfloat16):
        made = doubled(image, weight)
    assert made.dtype == torch.bfloat16
    assert made.shape == expected.shape == (2, 4, 2 * height + kernel - 2, 2 * width + kernel - 2)
    assert (made.float() - expected).norm() < 0.01 * expected.norm()
    slope = drawn(*expected.shape, seed=2)
    found = torch.autograd.grad(made, (image, weight), slope.bfloat16())
    wanted = torch.autograd.grad(expected, (image, weight), slope)
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours.dtype == torch.float32
        assert (ours - theirs).norm() < 0.01 * theirs.norm()


def test_it_rounds_where_the_librarys_own_in_sixteen_bits_does():
    image, weight = parts(8, 8, 3)
    with torch.autocast("cpu", torch.bfloat16):
        fast = doubled(image, weight)
        slow = F.conv_transpose2d(image, weight.transpose(0, 1), stride=2)
    torch.testing.assert_close(fast, slow, rtol=2**-7, atol=2**-7)


def test_the_slope_of_a_weight_lies_in_memory_as_the_weight_does():
    image, weight = parts(4, 4, 3)
    with torch.autocast("cpu", torch.bfloat16):
        doubled(image, weight).float().sum().backward()
    assert weight.grad is not None
    assert weight.grad.stride() == weight.stride()


def test_a_weight_that_holds_still_gets_no_slope_and_the_image_still_does():
    image, weight = parts(4, 4, 3)
    weight.requires_grad_(False)
    with torch.autocast("cpu", torch.bfloat16):
        doubled(image, weight).float().sum().backward()
    assert weight.grad is None
    assert image.grad is not None
    assert image.grad.abs().sum() > 0


@pytest.mark.parametrize("autocast", [False, True], ids=["32 bits", "without slopes"])
def test_elsewhere_it_is_the_library_itself(autocast):
    image, weight = parts(4, 4, 3)
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast), torch.set_grad_enabled(not autocast):
        made = doubled(image, weight)
        assert torch.equal(made, F.conv_transpose2d(image, weight.transpose(0, 1), stride=2))
