"""The frozen convolution against the library's own, with its gradients and their gradients."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.blocks.frozen import FrozenConvolution, frozen_convolution, laid_out


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


CLIPPED = [case for case in CASES if case.ceiling]


@pytest.mark.parametrize("case", CLIPPED, ids=str)
def test_convolving_and_clipping_in_one_go_gives_what_two_steps_give(case):
    image, weight, bias, options = parts(case, torch.bfloat16)
    with torch.no_grad():
        at_once = frozen_convolution(image, weight, bias, **options)
        convolved = frozen_convolution(image, weight, bias, **{**options, "ceiling": 0.0})
    # One rounding to 16 bits in either case: the same, unless the library sums in another order.
    torch.testing.assert_close(at_once, convolved.clamp(0, case.ceiling), rtol=2**-7, atol=1e-3)
    assert (at_once == 0).any()
    assert (at_once == at_once.max()).sum() > 1


@pytest.mark.parametrize("case", [case for case in CASES if case.stride > 1], ids=str)
def test_slopes_that_are_spread_out_are_those_of_the_library_in_32_bits(case):
    image, weight, _, options = parts(replace(case, ceiling=0.0), torch.bfloat16)
    slope = drawn(*frozen_convolution(image, weight, **options).shape, seed=3, dtype=torch.bfloat16)
    (ours,) = torch.autograd.grad(frozen_convolution(image, weight, **options), image, slope)
    exact = image.detach().float().requires_grad_()
    (theirs,) = torch.autograd.grad(plainly(exact, weight.float(), **options), exact, slope.float())
    torch.testing.assert_close(ours.float(), theirs, rtol=2**-7, atol=2**-7)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_kernel_laid_out_once_gives_what_one_laid_out_at_each_use_gives(case, dtype):
    image, weight, bias, options = parts(case, torch.float64)
    image = image.detach().to(dtype).requires_grad_()
    kept = FrozenConvolution(weight, bias, **options)
    for _ in range(2):
        ours, theirs = kept(image), frozen_convolution(image, weight, bias, **options)
        torch.testing.assert_close(ours, theirs)
        slopes = [torch.autograd.grad(out.double().square().sum(), image)[0] for out in (ours, theirs)]
        torch.testing.assert_close(*slopes)


def test_a_kept_kernel_follows_its_weight():
    convolution = FrozenConvolution(torch.ones(1, 1, 1, 1))
    image = torch.full((1, 1, 1, 1), 3.0)
    assert convolution(image).item() == 3
    convolution.load_state_dict({"weight": torch.full((1, 1, 1, 1), 2.0)})
    assert convolution(image).item() == 6
    convolution.to(torch.float64)
    assert convolution(image.double()).dtype == torch.float64


def test_a_kernel_first_used_without_slopes_serves_training_later():
    convolution = FrozenConvolution(torch.ones(1, 1, 1, 1), ceiling=9.0)
    with torch.inference_mode():
        convolution(torch.ones(1, 1, 1, 1))
    image = torch.ones(1, 1, 1, 1, requires_grad=True)
    convolution(image).sum().backward()
    assert image.grad.item() == 1


def test_a_dense_kernel_lies_with_channels_last_and_its_mirror_is_turned_round():
    weight = torch.arange(2.0 * 3 * 2 * 2).view(2, 3, 2, 2)
    kernel = laid_out(weight, None, torch.float32)
    assert kernel.weight.is_contiguous(memory_format=torch.channels_last)
    assert kernel.mirrored.shape == (3, 2, 2, 2)
    assert kernel.mirrored[1, 0].tolist() == weight[0, 1].flip(0, 1).tolist()
