"""Whole runs on music: likelihood, then the game against a critic; a stop in between changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from huohua.adversarial.events import Event
from huohua.adversarial.filling_duel import FillingRules
from huohua.adversarial.run import Budget, Run
from huohua.adversarial.schedule import constant
from huohua.arts.music.frame import MusicFrame
from huohua.arts.music.presets import PRESETS, MusicPreset
from huohua.arts.music.workshop import MusicWorkshop
from toys.ring import equal, everything_of, plain_accelerator
from toys.tunes import Tunes

BATCH, ROUNDS, DUEL_FROM = 4, 6, 3
PRESET: MusicPreset = PRESETS["composer"].model_copy(
    update={
        "generator_settings": {"width": 16, "heads": 2, "encoder": 1, "decoder": 1, "mapped": 8, "chord": 4},
        "discriminator_settings": {"width": 16, "heads": 2, "blocks": 1, "narrow": 4},
        "duel_kimg": DUEL_FROM * BATCH / 1000,
        "duel": FillingRules(alone=1, penalty_every=2),
        "run": PRESETS["composer"].run.model_copy(
            update={"batch": BATCH, "learning_rate": constant(1.0), "tick_kimg": 1.0}
        ),
    }
)


class Nobody:
    """An inspector that looks at nothing."""

    def measure(self, network: nn.Module) -> dict[str, float]:
        return {}

    def preview(self, network: nn.Module, shown: int) -> str:
        return ""

    def publish(self, *args: object) -> None:
        pass


def run(folder: Path, rounds: int) -> Run:
    shop = MusicWorkshop(Tunes(), preset=PRESET, frame=MusicFrame())
    built = shop.prepare(seed=1, device=torch.device("cpu"))
    return Run(
        folder,
        game=built.game,
        optimisers=built.optimisers,
        works=built.works,
        inspector=Nobody(),
        settings=PRESET.run,
        budget=Budget(shown=rounds * BATCH),
        seed=3,
        accelerator=plain_accelerator(),
    )


@pytest.fixture(scope="module")
def straight(tmp_path_factory) -> tuple[dict, list[Event]]:
    """All that a run has learnt which was never stopped."""
    events: list[Event] = []
    whole = run(tmp_path_factory.mktemp("straight"), ROUNDS)
    whole.listeners = [events.append]
    assert whole.go() == "budget"
    return everything_of(whole), events


@pytest.mark.parametrize("after", [2, 3, 4])
def test_a_run_goes_on_to_the_same_weights_from_both_stages(tmp_path, straight, after):
    run(tmp_path, after).go()
    rest = run(tmp_path, ROUNDS)
    assert rest.resume()
    assert rest.round == after
    rest.go()
    assert equal(everything_of(rest), straight[0])


def test_the_critic_moves_once_its_game_has_begun(tmp_path):
    before, after = run(tmp_path / "a", DUEL_FROM), run(tmp_path / "b", DUEL_FROM + 1)
    fresh = {
        name: weight.clone() for name, weight in before.game.players["discriminator"].state_dict().items()
    }
    for each in (before, after):
        each.go()
    assert equal(before.game.players["discriminator"].state_dict(), fresh)
    assert not equal(after.game.players["discriminator"].state_dict(), fresh)
    assert int(after.game.players["guard"].rounds) == 1
    assert np.isfinite(float(after.game.players["guard"].first))
