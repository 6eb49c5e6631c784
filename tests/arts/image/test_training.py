"""Building a game of pictures from a preset and a dataset."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from huohua.adversarial.autoencoding import Autoencoding
from huohua.adversarial.autoencoding_duel import AutoencodingDuel
from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.game import Moment
from huohua.adversarial.growing import GrowingDuel
from huohua.adversarial.schedule import ramp
from huohua.arts.image.datasets.dataset import ImageDataset, open_dataset
from huohua.arts.image.presets import PRESETS, ImagePreset
from huohua.arts.image.training import draw_sheet, prepare, work_distance
from huohua.errors import UsageError

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> ImageDataset:
    place = tmp_path_factory.mktemp("works")
    dice = np.random.default_rng(0)
    images = dice.integers(0, 256, (16, 16, 16, 3), dtype=np.uint8)
    np.savez(place / "works.npz", images=images, labels=np.arange(16) % 2)
    return open_dataset(place / "works.npz", height=16, width=16, cache=place / "cache")


def small(**changes: object) -> ImagePreset:
    settings = {"widest": 16, "budget": 256}
    base = PRESETS["fast"].model_copy(update={"generator_settings": settings, "latent": 8})
    return base.model_copy(update=changes)


def test_the_same_seed_gives_the_same_first_weights_and_leaves_the_global_dice_alone(
    works: ImageDataset,
) -> None:
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    first, second, other = (
        prepare(works, small(), height=16, width=16, seed=s, device=CPU) for s in (1, 1, 2)
    )
    assert torch.equal(torch.random.get_rng_state(), before)
    pairs = zip(
        first.game.players["generator"].parameters(),
        second.game.players["generator"].parameters(),
        strict=True,
    )
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(
        next(first.game.players["generator"].parameters()), next(other.game.players["generator"].parameters())
    )


def test_every_player_that_turns_has_an_optimiser(works: ImageDataset) -> None:
    prepared = prepare(works, small(), height=16, width=16, seed=0, device=CPU)
    assert set(prepared.optimisers) == {turn.player for turn in prepared.game.turns}


def test_the_clamp_of_mode_seeking_follows_the_works(works: ImageDataset) -> None:
    prepared = prepare(works, small(relative_clamp=0.5), height=16, width=16, seed=0, device=CPU)
    # Two standard normal numbers lie 2 / sqrt(pi) = 1.128 apart on average.
    assert prepared.game.settings.mode_seeking_clamp == pytest.approx(
        0.5 * work_distance(works) / 1.12838, rel=1e-4
    )


def test_uniform_noise_lies_two_thirds_apart(works: ImageDataset) -> None:
    assert work_distance(works) == pytest.approx(2 / 3, abs=0.02)  # E|u - v| on [-1, 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"generator": "nobody"}, "no generator 'nobody'"),
        ({"discriminator": "nobody"}, "no discriminator 'nobody'"),
        ({"generator_settings": {"wdiest": 8}}, "wdiest"),
        ({"encoder": "nobody"}, "no encoder 'nobody'"),
        ({"discriminator": ""}, "no discriminator ''"),
        ({"encoder": "convolutional"}, "plays no mode_seeking"),
        ({"grow": ramp(0, 1)}, "The generator cannot grow"),
        ({"encoder": "convolutional", "discriminator": "", "grow": ramp(0, 1)}, "does not grow"),
    ],
)
def test_a_preset_that_does_not_fit_is_one_clear_message(
    works: ImageDataset, change: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        prepare(works, small(**change), height=16, width=16, seed=0, device=CPU)


def test_a_sheet_is_drawn_into_a_file(works: ImageDataset, tmp_path: object) -> None:
    from pathlib import Path

    from PIL import Image

    prepared = prepare(works, small(), height=16, width=16, seed=0, device=CPU)
    path = Path(str(tmp_path)) / "previews" / "000000000.png"
    draw_sheet(prepared.growth, prepared.game.players["generator"].eval(), path)
    with Image.open(path) as page:
        assert page.width >= 8 * 16


def test_a_preset_with_an_encoder_plays_an_autoencoding_game(works: ImageDataset) -> None:
    encoder = {"encoder": "convolutional", "encoder_settings": {"widest": 16, "budget": 64, "gathered": 8}}
    plain = prepare(works, small(discriminator="", **encoder), height=16, width=16, seed=0, device=CPU)
    assert isinstance(plain.game, Autoencoding)
    assert set(plain.optimisers) == {"autoencoder"}
    rules = DuelSettings(loss="hinge")
    against = prepare(works, small(duel=rules, **encoder), height=16, width=16, seed=0, device=CPU)
    assert isinstance(against.game, AutoencodingDuel)
    assert set(against.optimisers) == {"discriminator", "generator", "encoder"}
    figures = against.growth.measure(against.game.averaged.eval())
    assert {"diversity_ratio", "reconstruction_pixels", "reconstruction_features"} <= set(figures)


def test_a_preset_that_grows_is_fed_what_it_has_grown_to(works: ImageDataset) -> None:
    networks = {"generator": "growing", "discriminator": "growing", "discriminator_settings": {"widest": 16}}
    preset = small(grow=ramp(0, 1), duel=DuelSettings(), **networks)
    prepared = prepare(works, preset, height=16, width=16, seed=0, device=CPU)
    assert isinstance(prepared.game, GrowingDuel)
    for shown, side in ((0, 4), (600, 8), (1000, 16)):
        moment = Moment(shown=shown)
        deal = prepared.game.deal(prepared.works.take(np.arange(4), moment), moment)
        assert deal.fake.shape == deal.batch.sample.shape == (4, 3, side, side)
        assert prepared.game.discriminator_turn(deal)["adversarial"].isfinite()
        assert prepared.game.gauges(deal)["grown"] == shown / 1000


def test_a_discriminator_that_names_conditions_knows_which_belong_together(works: ImageDataset) -> None:
    preset = small(
        discriminator="convolutional", discriminator_settings={"conditioning": "auxiliary", "widest": 16}
    )
    prepared = prepare(works, preset, height=16, width=16, seed=0, device=CPU)
    (group,) = prepared.game.groups
    assert (group.first, group.last, group.exclusive) == (0, 2, True)
    moment = Moment(shown=1_000_000)
    deal = prepared.game.deal(prepared.works.take(np.arange(4), moment), moment)
    assert 0.1 < prepared.game.discriminator_turn(deal)["auxiliary"] / (2 * np.log(2)) < 10
