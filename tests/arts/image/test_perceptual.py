"""Rows of pictures: their distances are those of the figure in NumPy, and can be descended."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from huohua.arts.image.features import FrozenFeatures
from huohua.arts.image.perceptual import PerceptualRows
from huohua.metrics.perceptual import perceptual_rows
from huohua.randomness import torch_generator


def pictures(count: int = 3, channels: int = 3, height: int = 64, width: int = 64) -> torch.Tensor:
    dice = torch_generator(5, "pictures")
    coarse = torch.randn(count, channels, 8, 8, generator=dice)
    return torch.nn.functional.interpolate(coarse, (height, width), mode="bilinear").clamp(-1, 1)


def distances(rows: torch.Tensor) -> np.ndarray:
    return np.asarray((rows[:, None] - rows[None]).square().sum(2).detach())


def test_the_network_s_part_is_the_figure_of_the_slow_twin():
    image_BCHW = pictures()
    rows = PerceptualRows("lite1", taps=(0, 2), pixels=0.0)(image_BCHW)
    taps = FrozenFeatures("lite1").taps(image_BCHW)
    slow = perceptual_rows([taps[number].flatten(2).numpy() for number in (0, 2)])
    expected = ((slow[:, None] - slow[None]) ** 2).sum(2)
    np.testing.assert_allclose(distances(rows), expected, atol=1e-5)


def test_pixels_weigh_what_they_are_told_to():
    image_BCHW = pictures(2)
    with_pixels = distances(PerceptualRows(taps=(0,), pixels=3.0)(image_BCHW))
    without = distances(PerceptualRows(taps=(0,), pixels=0.0)(image_BCHW))
    mean_square = float((image_BCHW[0] - image_BCHW[1]).square().mean())
    assert with_pixels[0, 1] - without[0, 1] == pytest.approx(3 * mean_square, rel=1e-4)


@pytest.mark.parametrize(
    ("channels", "height", "width"), [(1, 28, 28), (4, 64, 64), (3, 300, 200), (3, 16, 24)]
)
def test_pictures_of_every_kind_are_looked_at(channels, height, width):
    image_BCHW = pictures(2, channels, height, width)
    apart = distances(PerceptualRows()(image_BCHW))
    assert apart[0, 1] > 0.05
    assert apart[0, 0] == 0.0


def test_slopes_lead_from_one_picture_to_another():
    target, image = pictures(2)[:1], pictures(2)[1:].clone().requires_grad_()
    describe = PerceptualRows()
    with torch.no_grad():
        wanted = describe(target)
    reached = []
    optimiser = torch.optim.Adam([image], lr=0.05)
    for _ in range(40):
        distance = (describe(image) - wanted).square().sum()
        reached.append(distance.item())
        optimiser.zero_grad()
        distance.backward()
        optimiser.step()
    assert reached[-1] < 0.5 * reached[0]
    assert float((image - target).detach().abs().mean()) < float((pictures(2)[1:] - target).abs().mean())


def test_a_flat_picture_has_finite_slopes():
    image = torch.zeros(1, 3, 64, 64, requires_grad=True)
    PerceptualRows()(image).square().sum().backward()
    assert image.grad is not None
    assert image.grad.isfinite().all()
