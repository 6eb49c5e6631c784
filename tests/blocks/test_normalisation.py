"""Told batch normalisation: against PyTorch's own, its slow twin, in values and slopes."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.blocks.normalisation import EPSILON, ROWS, ToldBatchNorm, sums_BC


def twin(image_BCHW: Tensor, scale_BC: Tensor, shift_BC: Tensor) -> Tensor:
    normal = F.batch_norm(image_BCHW, None, None, training=True, eps=EPSILON)
    return normal * scale_BC[:, :, None, None] + shift_BC[:, :, None, None]


@pytest.fixture
def layer() -> ToldBatchNorm:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return ToldBatchNorm(3, 5)


def image(*shape: int, seed: int = 0) -> Tensor:
    drawn = torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * 3 + 1
    return drawn.to(memory_format=torch.channels_last) if len(shape) == 4 else drawn


def test_values_and_slopes_equal_those_of_the_slow_twin(layer: ToldBatchNorm) -> None:
    x, told, slope = image(4, 3, 5, 6).requires_grad_(), image(4, 5, seed=1), image(4, 3, 5, 6, seed=2)
    wanted = (x, layer.scale.weight, layer.scale.bias, layer.shift.weight, layer.shift.bias)
    fast = layer(x, told)
    slow = twin(x, layer.scale(told), layer.shift(told))
    torch.testing.assert_close(fast, slow)
    for ours, theirs in zip(
        torch.autograd.grad((fast * slope).sum(), wanted),
        torch.autograd.grad((slow * slope).sum(), wanted),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("side", [ROWS // 2, ROWS, 4 * ROWS])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32, torch.float64], ids=str)
def test_sums_of_pixels_are_those_of_the_slow_twin_in_full_precision(side: int, dtype: torch.dtype) -> None:
    x = image(3, 5, side, side).permute(0, 2, 3, 1).to(dtype)
    exact, summed = x.double().sum((1, 2)), sums_BC(x)
    assert summed.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
    # Each row is rounded by at most 2^-9 of itself; errors of the rows are as often up as down.
    size = x.double().abs().sum((1, 2))
    grain = 2**-9 if dtype == torch.bfloat16 else 1e-6
    assert ((summed - exact).abs() < grain * size).all()


@pytest.mark.parametrize("side", [4, 2 * ROWS])
def test_slopes_in_sixteen_bits_stay_near_thirty_two(layer: ToldBatchNorm, side: int) -> None:
    told, slope = image(4, 5, seed=1), image(4, 3, side, side, seed=2)
    found = []
    for dtype in (torch.bfloat16, torch.float32):
        x = image(4, 3, side, side).to(dtype).requires_grad_()
        wanted = (x, layer.scale.weight, layer.shift.weight)
        found.append(torch.autograd.grad((layer(x, told) * slope.to(dtype)).float().sum(), wanted))
    for rough, exact in zip(*found, strict=True):
        assert (rough.float() - exact).norm() < 0.02 * exact.norm()


def test_sixteen_bits_stay_near_thirty_two(layer: ToldBatchNorm) -> None:
    x, told = image(4, 3, 5, 6), image(4, 5, seed=1)
    with torch.autocast("cpu", torch.bfloat16):
        rough = layer(x.bfloat16(), told)
    torch.testing.assert_close(rough.float(), layer(x, told), rtol=0.05, atol=0.05)


def test_evaluation_uses_the_running_statistics(layer: ToldBatchNorm) -> None:
    x, told = image(8, 3, 5, 6), image(8, 5, seed=1)
    for _ in range(200):
        layer(x, told)
    torch.testing.assert_close(layer.mean, x.mean((0, 2, 3)), rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(layer.variance, x.var((0, 2, 3), correction=0), rtol=1e-3, atol=1e-3)
    trained = layer(x, told)
    torch.testing.assert_close(layer.eval()(x, told), trained, rtol=1e-2, atol=1e-2)


def test_a_work_comes_out_alike_in_any_company_once_trained(layer: ToldBatchNorm) -> None:
    x, told = image(4, 3, 5, 6), image(4, 5, seed=1)
    layer(x, told)
    layer.eval()
    torch.testing.assert_close(layer(x, told)[1:2], layer(x[1:2], told[1:2]))


def test_an_untold_layer_normalises_to_mean_zero_and_unit_spread(layer: ToldBatchNorm) -> None:
    out = layer(image(16, 3, 8, 8), torch.zeros(16, 5))
    torch.testing.assert_close(out.mean((0, 2, 3)), torch.zeros(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(out.std((0, 2, 3)), torch.ones(3), atol=1e-2, rtol=0)
