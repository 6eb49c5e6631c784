"""Modulated convolution against its slow twin, which makes a kernel for every work."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from huohua.blocks.modulation import ModulatedConvolution, scale_channels
from parity.reference.modulation import modulated

KINDS = [
    {"kernel": 3, "enlarge": False, "demodulate": True, "gain": 2**0.5},
    {"kernel": 3, "enlarge": True, "demodulate": True, "gain": 2**0.5},
    {"kernel": 1, "enlarge": False, "demodulate": True, "gain": 1.0},
    {"kernel": 1, "enlarge": False, "demodulate": False, "gain": 0.25},
    {"kernel": 3, "enlarge": True, "demodulate": False, "gain": 1.0},
]


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def layer(**kind) -> ModulatedConvolution:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = ModulatedConvolution(3, 5, 4, **kind).double()
        nn.init.normal_(made.bias)
    return made


def slowly(made: ModulatedConvolution, image: Tensor, latent: Tensor, kind: dict) -> Tensor:
    weight = made.weight / (3 * kind["kernel"] ** 2) ** 0.5
    style = latent @ made.style.weight.T / 4**0.5 + made.style.bias
    rules = {"demodulate": kind["demodulate"], "enlarge": kind["enlarge"]}
    return modulated(image, style, weight, **rules) * kind["gain"] + made.bias[:, None, None]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_it_equals_a_kernel_for_every_work(kind):
    made, image, latent = layer(**kind), drawn(2, 3, 6, 5), drawn(2, 4, seed=1)
    out, expected = made(image, latent), slowly(made, image, latent, kind)
    side = 2 if kind["enlarge"] else 1
    assert out.shape == (2, 5, 6 * side, 5 * side)
    torch.testing.assert_close(out, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_all_its_gradients_equal_the_twins(kind):
    made = layer(**kind)
    image, latent = drawn(2, 3, 4, 4).requires_grad_(), drawn(2, 4, seed=1).requires_grad_()
    inputs = [image, latent, *made.parameters()]
    ours = torch.autograd.grad((made(image, latent) ** 3).sum(), inputs, create_graph=True)
    theirs = torch.autograd.grad((slowly(made, image, latent, kind) ** 3).sum(), inputs, create_graph=True)
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-8, atol=1e-8)
        assert other.abs().sum() > 0
    # Path length and other penalties differentiate once more.
    curves = [
        torch.autograd.grad(sum(slope.square().sum() for slope in slopes), inputs)
        for slopes in (ours, theirs)
    ]
    for one, other in zip(*curves, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-7, atol=1e-7)


def test_one_works_style_does_not_touch_another():
    made, image = layer(**KINDS[0]), drawn(2, 3, 4, 4)
    latent = drawn(2, 4, seed=1)
    changed = torch.stack([latent[0], latent[1] + 1])
    assert torch.equal(made(image, latent)[0], made(image, changed)[0])
    assert not torch.allclose(made(image, latent)[1], made(image, changed)[1])


def test_a_style_only_turns_the_mixture_and_not_the_volume():
    """Demodulation: a style twice as long gives the same work."""
    made, image = layer(**KINDS[0]), drawn(1, 3, 4, 4)
    nn.init.zeros_(made.style.bias)
    latent = drawn(1, 4, seed=1)
    torch.testing.assert_close(made(image, latent), made(image, 2 * latent), rtol=1e-6, atol=1e-6)


def test_unit_variance_in_is_about_unit_variance_out():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = ModulatedConvolution(64, 64, 16)
    image, latent = drawn(4, 64, 16, 16).float(), drawn(4, 16, seed=1).float()
    assert made(image, latent)[:, :, 1:-1, 1:-1].std().item() == pytest.approx(1, rel=0.1)


def test_enlarging_a_flat_image_gives_a_flat_middle():
    """Zeros between pixels and the smoothing kernel balance: no chessboard."""
    made = layer(kernel=3, enlarge=True, demodulate=False)
    out = made(torch.ones(1, 3, 8, 8, dtype=torch.float64), drawn(1, 4, seed=1))
    inner = out[:, :, 4:-4, 4:-4]
    torch.testing.assert_close(inner, inner[:, :, :1, :1].expand_as(inner))


def test_half_precision_keeps_its_type_and_is_near():
    made, image, latent = layer(**KINDS[1]).float(), drawn(2, 3, 6, 6).float(), drawn(2, 4, seed=1).float()
    exact = made(image, latent)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = made(image, latent)
    assert out.dtype == torch.bfloat16
    assert (out.float() - exact).norm() < 0.03 * exact.norm()
    out.float().square().sum().backward()
    assert all(weight.grad.dtype == torch.float32 for weight in made.parameters())


def test_channels_last_stays_channels_last():
    made, latent = layer(**KINDS[1]).float(), drawn(2, 4, seed=1).float()
    image = drawn(2, 3, 6, 6).float().contiguous(memory_format=torch.channels_last)
    assert made(image, latent).is_contiguous(memory_format=torch.channels_last)


def test_the_smoothing_kernel_is_no_part_of_the_weights():
    assert set(layer(**KINDS[1]).state_dict()) == {"weight", "bias", "style.weight", "style.bias"}


def test_only_a_kernel_of_three_can_enlarge():
    with pytest.raises(ValueError, match="use 3"):
        ModulatedConvolution(3, 5, 4, kernel=1, enlarge=True)


@pytest.mark.parametrize("with_bias", [False, True])
def test_scaling_channels_by_hand(with_bias):
    image = torch.tensor([[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]])  # two works of two channels
    factor = torch.tensor([[10.0, 1.0], [0.0, -1.0]])
    bias = torch.tensor([0.5, 0.25]) if with_bias else None
    expected = torch.tensor([[10.0, 2.0], [0.0, -4.0]]) + (bias if with_bias else 0)
    assert torch.equal(scale_channels(image, factor, bias)[:, :, 0, 0], expected)


def test_the_slopes_of_scaling_agree_with_finite_differences():
    inputs = (drawn(2, 3, 2, 2), drawn(2, 3, seed=1), drawn(3, seed=2))
    inputs = tuple(each.requires_grad_() for each in inputs)
    assert torch.autograd.gradcheck(scale_channels, inputs)
    assert torch.autograd.gradgradcheck(scale_channels, inputs)
