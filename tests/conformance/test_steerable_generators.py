"""What steering asks of every generator in the table: layers told apart, weights shown, works unchanged."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from huohua.arts.image.generators.table import GENERATORS
from huohua.latents.space import Early, Layered, Weighing, layer_sizes, render, steered
from huohua.latents.truncation import Mapped
from huohua.randomness import torch_generator

SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"widths": (16, 24)},
    "dcgan": {"base": 8, "widest": 32},
    "fast": {"widest": 32, "budget": 512, "told": 8, "refined": 16},
    "style": {"widest": 32, "budget": 512, "mapped": 16, "mapping_layers": 2},
    "growing": {"widest": 32, "budget": 512, "told": 8, "refined": 16},
}
NAMES = list(GENERATORS)
LAYERED = [name for name in NAMES if name in {"fast", "style"}]
LATENT, CONDITION = 12, 3


def build(name: str, **sizes: int) -> nn.Module:
    """Return a small generator in evaluation mode, in double precision; the same one each time."""
    settings_class, network_class = GENERATORS[name]
    sizes = {"condition": CONDITION, "height": 48, "width": 32, "channels": 3, **sizes}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        network = network_class(settings_class.model_validate(SMALL.get(name, {})), latent=LATENT, **sizes)
    with torch.no_grad():
        for _ in range(5):
            network(*asked(16, sizes["condition"]))
    return network.eval()


def asked(count: int = 4, condition: int = CONDITION) -> tuple[Tensor, Tensor]:
    latent_BZ = torch.randn(count, LATENT, generator=torch_generator(0))
    condition_BC = torch.rand(count, condition, generator=torch_generator(1))
    return latent_BZ, condition_BC


def told(network: nn.Module, latent_BZ: Tensor, condition_BC: Tensor) -> tuple[Tensor, Tensor]:
    """Return the same vector and condition for every layer."""
    layers = len(layer_sizes(network))
    vector_BV = steered(network, latent_BZ, condition_BC, truncation=1.0)
    return vector_BV[:, None].repeat(1, layers, 1), condition_BC[:, None].repeat(1, layers, 1)


@pytest.mark.parametrize("condition", [0, CONDITION])
@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_layers_that_are_all_told_the_same_draw_the_same_bits(name, condition):
    network = build(name, condition=condition)
    latent_BZ, condition_BC = asked(3, condition)
    expected = network(latent_BZ, condition_BC)
    assert torch.equal(render(network, *told(network, latent_BZ, condition_BC)), expected)


@pytest.mark.parametrize("name", LAYERED)
def test_every_layer_hears_its_own_vector_and_no_other(name):
    network = build(name)
    latent_BLV, condition_BLC = told(network, *asked(1))
    latent_BLV = latent_BLV.detach().requires_grad_()
    picture = render(network, latent_BLV, condition_BLC)
    (picture * torch.randn(picture.shape, generator=torch_generator(3))).sum().backward()
    assert latent_BLV.grad is not None
    assert (latent_BLV.grad.abs().sum(2) > 0).all()


@pytest.mark.parametrize("name", LAYERED)
def test_sizes_of_layers_rise_from_the_start_to_the_whole_picture(name):
    sizes = layer_sizes(build(name))
    assert list(sizes) == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (4, 32)


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_weights_are_those_that_the_vector_meets(name):
    """The vector reaches the picture through these matrices alone: what they are blind to changes nothing."""
    network = build(name)
    if not isinstance(network, Weighing):
        pytest.skip("shows no weights, so directions are found in other ways")
    matrices = network.latent_weights()
    assert len(matrices) == len(layer_sizes(network))
    latent_BLV, condition_BLC = told(network, *asked(1))
    assert {matrix.shape[1] for matrix in matrices} == {latent_BLV.shape[2]}
    for layer, matrix in enumerate(matrices):
        blind_VV = nn.Parameter(torch.linalg.svd(matrix).Vh)
        # A matrix with fewer rows than columns is blind to the last of these directions.
        if matrix.shape[0] >= matrix.shape[1]:
            continue
        moved = latent_BLV.clone()
        moved[:, layer] += 3 * blind_VV[-1]
        pictures = [render(network, each, condition_BLC) for each in (moved, latent_BLV)]
        torch.testing.assert_close(*pictures, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_what_the_first_layer_makes_follows_latent_and_condition(name):
    network = build(name)
    if isinstance(network, Mapped):
        assert not isinstance(network, Early)
        return
    if not isinstance(network, Early):
        pytest.skip("shows no first layer, so directions are found in other ways")
    latent_BZ, condition_BC = asked(2)
    first = network.early(latent_BZ, condition_BC)
    assert len(first) == 2
    assert not torch.equal(first, network.early(latent_BZ.flip(0), condition_BC))
    assert not torch.equal(first, network.early(latent_BZ, condition_BC.flip(0)))


def test_the_generators_of_today_can_be_steered_in_every_way():
    for name in NAMES:
        network = build(name)
        assert isinstance(network, Weighing)
        assert isinstance(network, Early | Mapped)


def test_generators_without_layers_have_one():
    assert layer_sizes(build("mlp")) == layer_sizes(build("dcgan")) == (0,)
    assert not isinstance(build("mlp"), Layered)
