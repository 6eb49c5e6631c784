"""The frozen convolution against the library's own, with its gradients and their gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.blocks.frozen import frozen_convolution


@dataclass(frozen=True)
class Case:
    """A shape of convolution: (stride, kernel, before, after, depthwise, ceiling)."""

    stride: int = 1
    kernel: int = 3
    before: int = 1
    after: int = 1
    depthwise: bool = False
    ceiling: float = 0.0
    size: tuple[int, int] = (7, 6)

    def __str__(self) -> str:
        kind = "depthwise" if self.depthwise else "full"
        ceiling = " clipped" if self.ceiling else ""
        return f"{kind} {self.kernel}/{self.stride} padded {self.before},{self.after}{ceiling}"


CASES = [
    Case(),
    Case(kernel=1, before=0, after=0),
    Case(kernel=5, before=2, after=2, depthwise=True),
    Case(kernel=4, before=1, after=2),
    Case(kernel=4, before=1, after=1, depthwise=True),
    Case(kernel=3, before=0, after=0, ceiling=0.4),
    Case(kernel=2, before=2, after=2),  # padded further than the kernel reaches
    Case(kernel=2, before=3, after=0, depthwise=True),
    Case(stride=2, before=0, after=1, size=(8, 6)),
    Case(stride=2, kernel=5, before=1, after=2, depthwise=True, ceiling=0.4, size=(8, 6)),
    Case(stride=2, kernel=4, before=1, after=1, size=(8, 6)),
    Case(stride=2, kernel=3, before=1, after=1, size=(7, 5)),
    Case(stride=2, kernel=3, before=0, after=0, size=(8, 6)),  # the last row and column go unused
    Case(stride=2, kernel=1, before=0, after=0, ceiling=0.4),
    Case(stride=3, kernel=2, before=1, after=0),
]


def drawn(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def parts(case: Case, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor, dict[str, Any]]:
    channels, out = 3, 3 if case.depthwise else 4
    image = drawn(2, channels, *case.size, seed=0, dtype=dtype).requires_grad_()
    weight = drawn(out, 1 if case.depthwise else channels, case.kernel, case.kernel, seed=1, dtype=dtype)
    bias = drawn(out, seed=2, dtype=dtype)
    options = {
        "stride": case.stride,
        "before": case.before,
        "after": case.after,
        "groups": channels if case.depthwise else 1,
        "ceiling": case.ceiling,
    }
    return image, weight, bias, options


def plainly(
    image: Tensor, weight: Tensor, bias: Tensor | None = None, *, stride: int, before: int, after: int,
    groups: int, ceiling: float,
) -> Tensor:  # fmt: skip
    """The same by the library alone."""
    padded = F.pad(image, (before, after, before, after))
    out = F.conv2d(padded, weight, bias, stride=stride, groups=groups)
    return out.clamp(0, ceiling) if ceiling else out


def derivatives(function: Any, case: Case, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Return the output, the gradient, and the gradient of the gradient's square."""
    image, weight, bias, options = parts(case, dtype)
    out = function(image, weight, bias, **options)
    # The cube makes the gradient depend on the input, so that it has a gradient of its own.
    (slope,) = torch.autograd.grad((out.double() ** 3).sum(), image, create_graph=True)
    (curve,) = torch.autograd.grad(slope.double().square().sum(), image)
    return out.detach(), slope.detach(), curve


@pytest.mark.parametrize("case", CASES, ids=str)
def test_output_gradient_and_second_gradient_are_the_librarys(case):
    ours = derivatives(frozen_convolution, case, torch.float64)
    theirs = derivatives(plainly, case, torch.float64)
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-10)
        assert other.abs().sum() > 0


@pytest.mark.parametrize("case", CASES, ids=str)
def test_single_precision_agrees_with_double(case):
    ours = derivatives(frozen_convolution, case, torch.float32)
    exact = derivatives(plainly, case, torch.float64)
    for one, other in zip(ours, exact, strict=True):
        assert one.dtype == torch.float32
        torch.testing.assert_close(one.double(), other, rtol=1e-4, atol=1e-4 * other.abs().max().item())


@pytest.mark.parametrize("case", [case for case in CASES if not case.ceiling], ids=str)
def test_half_precision_agrees_within_its_grain(case):
    """Without a ceiling: near it rounding may put a value on the other side, where the slope is zero."""
    ours = derivatives(frozen_convolution, case, torch.bfloat16)
    exact = derivatives(plainly, case, torch.float64)
    for one, other, grain in zip(ours, exact, (0.02, 0.04, 0.08), strict=True):
        assert one.dtype == torch.bfloat16
        assert (one.double() - other).norm() < grain * other.norm()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gradients_agree_with_finite_differences(case):
    image, weight, bias, options = parts(case, torch.float64)
    assert torch.autograd.gradcheck(lambda x: frozen_convolution(x, weight, bias, **options), (image,))
    assert torch.autograd.gradgradcheck(lambda x: frozen_convolution(x, weight, bias, **options), (image,))


def test_weights_get_no_gradient():
    image, weight, bias, options = parts(Case(), torch.float64)
    weight.requires_grad_()
    bias.requires_grad_()
    frozen_convolution(image, weight, bias, **options).sum().backward()
    assert weight.grad is None
    assert bias.grad is None
    assert image.grad is not None


def test_the_input_is_left_as_it_was_and_the_output_clipped():
    image, weight, bias, options = parts(Case(kernel=1, before=0, after=0, ceiling=0.4), torch.float64)
    before = image.detach().clone()
    out = frozen_convolution(image, weight, bias, **options)
    assert torch.equal(image, before)
    assert out.min() == 0
    assert out.max() == 0.4


def test_without_a_bias_nothing_is_added():
    image, weight, _, options = parts(Case(), torch.float64)
    torch.testing.assert_close(
        frozen_convolution(image, weight, **options), plainly(image, weight, **options)
    )


def test_channels_last_stays_channels_last():
    image, weight, bias, options = parts(Case(size=(8, 8)), torch.float32)
    lasting = image.detach().contiguous(memory_format=torch.channels_last).requires_grad_()
    out = frozen_convolution(lasting, weight.contiguous(memory_format=torch.channels_last), bias, **options)
    out.sum().backward()
    assert out.is_contiguous(memory_format=torch.channels_last)
    assert lasting.grad.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_under_autocast_a_full_precision_image_gets_a_full_precision_gradient(case):
    image, weight, bias, options = parts(case, torch.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = frozen_convolution(image, weight, bias, **options)
    assert out.dtype == torch.bfloat16
    out.float().sum().backward()
    expected = plainly(image, weight, bias, **options)
    (slope,) = torch.autograd.grad(expected.sum(), image)
    assert image.grad.dtype == torch.float32
    assert (out.float() - expected).norm() < 0.02 * expected.norm()
    assert (image.grad - slope).norm() < 0.3 * slope.norm()
