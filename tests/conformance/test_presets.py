"""What every preset must do: name networks that exist, be written and read, and play without a fault."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from PIL import Image
from pydantic import ValidationError

from huohua.adversarial.game import Moment
from huohua.adversarial.loop import Round, play
from huohua.adversarial.optimiser import OptimiserSettings
from huohua.arts.image.datasets.dataset import ImageDataset, open_dataset
from huohua.arts.image.discriminators.table import DISCRIMINATORS
from huohua.arts.image.encoders.table import ENCODERS
from huohua.arts.image.generators.table import GENERATORS
from huohua.arts.image.presets import PRESETS, ImagePreset
from huohua.arts.image.training import prepare
from huohua.errors import UsageError

NAMES = list(PRESETS)
SIDE, BATCH, ROUNDS = 32, 4, 3


@pytest.fixture
def accelerator() -> Iterator[Accelerator]:
    AcceleratorState._reset_state(reset_partial_state=True)
    yield Accelerator(cpu=True, mixed_precision="bf16")
    AcceleratorState._reset_state(reset_partial_state=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of works under two labels."""
    root = tmp_path_factory.mktemp("works")
    dice = np.random.default_rng(0)
    for number in range(12):
        place = root / ("round", "square")[number % 2] / f"{number}.png"
        place.parent.mkdir(exist_ok=True)
        coarse = Image.fromarray(dice.integers(0, 256, (5, 5, 3), dtype=np.uint8))
        coarse.resize((40, 40), Image.Resampling.BICUBIC).save(place)
    return root


def open_works(folder, preset: ImagePreset, cache) -> ImageDataset:
    return open_dataset(folder, height=SIDE, width=SIDE, channels=preset.channels, cache=cache)


def rounds(works, count: int) -> Iterator[Round]:
    for number in range(count):
        # Late in the run, so that conditions count in full and every penalty that is on is due.
        moment = Moment(round=0, shown=100_000_000, seed=number, strength=0.3)
        batch = works.take(np.arange(number * BATCH, (number + 1) * BATCH) % len(works), moment)
        yield Round(moments=[moment], batches=[batch])


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_names_networks_that_exist_and_settings_they_have(name):
    preset = PRESETS[name]
    GENERATORS[preset.generator][0].model_validate(preset.generator_settings)
    if preset.discriminator or not preset.encoder:
        DISCRIMINATORS[preset.discriminator].settings.model_validate(preset.discriminator_settings)
    if preset.encoder:
        ENCODERS[preset.encoder][0].model_validate(preset.encoder_settings)


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_says_in_one_sentence_what_it_is_for(name):
    about = PRESETS[name].about
    assert about.endswith(".")
    assert "\n" not in about
    assert 20 < len(about) < 110


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_the_same_after_it_was_written_and_read(name):
    preset = PRESETS[name]
    assert ImagePreset.from_json(preset.to_json()) == preset


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_plays_rounds_and_all_players_move(name, folder, accelerator, tmp_path):
    preset = PRESETS[name]
    dataset = open_works(folder, preset, tmp_path)
    built = prepare(dataset, preset, height=SIDE, width=SIDE, seed=0, device=torch.device("cpu"))
    before = {
        key: weight.detach().clone()
        for player, network in built.game.players.items()
        for key, weight in ((f"{player} {key}", weight) for key, weight in network.named_parameters())
    }
    optimisers = {player: accelerator.prepare(each) for player, each in built.optimisers.items()}
    played = list(play(built.game, rounds(built.works, ROUNDS), optimisers, accelerator))
    assert len(played) == ROUNDS
    assert all(each.finite for each in played)
    assert all(np.isfinite(list(each.costs.values())).all() for each in played)
    rules = preset.duel
    expected = {f"{turn.player}/" for turn in built.game.turns}
    assert expected == {key.partition("/")[0] + "/" for key in played[0].costs}
    expected = {"discriminator/adversarial", "generator/adversarial"} if preset.discriminator else set()
    expected |= {"encoder/kl", "encoder/features"} if preset.encoder and preset.discriminator else set()
    expected |= (
        {"autoencoder/kl", "autoencoder/pixels"} if preset.encoder and not preset.discriminator else set()
    )
    expected |= {"discriminator/r1"} if rules.r1.end else set()
    expected |= {"discriminator/r2"} if rules.r2.end else set()
    expected |= {"generator/mode_seeking"} if rules.mode_seeking else set()
    assert expected <= set(played[0].costs)
    after = {
        f"{player} {key}": weight
        for player, network in built.game.players.items()
        for key, weight in network.named_parameters()
    }
    assert {key.partition(" ")[0] for key in after} == set(built.optimisers)
    still = [key for key, weight in after.items() if torch.equal(weight, before[key])]
    assert len(still) < 0.1 * len(after), still
    assert all(weight.isfinite().all() for weight in after.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_budget_is_long_enough_for_what_the_preset_does_over_time(name):
    preset = PRESETS[name]
    fade, tick = preset.duel.fade, preset.run.tick_kimg
    assert preset.grow.finish_kimg <= 0.7 * preset.kimg, "there is time at the full size"
    assert preset.grow.at(round(preset.kimg * 1000)) == 1.0
    assert preset.autoencoding.kl.finish_kimg < 0.4 * preset.kimg, "latents are paid for most of the time"
    assert fade.finish_kimg < 0.6 * preset.kimg, "conditions count in full for the larger part of the run"
    assert fade.at(round(preset.kimg * 1000)) == 1.0
    assert 4 <= preset.kimg / tick <= 400, "measured often enough to notice an illness, and no more"
    assert preset.run.average_half_life_kimg < 0.2 * preset.kimg


@pytest.mark.parametrize("where", [(), ("duel",), ("run",), ("run", "adaptation"), ("generator_optimiser",)])
def test_an_unknown_key_is_an_error_at_any_depth(where):
    plain = PRESETS["fast"].model_dump()
    place = plain
    for key in where:
        place = place[key]
    place["no_such_setting"] = 1
    with pytest.raises(ValidationError, match="no_such_setting"):
        ImagePreset.model_validate(plain)


@pytest.mark.parametrize("part", ["generator_settings", "discriminator_settings"])
def test_a_setting_that_the_network_does_not_have_is_an_error_that_names_it(part, folder, tmp_path):
    preset = PRESETS["seed"].model_copy(update={part: {"no_such_setting": 1}})
    dataset = open_works(folder, preset, tmp_path)
    with pytest.raises(UsageError, match="no_such_setting"):
        prepare(dataset, preset, height=SIDE, width=SIDE, seed=0, device=torch.device("cpu"))


@pytest.mark.parametrize("part", ["generator", "discriminator"])
def test_a_network_that_does_not_exist_is_an_error_that_says_which_do(part, folder, tmp_path):
    preset = PRESETS["seed"].model_copy(update={part: "no_such_network"})
    dataset = open_works(folder, preset, tmp_path)
    with pytest.raises(UsageError, match="no_such_network") as caught:
        prepare(dataset, preset, height=SIDE, width=SIDE, seed=0, device=torch.device("cpu"))
    assert "mlp" in caught.value.advice


@pytest.mark.parametrize("field", [{"rate": 0.0}, {"beta1": 1.0}, {"kind": "sgd"}])
def test_an_optimiser_that_cannot_work_is_refused(field):
    with pytest.raises(ValidationError):
        OptimiserSettings.model_validate(field)
