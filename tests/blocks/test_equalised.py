"""Layers with equalised learning rate: unit weights, scaled when they are used."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from huohua.blocks.equalised import EqualisedConvolution, EqualisedLinear


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def test_a_linear_layer_divides_by_the_root_of_its_inputs():
    layer = EqualisedLinear(4, 1, bias=0.5)
    nn.init.constant_(layer.weight, 3.0)
    assert layer(torch.ones(1, 4)).item() == pytest.approx(3.0 * 4 / 2 + 0.5)


def test_a_slow_layer_starts_alike_but_moves_slowly():
    """With speed s weights are stored 1 / s as large and used s times: a step moves the output by s^2."""
    slow = EqualisedLinear(4, 1, bias=0.5, speed=0.01)
    assert slow.bias.item() == pytest.approx(50)
    nn.init.constant_(slow.weight, 300.0)
    assert slow(torch.ones(1, 4)).item() == pytest.approx(3.0 * 4 / 2 + 0.5)
    slow(torch.ones(1, 4)).sum().backward()
    assert slow.weight.grad[0, 0].item() == pytest.approx(0.01 / 2)
    assert slow.bias.grad.item() == pytest.approx(0.01)


def test_a_layer_may_have_no_bias():
    layer = EqualisedLinear(2, 3, bias=None)
    assert [name for name, _ in layer.named_parameters()] == ["weight"]
    assert not layer(torch.zeros(1, 2)).any()


@pytest.mark.parametrize("speed", [1.0, 0.01])
@pytest.mark.parametrize("inputs", [16, 512])
def test_unit_variance_in_is_unit_variance_out(inputs, speed):
    layer = EqualisedLinear(inputs, 256, speed=speed)
    assert layer.weight.std().item() == pytest.approx(1 / speed, rel=0.1)
    assert layer(torch.randn(512, inputs)).std().item() == pytest.approx(1, rel=0.1)


@pytest.mark.parametrize(
    ("kernel", "stride", "side"), [(3, 1, 8), (1, 1, 8), (5, 1, 8), (3, 2, 4), (4, 2, 4), (1, 2, 4)]
)
def test_a_convolution_keeps_the_size_or_halves_it(kernel, stride, side):
    layer = EqualisedConvolution(2, 5, kernel, stride=stride)
    assert layer(torch.randn(3, 2, 8, 8)).shape == (3, 5, side, side)


def test_a_convolution_is_the_librarys_with_scaled_weights():
    layer = EqualisedConvolution(2, 3, 3, gain=1.5)
    nn.init.normal_(layer.bias)
    image = torch.randn(2, 2, 6, 6)
    expected = F.conv2d(image, layer.weight * (1.5 / (2 * 9) ** 0.5), layer.bias, padding=1)
    torch.testing.assert_close(layer(image), expected)


def test_behind_a_rectifier_the_variance_stays():
    layer = EqualisedConvolution(32, 128)
    rectified = torch.randn(4, 32, 16, 16).relu()
    inner = layer(rectified)[:, :, 1:-1, 1:-1]
    assert inner.square().mean().item() == pytest.approx(1, rel=0.15)
