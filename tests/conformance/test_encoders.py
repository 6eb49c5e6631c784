"""What every encoder in the table must do, whatever it is made of: to list one is to test it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from huohua.adversarial.autoencoding import Posterior
from huohua.arts.image.encoders.table import ENCODERS
from huohua.randomness import torch_generator

# Small enough to be quick; an encoder that is not here is tested at its own size.
SMALL: dict[str, dict[str, Any]] = {"convolutional": {"widest": 32, "budget": 512, "gathered": 16}}
SIZES = [(8, 8), (28, 28), (64, 64), (96, 64), (64, 96), (100, 100)]
LATENT = 6
NAMES = list(ENCODERS)


def build(name: str, *, height: int = 32, width: int = 32, channels: int = 3) -> nn.Module:
    """Return a small encoder; the same one each time."""
    settings_class, network_class = ENCODERS[name]
    settings = settings_class.model_validate(SMALL.get(name, {}))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        return network_class(settings, latent=LATENT, height=height, width=width, channels=channels)


def works(count: int = 4, channels: int = 3, height: int = 32, width: int = 32, seed: int = 0) -> Tensor:
    """Return smooth works in [-1, 1]."""
    coarse = torch.randn(count, channels, 4, 4, generator=torch_generator(seed))
    return nn.functional.interpolate(coarse, (height, width), mode="bilinear").clamp(-1, 1)


def grown(network: nn.Module) -> nn.Module:
    """Return an encoder that has seen batches, as running statistics need, and now only looks."""
    with torch.no_grad():
        for seed in range(20):
            network(works(16, seed=seed))
    return network.eval()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_any_picture_has_a_place_in_the_latent_space(name, height, width, channels):
    network = build(name, height=height, width=width, channels=channels)
    posterior = network(works(3, channels, height, width))
    assert isinstance(posterior, Posterior)
    for part in posterior:
        assert part.shape == (3, LATENT)
        assert part.isfinite().all()


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_reaches_the_work_and_every_weight(name):
    network, sample = build(name), works().requires_grad_()
    posterior = network(sample)
    sum((part * torch.randn(4, LATENT, generator=torch_generator(1))).sum() for part in posterior).backward()
    slopes = {key: weight.grad for key, weight in network.named_parameters()}
    assert [key for key, slope in slopes.items() if slope is None or not slope.any()] == []
    assert sample.grad is not None
    assert (sample.grad.flatten(1).abs().sum(1) > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_an_untrained_encoder_is_near_the_prior_and_tells_works_apart(name):
    with torch.no_grad():
        mean_BZ, log_variance_BZ = build(name)(works(16))
    assert 0.01 < mean_BZ.std(0).mean() < 2
    assert -6 < log_variance_BZ.mean() < 1


@pytest.mark.parametrize("name", NAMES)
def test_a_place_is_the_same_alone_and_in_company(name):
    network, sample = grown(build(name)), works()
    before = torch.get_rng_state()
    with torch.no_grad():
        together = network(sample)
        alone = [network(sample[row : row + 1]) for row in range(4)]
    for number in range(2):
        each = torch.cat([posterior[number] for posterior in alone])
        torch.testing.assert_close(each, together[number], rtol=1e-4, atol=1e-5)
    assert torch.equal(torch.get_rng_state(), before), "forward threw dice"


@pytest.mark.parametrize("name", NAMES)
def test_weights_come_back_from_a_file(name, tmp_path):
    network, other = grown(build(name)), build(name).eval()
    save_file(
        {key: tensor.contiguous() for key, tensor in network.state_dict().items()},
        tmp_path / "it.safetensors",
    )
    other.load_state_dict(load_file(tmp_path / "it.safetensors"), strict=True)
    with torch.no_grad():
        for found, expected in zip(other(works()), network(works()), strict=True):
            torch.testing.assert_close(found, expected, rtol=0, atol=0)


@pytest.mark.parametrize("name", NAMES)
def test_sixteen_bits_find_nearly_the_same_and_learn_in_thirty_two(name):
    network, sample = grown(build(name)), works(8)
    with torch.no_grad():
        exact = network(sample)
    with torch.autocast("cpu", torch.bfloat16):
        rough = network(sample)
    for one, other in zip(rough, exact, strict=True):
        assert (one.float() - other).abs().mean() < 0.1 * other.std()
    rough.mean_BZ.float().sum().backward()
    slopes = [weight.grad for weight in network.parameters() if weight.grad is not None]
    assert all(slope.dtype == torch.float32 and slope.isfinite().all() for slope in slopes)


@pytest.mark.parametrize("name", NAMES)
def test_settings_read_and_write_json_and_refuse_what_they_do_not_know(name):
    settings_class = ENCODERS[name][0]
    settings = settings_class.model_validate(SMALL.get(name, {}))
    assert settings_class.from_json(settings.to_json()) == settings
    with pytest.raises(ValidationError, match="no_such_setting"):
        settings_class.model_validate({"no_such_setting": 1})
