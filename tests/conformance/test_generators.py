"""What every generator in the table must do, whatever it is made of: to list one is to test it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from huohua.arts.image.generators.table import GENERATORS
from huohua.randomness import torch_generator

# Small enough to be quick; a generator that is not here is tested at its own size.
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"widths": (16, 24)},
    "dcgan": {"base": 8, "widest": 32},
    "fast": {"widest": 32, "budget": 512, "told": 8},
    "style": {"widest": 32, "budget": 512, "mapped": 16, "mapping_layers": 2},
    "growing": {"widest": 32, "budget": 512, "told": 8},
}
SIZES = [(28, 28), (64, 64), (96, 64), (64, 96), (100, 100)]
LATENT, CONDITION = 12, 3
NAMES = list(GENERATORS)


def build(
    name: str, *, height: int = 32, width: int = 32, channels: int = 3, condition: int = CONDITION
) -> nn.Module:
    """Return a small generator; the same one each time."""
    settings_class, network_class = GENERATORS[name]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        return network_class(
            settings_class.model_validate(SMALL.get(name, {})),
            latent=LATENT,
            condition=condition,
            height=height,
            width=width,
            channels=channels,
        )


def asked(count: int = 4, condition: int = CONDITION) -> tuple[Tensor, Tensor]:
    """Return latents, and conditions that name one thing each."""
    latent_BZ = torch.randn(count, LATENT, generator=torch_generator(0))
    if not condition:
        return latent_BZ, torch.zeros(count, 0)
    return latent_BZ, torch.eye(condition)[torch.arange(count) % condition]


def grown(network: nn.Module) -> nn.Module:
    """Return a generator that has seen batches, as running statistics need, and now only draws."""
    with torch.no_grad():
        for _ in range(20):
            network(*asked(16))
    return network.eval()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_picture_has_the_size_that_was_asked_for(name, height, width):
    picture = build(name, height=height, width=width)(*asked(2))
    assert picture.shape == (2, 3, height, width)
    assert picture.dtype == torch.float32


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("condition", [0, 1, CONDITION])
def test_channels_and_conditions_are_as_many_as_were_asked_for(name, channels, condition):
    picture = build(name, channels=channels, condition=condition)(*asked(3, condition))
    assert picture.shape == (3, channels, 32, 32)


@pytest.mark.parametrize("name", NAMES)
def test_an_untrained_generator_paints_within_reach_of_black_and_white(name):
    picture = build(name, height=64, width=64)(*asked(16))
    assert 0.01 < picture.std() < 1.0
    assert picture.mean().abs() < 0.3
    assert picture.abs().quantile(0.99) < 4


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_reaches_latent_condition_and_every_weight(name):
    network = build(name)
    latent_BZ, condition_BC = asked()
    latent_BZ.requires_grad_()
    condition_BC = condition_BC.clone().requires_grad_()
    picture = network(latent_BZ, condition_BC)
    (picture * torch.randn(picture.shape, generator=torch_generator(1))).sum().backward()
    unreached = [
        key for key, weight in network.named_parameters() if weight.grad is None or not weight.grad.any()
    ]
    assert unreached == []
    for told in (latent_BZ, condition_BC):
        assert told.grad is not None
        assert (told.grad.abs().sum(1) > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_latent_and_condition_both_change_the_picture_and_neither_drowns_the_other(name):
    network = grown(build(name))
    latent_BZ, _ = asked(32)
    first_BC, second_BC = torch.eye(CONDITION)[:2, None].expand(2, 32, CONDITION)
    with torch.no_grad():
        by_condition = (network(latent_BZ, first_BC) - network(latent_BZ, second_BC)).abs().mean()
        by_latent = (network(latent_BZ, first_BC) - network(latent_BZ.flip(0), first_BC)).abs().mean()
    assert 0.05 < by_condition / by_latent < 5


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_generator_and_the_same_picture(name):
    first, second = grown(build(name)), grown(build(name))
    before = torch.get_rng_state()
    with torch.no_grad():
        torch.testing.assert_close(first(*asked()), second(*asked()), rtol=0, atol=0)
    assert torch.equal(torch.get_rng_state(), before), "forward threw dice"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_the_same_alone_and_in_company(name):
    network = grown(build(name))
    latent_BZ, condition_BC = asked()
    with torch.no_grad():
        together = network(latent_BZ, condition_BC)
        alone = [network(latent_BZ[row : row + 1], condition_BC[row : row + 1]) for row in range(4)]
    torch.testing.assert_close(torch.cat(alone), together, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_weights_come_back_from_a_file(name, tmp_path):
    network, other = grown(build(name)), build(name)
    with torch.no_grad():
        for weight in other.parameters():
            weight.add_(1.0)
    save_file(
        {key: tensor.contiguous() for key, tensor in network.state_dict().items()},
        tmp_path / "it.safetensors",
    )
    other.load_state_dict(load_file(tmp_path / "it.safetensors"), strict=True)
    with torch.no_grad():
        torch.testing.assert_close(other.eval()(*asked()), network(*asked()), rtol=0, atol=0)


@pytest.mark.parametrize("name", NAMES)
def test_sixteen_bits_draw_nearly_the_same_and_learn_in_thirty_two(name):
    network = grown(build(name))
    with torch.no_grad():
        exact = network(*asked())
    with torch.autocast("cpu", torch.bfloat16):
        rough = network(*asked())
    assert rough.dtype == torch.float32
    torch.testing.assert_close(rough, exact, rtol=0, atol=0.1)
    assert (rough - exact).abs().mean() < 0.02
    rough.square().sum().backward()
    slopes = [weight.grad for weight in network.parameters() if weight.grad is not None]
    assert all(slope.dtype == torch.float32 and slope.isfinite().all() for slope in slopes)


@pytest.mark.parametrize("name", NAMES)
def test_the_layout_of_memory_does_not_matter(name):
    network = grown(build(name))
    with torch.no_grad():
        expected = network(*asked())
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        torch.testing.assert_close(network(*asked()), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_settings_read_and_write_json_and_refuse_what_they_do_not_know(name):
    settings_class = GENERATORS[name][0]
    settings = settings_class.model_validate(SMALL.get(name, {}))
    assert settings_class.from_json(settings.to_json()) == settings
    with pytest.raises(ValidationError, match="no_such_setting"):
        settings_class.model_validate({"no_such_setting": 1})


def test_the_classic_generator_has_the_classic_number_of_weights():
    """100-256-512-1024-784: the sum of (inputs + 1) x outputs."""
    settings_class, network_class = GENERATORS["mlp"]
    network = network_class(settings_class(), latent=100, condition=0, height=28, width=28, channels=1)
    expected = 101 * 256 + 257 * 512 + 513 * 1024 + 1025 * 784
    assert sum(weight.numel() for weight in network.parameters()) == expected


def test_dcgan_has_the_published_widths_at_sixty_four_pixels():
    settings_class, network_class = GENERATORS["dcgan"]
    network = network_class(settings_class(), latent=100, condition=0, height=64, width=64, channels=3)
    kernels = [tuple(weight.shape) for weight in network.parameters() if weight.ndim == 4]
    assert kernels == [(512, 256, 4, 4), (256, 128, 4, 4), (128, 64, 4, 4), (64, 3, 4, 4)]
