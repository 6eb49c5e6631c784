"""The averaged network."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
import torch
from torch import nn

from huohua.adversarial.averaging import Average, decay
from huohua.randomness import torch_generator
from parity.reference import averaging as slow


def network() -> nn.Module:
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    redraw(net, 0)
    return net


@torch.no_grad()
def redraw(net: nn.Module, seed: int) -> None:
    random = torch_generator(seed)
    for tensor in net.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(torch.randn(tensor.shape, generator=random))
        else:
            tensor.fill_(seed)


@pytest.mark.parametrize(
    ("shown", "batch", "half_life_kimg", "ramp", "expected"),
    [
        (10**9, 1000, 1.0, 0.05, 0.5),
        (10**9, 500, 1.0, 0.05, 0.5**0.5),
        (2000, 100, 10.0, 0.05, 0.5),  # the ramp allows a half-life of 100 works
        (2000, 100, 10.0, None, 0.5**0.01),
        (0, 100, 10.0, 0.05, 0.0),
        (1000, 100, 0.0, None, 0.0),
    ],
)
def test_the_decay_has_the_value_worked_by_hand(shown, batch, half_life_kimg, ramp, expected):
    value = decay(shown=shown, batch=batch, half_life_kimg=half_life_kimg, ramp=ramp)
    assert value == pytest.approx(expected, rel=1e-12)


def test_after_one_half_life_an_old_weight_counts_for_half_whatever_the_batch():
    for batch in (1, 10, 250):
        kept = decay(shown=10**9, batch=batch, half_life_kimg=1, ramp=0.05) ** (1000 / batch)
        assert kept == pytest.approx(0.5, rel=1e-9)


def test_the_average_agrees_with_the_weighted_sum_of_all_that_was_seen():
    net = network()
    average = Average(net)
    start = {name: tensor.numpy().copy() for name, tensor in net.state_dict().items()}
    seen: dict[str, list[np.ndarray]] = {name: [] for name in start}
    decays = []
    for step in range(1, 7):
        redraw(net, step)
        for name, tensor in net.state_dict().items():
            seen[name].append(tensor.numpy().copy())
        average.update(net, shown=step * 1000, batch=100, half_life_kimg=0.2)
        decays.append(0.5 ** (100 / min(200, step * 1000 * 0.05)))
    for name, tensor in average.network.state_dict().items():
        if name.endswith("num_batches_tracked"):
            assert tensor.item() == 6
        else:
            expected = slow.weighted_sum(start[name], seen[name], decays)
            np.testing.assert_allclose(tensor.numpy(), expected, rtol=1e-5, atol=1e-6)


def test_all_tensors_at_once_give_the_same_bits_as_one_after_another():
    net = network()
    average = Average(net)
    expected = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    redraw(net, 1)
    share = 1 - decay(shown=10**6, batch=100, half_life_kimg=0.3)
    for name, tensor in net.state_dict().items():
        expected[name] = expected[name].lerp(tensor, share) if tensor.is_floating_point() else tensor
    average.update(net, shown=10**6, batch=100, half_life_kimg=0.3)
    assert all(torch.equal(tensor, expected[name]) for name, tensor in average.network.state_dict().items())


def test_the_first_update_takes_the_network_as_it_is():
    net = network()
    average = Average(net)
    redraw(net, 1)
    average.update(net, shown=0, batch=16, half_life_kimg=10)
    for name, tensor in net.state_dict().items():
        torch.testing.assert_close(average.network.state_dict()[name], tensor, rtol=0, atol=1e-6)


def test_the_average_is_a_frozen_copy_for_evaluation_and_the_network_trains_on():
    net = network().train()
    average = Average(net)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    average.update(net, shown=1000, batch=16, half_life_kimg=1)
    assert not any(module.training for module in average.network.modules())
    assert not any(weight.requires_grad for weight in average.network.parameters())
    assert all(module.training for module in net.modules())
    assert all(weight.requires_grad for weight in net.parameters())
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())


def test_training_the_network_does_not_touch_the_average():
    net = network()
    average = Average(net)
    before = {name: tensor.clone() for name, tensor in average.network.state_dict().items()}
    redraw(net, 1)
    assert all(torch.equal(tensor, before[name]) for name, tensor in average.network.state_dict().items())


def test_an_average_restored_from_its_state_goes_on_with_the_same_bits():
    net = network()
    first = Average(net)
    redraw(net, 1)
    first.update(net, shown=1000, batch=16, half_life_kimg=1)
    second = Average(net)
    second.network.load_state_dict(first.network.state_dict())
    redraw(net, 2)
    for average in (first, second):
        average.update(net, shown=2000, batch=16, half_life_kimg=1)
    pairs = zip(first.network.state_dict().values(), second.network.state_dict().values(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_a_weight_used_twice_is_averaged_once():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.one = nn.Linear(2, 2, bias=False)
            self.two = nn.Linear(2, 2, bias=False)
            self.two.weight = self.one.weight

    net = Tied()
    with torch.no_grad():
        net.one.weight.fill_(0.0)
    average = Average(net)
    with torch.no_grad():
        net.one.weight.fill_(1.0)
    average.update(net, shown=10**9, batch=1000, half_life_kimg=1)
    assert average.network.two.weight is average.network.one.weight
    assert average.network.one.weight[0, 0].item() == pytest.approx(0.5)


def test_averaging_names_its_source():
    assert "Source: " in inspect.getdoc(decay)
