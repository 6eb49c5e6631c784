"""Watching a generator grow: probes, figures and sheets on a small drawn dataset."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from huohua.adversarial.autoencoding import Autoencoder, Posterior
from huohua.arts.image.datasets.dataset import ImageDataset
from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.grouping import encode, group
from huohua.arts.image.feed import as_samples
from huohua.arts.image.inspection import (
    COLUMNS,
    Growth,
    draw,
    leading_group,
    main_labels,
    probes_of,
)

SIDE, LATENT = 32, 6


def dataset(labels: tuple[str, ...]) -> ImageDataset:
    """Return 24 noisy colour fields, labelled in turn; no label where the word is empty."""
    dice = np.random.default_rng(0)
    entries = tuple(
        Entry(name=f"{n}.png", labels={"subject": (label,)} if (label := labels[n % len(labels)]) else {})
        for n in range(24)
    )
    field = dice.integers(0, 256, (24, 1, 1, 3)) + dice.integers(-40, 40, (24, SIDE, SIDE, 3))
    grouping = group(entries)
    return ImageDataset(
        name="fields",
        origin="a test",
        licence="CC0-1.0",
        images_NHWC=field.clip(0, 255).astype(np.uint8),
        entries=entries,
        conditions=grouping.conditions,
        condition_NC=encode(entries, grouping.conditions),
        fingerprint="0",
    )


class Colours(nn.Module):
    """Paints plain fields: the colour is the latent's first numbers, or always the same."""

    def __init__(self, *, alive: bool) -> None:
        super().__init__()
        self.strength = nn.Parameter(torch.tensor(1.0 if alive else 0.0))

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        colour_BC = torch.tanh(self.strength * latent_BZ[:, :3])
        return colour_BC[:, :, None, None].expand(-1, -1, SIDE, SIDE)


@pytest.fixture(scope="module")
def growth() -> Growth:
    return Growth(dataset(("apple", "pear")), latent=LATENT)


def test_subject_leads_before_style_before_others() -> None:
    assert leading_group({"tags": (), "style": (), "subject": ()}) == "subject"
    assert leading_group({"tags": (), "style": ()}) == "style"
    assert leading_group({"tags": ()}) == "tags"
    assert leading_group({}) is None


def test_works_without_a_label_have_an_empty_one() -> None:
    labels = main_labels(dataset(("apple", "pear", "")))
    assert labels[:3] == ["apple", "pear", ""]


def test_probes_ask_for_every_label_alike_and_are_fixed() -> None:
    works = dataset(("apple", "pear"))
    probes = probes_of(works, latent=LATENT, count=10)
    assert sorted(probes.class_N) == ["apple"] * 5 + ["pear"] * 5
    assert torch.equal(probes.latent_NZ, probes_of(works, latent=LATENT, count=10).latent_NZ)
    assert probes.condition_NC.sum(1).tolist() == [1.0] * 10


def test_probes_of_unlabelled_works_have_no_classes() -> None:
    probes = probes_of(dataset(("",)), latent=LATENT, count=10)
    assert set(probes.class_N) == {""}
    assert probes.condition_NC.shape == (10, 0)


def test_a_generator_that_ignores_its_latent_has_no_diversity(growth: Growth) -> None:
    dead, alive = growth.measure(Colours(alive=False)), growth.measure(Colours(alive=True))
    assert dead["diversity_ratio"] == pytest.approx(0.0, abs=1e-3)
    assert dead["diversity_within"] == pytest.approx(0.0, abs=1e-3)
    assert 0.2 < alive["diversity_ratio"] < 5
    assert dead["recall"] == 0


def test_the_real_works_themselves_have_the_diversity_of_real_works(growth: Growth) -> None:
    class Copies(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.unused = nn.Parameter(torch.zeros(()))
            self.count = 0

        def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
            real = as_samples(dataset(("apple", "pear")).images_NHWC)
            rows = (torch.arange(len(latent_BZ)) + self.count) % len(real)
            self.count += len(latent_BZ)
            return real[rows]

    figures = growth.measure(Copies())
    assert figures["diversity_ratio"] == pytest.approx(1.0, abs=0.06)
    assert figures["precision"] == 1.0
    assert figures["recall"] == 1.0


def test_samples_that_are_not_numbers_are_told_to_health(growth: Growth) -> None:
    broken = Colours(alive=True)
    with torch.no_grad():
        broken.strength.fill_(float("nan"))
    assert growth.measure(broken)["diversity_ratio"] != growth.measure(broken)["diversity_ratio"]


def test_a_sheet_has_a_row_for_each_label_and_the_same_latents_in_each(growth: Growth) -> None:
    pixels_NHWC, labels = growth.sheet(Colours(alive=True))
    assert labels == ["apple", "pear"]
    assert pixels_NHWC.shape == (2 * COLUMNS, SIDE, SIDE, 3)
    assert np.array_equal(pixels_NHWC[:COLUMNS], pixels_NHWC[COLUMNS:])  # this generator ignores labels


class Averages(nn.Module):
    """Looks at the mean colour of a picture, and is quite sure of it."""

    def forward(self, sample: Tensor) -> Posterior:
        mean_BZ = torch.zeros(len(sample), LATENT)
        mean_BZ[:, :3] = torch.atanh(sample.mean((2, 3)).clamp(-0.999, 0.999))
        return Posterior(mean_BZ, torch.full_like(mean_BZ, -60.0))


def test_the_sheet_of_an_autoencoder_begins_with_works_and_what_becomes_of_them(growth: Growth) -> None:
    network = Autoencoder(Averages(), Colours(alive=True))
    pixels_NHWC, labels = growth.sheet(network)
    assert labels == ["work", "again", "work", "again", "apple", "pear"]
    assert pixels_NHWC.shape == (6 * COLUMNS, SIDE, SIDE, 3)
    works_NHWC, again_NHWC = pixels_NHWC[:COLUMNS], pixels_NHWC[COLUMNS : 2 * COLUMNS]
    expected = works_NHWC.mean((1, 2)).repeat(SIDE * SIDE, 0).reshape(again_NHWC.shape)
    assert np.abs(again_NHWC - expected).max() < 1
    plain, _ = growth.sheet(network.generator)
    assert np.array_equal(pixels_NHWC[4 * COLUMNS :], plain)


def test_an_autoencoder_is_measured_by_how_works_come_back_as_well(growth: Growth) -> None:
    network = Autoencoder(Averages(), Colours(alive=True))
    figures, plain = growth.measure(network), growth.measure(network.generator)
    assert 0.1 < figures["reconstruction_pixels"] < 0.5  # the noise is lost, the colour is kept
    assert set(figures) - set(plain) == {"reconstruction_pixels", "reconstruction_features"}
    assert {name: figures[name] for name in plain} == plain


def test_drawing_in_pieces_equals_drawing_at_once() -> None:
    network = Colours(alive=True)
    latent_NZ = torch.randn(70, LATENT, generator=torch.Generator().manual_seed(0))
    whole = network(latent_NZ, torch.zeros(70, 0)).detach()
    assert torch.equal(draw(network, latent_NZ, torch.zeros(70, 0)), whole)
