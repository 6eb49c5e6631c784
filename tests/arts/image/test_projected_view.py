"""How works are shown to a frozen network: enlarged, shrunk or as they are, in either arithmetic."""

from __future__ import annotations

import pytest
import torch

from huohua.arts.image.discriminators.projected import ProjectedSettings, ProjectedView

DICE = torch.Generator()
SETTINGS = ProjectedSettings(look=48, most=64, policy=())


@pytest.fixture(scope="module")
def view() -> ProjectedView:
    return ProjectedView(SETTINGS)


@pytest.mark.parametrize("side", [24, 48, 96], ids=["enlarged", "as it is", "shrunk"])
@pytest.mark.parametrize("arithmetic", [None, torch.bfloat16], ids=["32 bits", "16 bits"])
def test_works_of_any_size_are_seen_and_slopes_come_back(view, side, arithmetic):
    image = torch.rand(2, 3, side, side, generator=DICE.manual_seed(1)).mul(2).sub(1).requires_grad_()
    with torch.autocast("cpu", arithmetic or torch.bfloat16, enabled=arithmetic is not None):
        pixels, *scales = view(image, 0.0, DICE)
    shown = min(max(side, SETTINGS.look), SETTINGS.most)
    assert pixels.shape[2:] == (side, side)
    assert [scale.shape[2] for scale in scales] == [-(-shown // step) for step in (4, 8, 16, 32)]
    sum(scale.float().sum() for scale in scales).backward()
    assert torch.isfinite(image.grad).all()
    assert image.grad.abs().sum() > 0


def test_shrinking_in_16_bits_shows_what_32_bits_do(view):
    image = torch.rand(1, 3, 96, 96, generator=DICE.manual_seed(2)) * 2 - 1
    exact = view(image, 0.0, DICE)[4].float()
    with torch.autocast("cpu", torch.bfloat16):
        rough = view(image, 0.0, DICE)[4].float()
    assert (rough - exact).norm() / exact.norm() < 0.1  # eight bits of fraction, through twenty layers
