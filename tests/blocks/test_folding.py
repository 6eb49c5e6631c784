"""Folding batch normalisation: the same pictures, without statistics, and never of a network in training."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from huohua.blocks.folding import Affine, ToldAffine, folded
from huohua.blocks.normalisation import ToldBatchNorm
from huohua.randomness import torch_generator


class Told(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = ToldBatchNorm(3, 2)

    def forward(self, image, told):
        return self.norm(image, told)


def trained(network: nn.Module) -> nn.Module:
    """Return a network whose weights and statistics are none of those it began with."""
    random = torch_generator(3, "folding")
    for tensor in [*network.parameters(), *network.buffers()]:
        if tensor.is_floating_point():
            tensor.data.uniform_(0.5, 2.0, generator=random)
    return network.eval()


def test_a_hand_computed_channel():
    norm = nn.BatchNorm2d(1, eps=0.0)
    norm.running_mean.fill_(3.0)
    norm.running_var.fill_(4.0)
    nn.init.constant_(norm.weight, 10.0)
    nn.init.constant_(norm.bias, 1.0)
    # (5 - 3) / 2 * 10 + 1
    assert Affine(norm)(torch.full((1, 1, 1, 1), 5.0)).item() == pytest.approx(11.0, abs=1e-6)


def test_a_hand_computed_told_channel():
    norm = ToldBatchNorm(1, 1)
    norm.mean.fill_(3.0)
    norm.variance.fill_(4.0 - 1e-5)
    for layer, weight, bias in ((norm.scale, 2.0, 1.0), (norm.shift, 0.5, 0.25)):
        nn.init.constant_(layer.weight, weight)
        nn.init.constant_(layer.bias, bias)
    # told 3: scale 2 * 3 + 1 = 7, shift 0.5 * 3 + 0.25 = 1.75; (5 - 3) / 2 * 7 + 1.75
    found = ToldAffine(norm)(torch.full((1, 1, 1, 1), 5.0), torch.full((1, 1), 3.0))
    assert found.item() == pytest.approx(8.75, abs=1e-5)


@pytest.mark.parametrize("affine", [True, False])
def test_plain_normalisation_is_the_same_folded(affine):
    network = trained(nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3, affine=affine)))
    image = torch.randn(2, 2, 5, 5, generator=torch_generator(1))
    with torch.no_grad():
        torch.testing.assert_close(folded(network)(image), network(image), rtol=1e-5, atol=1e-5)


def test_told_normalisation_is_the_same_folded():
    network = trained(Told())
    image = torch.randn(4, 3, 5, 6, generator=torch_generator(1))
    told = torch.randn(4, 2, generator=torch_generator(2))
    with torch.no_grad():
        torch.testing.assert_close(folded(network)(image, told), network(image, told), rtol=1e-5, atol=1e-5)


def test_nothing_of_normalisation_is_left_and_the_network_itself_is_untouched():
    network = trained(nn.Sequential(nn.Sequential(nn.BatchNorm2d(2)), nn.ReLU(), Told()))
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    copied = folded(network)
    assert not any(isinstance(module, ToldBatchNorm | nn.BatchNorm2d) for module in copied.modules())
    assert not any(weight.requires_grad for weight in copied.parameters())
    assert isinstance(network[2].norm, ToldBatchNorm)
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())


def test_a_network_in_training_cannot_be_folded():
    with pytest.raises(ValueError, match="call eval"):
        folded(nn.BatchNorm2d(2).train())
    with pytest.raises(ValueError, match="no statistics"):
        folded(nn.Sequential(nn.BatchNorm2d(2, track_running_stats=False)).eval())
