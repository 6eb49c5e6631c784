"""Works and their reconstructions: figures worked out by hand, and rows that can be compared."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from huohua.adversarial.autoencoding import Autoencoder, Posterior
from huohua.arts.image.datasets.dataset import ImageDataset
from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.feed import as_pixels
from huohua.arts.image.pairs import Pairs, beside_others, rebuilt
from huohua.conditions.space import ConditionSpace

SIDE = 8


def dataset(count: int) -> ImageDataset:
    """Return plain grey pictures, no two of a level."""
    levels = np.arange(count, dtype=np.uint8) * 10
    return ImageDataset(
        name="greys",
        origin="",
        licence="",
        images_NHWC=np.broadcast_to(levels[:, None, None, None], (count, SIDE, SIDE, 3)).copy(),
        entries=tuple(Entry(name=str(number), labels={}) for number in range(count)),
        conditions=ConditionSpace(),
        condition_NC=np.zeros((count, 0), dtype=np.float32),
        fingerprint="",
    )


def describe(image_NCHW: Tensor) -> np.ndarray:
    return image_NCHW.mean((2, 3)).double().numpy()


class Level(nn.Module):
    def forward(self, sample: Tensor) -> Posterior:
        mean_BZ = sample.mean((1, 2, 3))[:, None]
        return Posterior(mean_BZ, torch.zeros_like(mean_BZ))


class Painter(nn.Module):
    """Paints the level of the latent, off by so much, or always black."""

    def __init__(self, off: float, *, blind: bool = False) -> None:
        super().__init__()
        self.off, self.blind = nn.Parameter(torch.tensor(off)), blind

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        level_B = torch.full((len(latent_BZ),), -1.0) if self.blind else latent_BZ[:, 0] + self.off
        return level_B[:, None, None, None].expand(-1, 3, SIDE, SIDE)


def autoencoder(off: float = 0.0, *, blind: bool = False) -> Autoencoder:
    return Autoencoder(Level(), Painter(off, blind=blind))


def test_perfect_pairs_are_at_no_distance():
    figures = Pairs(dataset(20), describe).measure(autoencoder())
    assert figures == {
        "reconstruction_pixels": pytest.approx(0, abs=1e-6),
        "reconstruction_features": pytest.approx(0, abs=1e-6),
    }


def test_distances_are_shares_of_those_to_another_work():
    """Works lie ten levels apart from their neighbours, and the first from the last by all of them."""
    figures = Pairs(dataset(5), describe).measure(autoencoder(off=4 / 127.5))
    others = (4 * 10 + 40) / 5
    assert figures["reconstruction_pixels"] == pytest.approx(4 / others, rel=1e-4)
    assert figures["reconstruction_features"] == pytest.approx(4 / others, rel=1e-4)


def test_a_generator_that_ignores_its_latent_is_found_out():
    figures = Pairs(dataset(20), describe).measure(autoencoder(blind=True))
    assert figures["reconstruction_pixels"] > 1


def test_reconstructions_that_are_not_numbers_are_told_to_health():
    figures = Pairs(dataset(20), describe).measure(autoencoder(off=float("nan")))
    assert list(figures) == ["reconstruction_pixels"]
    assert figures["reconstruction_pixels"] != figures["reconstruction_pixels"]


@pytest.mark.parametrize(("works", "rows"), [(3, 1), (8, 1), (15, 1), (16, 2), (100, 2)])
def test_works_stand_over_their_reconstructions(works, rows):
    pairs = Pairs(dataset(works), describe)
    pixels_NHWC, labels = pairs.rows(autoencoder(off=2 / 127.5), columns=8)
    assert labels == ["work", "again"] * rows
    grid = pixels_NHWC[:, 0, 0, 0].astype(int).reshape(rows, 2, 8)
    assert (grid[:, 1] - grid[:, 0] == 2).all()


def test_pairs_are_chosen_once_and_for_all():
    first, second = (Pairs(dataset(100), describe) for _ in range(2))
    assert torch.equal(first.image_NCHW, second.image_NCHW)
    assert len(first.image_NCHW.mean((1, 2, 3)).unique()) > 20


def test_works_are_rebuilt_from_the_middle_of_where_they_lie():
    image_NCHW = torch.rand(70, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    made = rebuilt(autoencoder(), image_NCHW, torch.zeros(70, 0))
    torch.testing.assert_close(made, image_NCHW.mean((1, 2, 3), keepdim=True).expand_as(made))
    assert as_pixels(made).shape == (70, SIDE, SIDE, 3)


def test_no_difference_between_works_is_no_division_by_zero():
    assert beside_others(np.ones(3), np.zeros(3)) > 1e6
