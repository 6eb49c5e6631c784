"""Agreement of one process with itself; two are in `test_distributed.py`."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from huohua.adversarial import agreement
from toys.ring import plain_accelerator


@pytest.fixture
def accelerator():
    return plain_accelerator()


def test_one_process_agrees_with_itself(accelerator):
    numbers = {"a": 0.1, "b": -3.0}
    assert agreement.mean(numbers, accelerator) == agreement.of_main(numbers, accelerator) == numbers
    assert agreement.mean({}, accelerator) == {}
    assert agreement.everywhere(True, accelerator)
    assert not agreement.everywhere(False, accelerator)


def test_what_comes_back_is_a_copy(accelerator):
    numbers = {"a": 0.1}
    agreement.mean(numbers, accelerator)["a"] = 5.0
    agreement.of_main(numbers, accelerator)["a"] = 5.0
    assert numbers == {"a": 0.1}


def test_alone_nothing_is_exchanged(accelerator):
    network = nn.BatchNorm1d(2)
    network(torch.randn(4, 2, generator=torch.Generator().manual_seed(0))).sum().backward()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    slope = network.bias.grad.clone()
    agreement.share_networks([network], accelerator)
    agreement.average_gradients(network, accelerator)
    agreement.average_buffers([network], accelerator)
    assert torch.equal(network.bias.grad, slope)
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())
