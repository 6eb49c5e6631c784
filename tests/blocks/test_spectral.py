"""Spectral normalisation."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from huohua.blocks.spectral import singular_vectors, spectral
from huohua.randomness import torch_generator

LAYERS: dict[str, Callable[[], nn.Module]] = {
    "linear": lambda: nn.Linear(5, 7),
    "convolution": lambda: nn.Conv2d(3, 8, 3),
    "one dimension": lambda: nn.Conv1d(3, 8, 3),
    "transposed": lambda: nn.ConvTranspose2d(3, 8, 3),
    "embedding": lambda: nn.Embedding(6, 4),
}


def made(kind: str) -> nn.Module:
    layer = LAYERS[kind]()
    with torch.no_grad():
        layer.weight.copy_(torch.randn(layer.weight.shape, generator=torch_generator(0, kind)))
    return layer


def largest_singular_value(weight: torch.Tensor, kind: str) -> float:
    matrix = np.moveaxis(weight.detach().numpy(), 1 if kind == "transposed" else 0, 0)
    return float(np.linalg.svd(matrix.reshape(len(matrix), -1), compute_uv=False)[0])


@pytest.mark.parametrize("kind", LAYERS)
def test_the_largest_singular_value_becomes_one(kind):
    layer = made(kind)
    before = layer.weight.detach().clone()
    assert spectral(layer, torch_generator(1), iterations=500) is layer
    expected = before / largest_singular_value(before, kind)
    torch.testing.assert_close(layer.eval().weight, expected, rtol=1e-4, atol=1e-5)
    assert largest_singular_value(layer.weight, kind) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("kind", LAYERS)
def test_the_usual_fifteen_iterations_come_close(kind):
    layer = spectral(made(kind), torch_generator(1)).eval()
    # Power iteration finds the value from below, so what is left is one or a little more.
    assert 1 - 1e-5 < largest_singular_value(layer.weight, kind) < 1.1


@pytest.mark.parametrize("kind", LAYERS)
def test_the_generator_alone_decides_and_the_global_state_is_left_alone(kind):
    layers = []
    for global_seed in (0, 1):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(global_seed)
            layer = made(kind)
            before = torch.random.get_rng_state()
            layers.append(spectral(layer, torch_generator(5), iterations=1))
            assert torch.equal(torch.random.get_rng_state(), before)
    states = [layer.state_dict() for layer in layers]
    names = [name for name in states[0] if not name.endswith("bias")]
    assert len(names) == 3
    assert all(torch.equal(states[0][name], states[1][name]) for name in names)


@pytest.mark.parametrize("order", [torch.contiguous_format, torch.channels_last], ids=str)
@pytest.mark.parametrize("kind", LAYERS)
def test_steps_values_and_slopes_are_those_of_pytorchs_own(kind, order):
    """Three uses while training, one afterwards; the slope also flows through the norm."""
    ours, theirs = spectral(made(kind), torch_generator(1), iterations=1), made(kind)
    rows = 1 if kind == "transposed" else 0
    with torch.random.fork_rng(devices=[]):
        parametrizations.spectral_norm(theirs, dim=rows)
    theirs.load_state_dict(ours.state_dict())
    if ours.parametrizations.weight.original.ndim == 4:
        ours.to(memory_format=order)
    for training in (True, True, True, False):
        weights = [layer.train(training).weight for layer in (ours, theirs)]
        torch.testing.assert_close(*weights, rtol=1e-5, atol=1e-6)
        meeting = torch.randn(weights[0].shape, generator=torch_generator(2))
        for weight in weights:
            (weight.square() * meeting).sum().backward()
        slopes = [layer.parametrizations.weight.original.grad for layer in (ours, theirs)]
        torch.testing.assert_close(*slopes, rtol=1e-4, atol=1e-5)
        assert slopes[0].stride() == ours.parametrizations.weight.original.stride()
    for name, kept in theirs.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], kept, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", ["linear", "convolution"])
def test_in_sixteen_bits_weights_come_rounded_and_slopes_in_full(kind):
    layer = spectral(made(kind), torch_generator(1), iterations=1).eval()
    exact = layer.weight
    with torch.autocast("cpu", torch.bfloat16):
        rounded = layer.weight
    assert torch.equal(rounded, exact.to(torch.bfloat16))
    original = layer.parametrizations.weight.original
    slopes = [torch.autograd.grad(weight.float().square().sum(), original)[0] for weight in (exact, rounded)]
    assert slopes[1].dtype == torch.float32
    assert (slopes[1] - slopes[0]).norm() < 0.02 * exact.norm()


def test_another_seed_starts_from_other_vectors():
    first, second = (spectral(made("linear"), torch_generator(seed), iterations=1) for seed in (0, 1))
    name = "parametrizations.weight.0._u"
    assert not torch.allclose(first.state_dict()[name], second.state_dict()[name])


@pytest.mark.parametrize("kind", ["linear", "convolution", "transposed"])
def test_the_vectors_are_laid_out_as_pytorch_continues_them(kind):
    layer = spectral(made(kind), torch_generator(1), iterations=500).train()
    settled = layer.state_dict()["parametrizations.weight.0._u"].clone()
    _ = layer.weight  # one more step of power iteration, by PyTorch
    after = layer.state_dict()["parametrizations.weight.0._u"]
    torch.testing.assert_close(after, settled, rtol=0, atol=1e-3)


def test_a_state_restored_gives_the_same_layer():
    first = spectral(made("convolution"), torch_generator(0)).eval()
    second = spectral(nn.Conv2d(3, 8, 3), torch_generator(9)).eval()
    second.load_state_dict(first.state_dict())
    assert torch.equal(first.weight, second.weight)


def test_gradients_reach_the_weight_under_the_norm():
    layer = spectral(made("linear"), torch_generator(0))
    layer(torch.ones(1, 5)).sum().backward()
    assert layer.parametrizations.weight.original.grad.abs().sum() > 0


def test_power_iteration_finds_the_vectors_of_a_matrix_worked_by_hand():
    left, right = singular_vectors(torch.tensor([[3.0, 0.0], [0.0, 1.0]]), torch.ones(2), 30)
    torch.testing.assert_close(left, torch.tensor([1.0, 0.0]))
    torch.testing.assert_close(right, torch.tensor([1.0, 0.0]))


def test_both_functions_name_their_source():
    assert all("Source: " in inspect.getdoc(function) for function in (spectral, singular_vectors))
