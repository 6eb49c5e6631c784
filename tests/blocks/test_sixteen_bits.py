"""Drawing in 16 bits: at small sizes only, and never so that it is seen."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from huohua.blocks.sixteen_bits import in_sixteen_bits
from huohua.randomness import torch_generator


class Doubling(nn.Module):
    """A generator of nine numbers that doubles them three times: 3, 6, 12 and 24 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.lay_out = nn.Linear(4, 9)
        self.told = nn.Linear(2, 1)
        self.grow = nn.ModuleList(nn.ConvTranspose2d(1, 1, 2, stride=2, bias=False) for _ in range(3))
        random = torch_generator(1, "doubling")
        for weight in self.parameters():
            weight.data.uniform_(0.2, 1.0, generator=random)

    def forward(self, latent, condition):
        image = (self.lay_out(latent) + self.told(condition)).view(-1, 1, 3, 3)
        for grow in self.grow:
            image = grow(image)
        return image.float()


@pytest.fixture
def network():
    return Doubling().eval().requires_grad_(False)


def asked():
    return torch.randn(5, 4, generator=torch_generator(2)), torch.ones(5, 2)


def draw(network):
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        return network(*asked())


def test_kernels_of_the_last_two_sizes_stay_in_32_bits_and_the_others_are_halved(network):
    rough = in_sixteen_bits(network, *asked())
    assert [grow.weight.dtype for grow in rough.grow] == [torch.bfloat16, torch.float32, torch.float32]
    assert rough.lay_out.weight.dtype == torch.bfloat16
    assert rough.lay_out.bias.dtype == torch.float32
    assert all(weight.dtype == torch.float32 for weight in network.parameters()), "it is a copy"


def test_what_the_last_two_sizes_are_given_and_give_is_in_32_bits(network):
    rough = in_sixteen_bits(network, *asked())
    seen = []
    for grow in rough.grow:
        grow.register_forward_hook(lambda _, given, made: seen.append(made.dtype))
    draw(rough)
    assert seen == [torch.bfloat16, torch.float32, torch.float32]


def test_it_draws_nearly_the_same_and_nearer_than_16_bits_throughout(network):
    with torch.inference_mode():
        exact = network(*asked())
    rough = (draw(in_sixteen_bits(network, *asked())) - exact).abs().max()
    rougher = (draw(network) - exact).abs().max()
    assert 0 < rough < rougher
    assert rough < 0.02 * exact.abs().max()


def test_a_network_that_makes_no_pictures_on_the_way_is_halved_throughout():
    class Flat(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 12)

        def forward(self, latent, condition):
            return self.layer(latent).view(-1, 3, 2, 2)

    rough = in_sixteen_bits(Flat().eval(), *asked())
    assert rough.layer.weight.dtype == torch.bfloat16


def test_a_network_in_training_is_refused(network):
    with pytest.raises(ValueError, match="call eval"):
        in_sixteen_bits(network.train(), *asked())
