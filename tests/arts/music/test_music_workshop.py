"""From a folder of tunes to a game: what is shown, what is asked, what is measured and what is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from huohua.adversarial.filling import Filling
from huohua.adversarial.game import Moment
from huohua.adversarial.stages import Stages
from huohua.arts.music.feed import THEME, MusicWorks, openings, transposed
from huohua.arts.music.frame import MusicFrame
from huohua.arts.music.grid_layout import HOLD
from huohua.arts.music.inspection import features, roll_of
from huohua.arts.music.packing import VALID_COLUMN
from huohua.arts.music.presets import PRESETS, MusicPreset
from huohua.arts.music.training import build_discriminator, build_generator, levelled, places_of
from huohua.arts.music.workshop import MusicWorkshop
from huohua.errors import ModelError, UsageError
from toys.music_works import scribbled
from toys.tunes import SPACE, Tunes

SMALL = {"width": 16, "heads": 2, "encoder": 1, "decoder": 1, "mapped": 8, "chord": 4}


def feed(**parts) -> MusicWorks:
    settings = {"groups": places_of(SPACE), "device": torch.device("cpu"), **parts}
    return MusicWorks(Tunes(), np.arange(6), **settings)


def test_a_window_is_shown_its_theme_unless_it_holds_it():
    assert openings(Tunes().piece_N, Tunes().bar_N).tolist() == [0, 0, 0, 3, 3, 3]
    sample = feed().works(np.arange(6), np.ones(6, dtype=bool))
    shown = sample[:, 0, VALID_COLUMN] > 0
    assert shown.tolist() == [False, True, True, False, False, True]  # window 4 begins within the theme
    assert torch.equal(sample[1, :THEME], sample[0, THEME : 2 * THEME])
    assert not feed().works(np.arange(6), np.zeros(6, dtype=bool))[:, :THEME].any()


def test_what_is_not_told_is_nan_and_what_is_told_is_of_the_window_or_of_its_bars():
    asked = torch.cat([feed().take(np.arange(6), Moment(round=number)).condition_BC for number in range(40)])
    assert asked.shape == (240, 10, 4)
    untold = asked.isnan()
    assert torch.equal(untold[..., 0], untold[..., 1])  # a style is told whole or not at all
    assert untold[:, 0, 0].float().mean().item() == pytest.approx(1 - 0.8 * 0.8, abs=0.08)
    assert untold.all(2).all(1).float().mean().item() == pytest.approx(0.2, abs=0.07)
    whole = (asked[:, 2:, 2] == 0.5).all(1)
    by_bar = (asked[:, 2:, 2] == 0.9).any(1)
    assert not (whole & by_bar).any()
    assert whole.float().mean().item() == pytest.approx(0.8 * 0.8 / 2, abs=0.1)
    assert untold[by_bar][:, 2:, 2].float().mean().item() == pytest.approx(0.2, abs=0.06)
    everything = feed(asked=1.0).take(np.arange(6), Moment()).condition_BC
    assert not everything.isnan().any()


def test_the_same_moment_feeds_the_same():
    one, two = (feed().take(np.arange(4), Moment(round=3)) for _ in range(2))
    assert torch.equal(one.sample, two.sample)
    assert torch.equal(one.condition_BC.nan_to_num(-1), two.condition_BC.nan_to_num(-1))


def test_controls_are_told_one_by_one_and_labels_by_group():
    assert places_of(SPACE) == {"style": [0, 1], "control.density": [2], "control.register": [3]}


def test_rare_styles_are_shown_more_often_by_the_root_of_how_rare_they_are():
    data = Tunes()
    data.piece_N = np.array([0] * 90 + [1] * 10)
    counts = np.bincount(levelled(data, np.arange(100)))
    assert counts[:90].tolist() == [1] * 90
    assert counts[90:].tolist() == [3] * 10  # the root of 90 / 10


@pytest.mark.parametrize(
    ("name", "players"),
    [
        ("composer", {"generator", "discriminator", "guard"}),
        ("likelihood", {"generator"}),
        ("musegan_composer", {"generator", "discriminator"}),
    ],
)
def test_a_workshop_prepares_measures_draws_and_says_what_to_keep(name, players, tmp_path):
    preset = PRESETS[name]
    if preset.generator == "composer":
        preset = preset.model_copy(update={"generator_settings": SMALL})
    else:
        small = {"generator_settings": {**preset.generator_settings, "noise": 2, "width": 16}, "latent": 4}
        preset = preset.model_copy(update=small)
    shop = MusicWorkshop(Tunes(), preset=preset, frame=MusicFrame())
    assert len(shop) == 4
    built = shop.prepare(seed=1, device=torch.device("cpu"))
    assert set(built.game.players) == players
    network = built.game.averaged.eval()
    figures = shop.measure(network)
    assert figures == shop.measure(network)
    assert ("unseen_nats" in figures) == (preset.generator == "composer")
    shop.preview(network, tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").stat().st_size > 500
    parts = shop.parts(network)
    assert parts.generator.network is network
    assert (parts.discriminator is None) == (name == "likelihood")
    assert parts.learnt["styles"]["jazz"] == {"tempo": 140.0, "swing": 1.0, "casts": {"100000": 1}}
    again = build_generator(parts.generator.name, parts.generator.settings, latent=parts.latent, condition=4)
    again.load_state_dict(network.state_dict())
    deal = built.game.deal(built.works.take(np.arange(2), Moment()), Moment())
    assert built.game.turns[0].objective(deal)


def test_the_same_seed_gives_the_same_weights():
    preset = PRESETS["likelihood"].model_copy(update={"generator_settings": SMALL})
    shop = MusicWorkshop(Tunes(), preset=preset, frame=MusicFrame())
    one, two, other = (
        shop.prepare(seed=seed, device=torch.device("cpu")).game.averaged.join.weight for seed in (1, 1, 2)
    )
    assert torch.equal(one, two)
    assert not torch.equal(one, other)


def test_a_preset_plays_one_game_after_the_other():
    preset = PRESETS["composer"].model_copy(update={"generator_settings": SMALL})
    shop = MusicWorkshop(Tunes(), preset=preset, frame=MusicFrame())
    game = shop.prepare(seed=1, device=torch.device("cpu")).game
    assert isinstance(game, Stages)
    assert [stage.name for stage in game.stages] == ["likelihood", "duel"]
    assert game.stages[0].begin_kimg == 0
    assert game.stages[1].begin_kimg == preset.duel_kimg < preset.kimg
    assert type(game.stages[0].game) is Filling
    assert game.at(round(preset.duel_kimg * 1000)) == 1


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_fits_its_networks(name):
    preset = PRESETS[name]
    assert isinstance(preset, MusicPreset)
    build_generator(preset.generator, preset.generator_settings, latent=preset.latent, condition=3)
    if preset.discriminator:
        build_discriminator(preset.discriminator, preset.discriminator_settings, condition=3)


def test_what_does_not_fit_is_one_clear_error():
    with pytest.raises(ModelError, match="no generator 'oboe'"):
        build_generator("oboe", {}, latent=3, condition=3)
    with pytest.raises(ModelError, match="448 numbers"):
        build_generator("musegan", {}, latent=3, condition=3)
    with pytest.raises(UsageError, match="16 bars"):
        MusicFrame.read(16)
    assert MusicFrame.read("8") == MusicFrame.read(None)


def test_features_tell_other_music_and_not_the_same():
    works = feed().works(np.arange(3), np.zeros(3, dtype=bool))[:, THEME:]
    found = features(works)
    assert found.shape[0] == 3
    assert np.array_equal(found, features(works))
    assert np.abs(found[0] - found[1]).max() > 0.1
    page = roll_of(works[0])
    assert page.shape[2] == 3
    assert len(np.unique(page.reshape(-1, 3), axis=0)) >= 3


def test_a_workshop_that_is_not_prepared_says_so(tmp_path: Path):
    shop = MusicWorkshop(
        Tunes(),
        preset=PRESETS["likelihood"].model_copy(update={"generator_settings": SMALL}),
        frame=MusicFrame(),
    )
    with pytest.raises(RuntimeError, match="not prepared"):
        shop.preview(torch.nn.Identity(), tmp_path / "x.png")


def test_works_move_by_semitones_as_far_as_their_roles_reach():
    work = scribbled(1, 1)[0]
    work[:, :4] = 0
    work[2, 0], work[3, 0], work[5, 3] = 40, HOLD, 70
    work[:, 4:64] = 0
    work[7, 4 + 57] = 1
    up = transposed(work, 2)
    assert up[[2, 3, 5, 6], [0, 0, 3, 3]].tolist() == [42, HOLD, 72, 0]
    assert up[7, 4:64].nonzero().flatten().tolist() == [59]
    assert torch.equal(up[:, 64:], work[:, 64:])
    assert torch.equal(transposed(up, -2), work)
    assert torch.equal(transposed(work, 3), work)  # harmony would be lost above
    assert torch.equal(transposed(work, 0), work)


def test_moved_works_are_not_told_the_register_they_had():
    works = feed(transpose=3, asked=1.0)
    batches = [works.take(np.arange(6), Moment(round=number)) for number in range(20)]
    plain = feed(asked=1.0).works(np.arange(6), np.zeros(6, dtype=bool))[:, THEME:]
    moved = torch.cat([(batch.sample[:, THEME:] != plain).flatten(1).any(1) for batch in batches])
    untold = torch.cat([batch.condition_BC[:, :, 3].isnan().all(1) for batch in batches])
    assert 0.3 < moved.float().mean() < 0.95
    assert untold[moved].all()
    assert not torch.cat([batch.condition_BC[..., :3] for batch in batches]).isnan().any()
