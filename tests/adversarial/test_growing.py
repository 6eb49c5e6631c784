"""Growing as a schedule of the same loop: players follow the works shown, and a resumed run is where it was.

The toy: works are boards of 8 x 8 numbers. A young generator paints 4 x 4; a grown-up one adds the rest.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.events import Progress
from huohua.adversarial.game import Batch, Judgement, Moment
from huohua.adversarial.growing import GrowingDuel
from huohua.adversarial.run import Budget, Run, RunSettings
from huohua.adversarial.schedule import Schedule, constant, ramp
from huohua.blocks.growth import Stage, partly_grown
from huohua.randomness import torch_generator
from toys.ring import RingInspector, equal, everything_of, plain_accelerator

LATENT = 3
GROW = ramp(0.1, 0.4)


class Boards:
    """Works: boards of noise, at the size reached."""

    def __init__(self) -> None:
        self.sample_NCHW = torch.randn(64, 1, 8, 8, generator=torch_generator(0, "boards"))

    def __len__(self) -> int:
        return len(self.sample_NCHW)

    def take(self, numbers: np.ndarray, moment: Moment) -> Batch:
        sample = partly_grown(self.sample_NCHW[numbers], GROW.at(moment.shown), 1)
        return Batch(sample=sample, condition_BC=torch.zeros(len(sample), 0))


class Painter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.small, self.large = nn.Linear(LATENT, 16), nn.Linear(LATENT, 64)
        self.stage = Stage(1)

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        top, fade = self.stage.reached()
        small = self.small(latent_BZ).view(-1, 1, 4, 4)
        if top == 0:
            return small
        return nn.functional.interpolate(small, scale_factor=2) + fade * self.large(latent_BZ).view(
            -1, 1, 8, 8
        )


class Judge(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.small, self.large = nn.Linear(16, 1), nn.Linear(64, 1)
        self.stage = Stage(1)

    def forward(self, seen: Tensor, condition_BC: Tensor) -> Judgement:
        top, fade = self.stage.reached()
        score_BS = self.small(nn.functional.adaptive_avg_pool2d(seen, 4).flatten(1))
        return Judgement(score_BS if top == 0 else score_BS + fade * self.large(seen.flatten(1)))


def game(grow: Schedule = GROW) -> GrowingDuel:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        players = Painter(), Judge()
    return GrowingDuel(*players, latent=LATENT, settings=DuelSettings(r1=constant(0.1)), grow=grow)


def run(folder: Path, *, rounds: int = 20, listeners=()) -> Run:
    duel = game()
    optimisers = {
        name: torch.optim.Adam(duel.players[name].parameters(), lr=1e-2, betas=(0.0, 0.99), fused=True)
        for name in ("discriminator", "generator")
    }
    settings = {"batch": 32, "tick_kimg": 0.16, "save_seconds": 1e6, "average_half_life_kimg": 0.2}
    return Run(
        folder,
        game=duel,
        optimisers=optimisers,
        works=Boards(),
        inspector=RingInspector(lambda network: {"diversity_ratio": 0.6}),
        settings=RunSettings.model_validate(settings),
        budget=Budget(shown=rounds * 32),
        seed=0,
        accelerator=plain_accelerator(),
        listeners=listeners,
    )


@pytest.mark.parametrize(
    ("shown", "side", "fade"), [(0, 4, 1.0), (250, 4, 1.0), (325, 8, 0.5), (400, 8, 1.0), (9_999, 8, 1.0)]
)
def test_players_and_works_have_the_size_of_their_moment(shown, side, fade):
    duel, moment = game(), Moment(shown=shown)
    deal = duel.deal(Boards().take(np.arange(4), moment), moment)
    assert deal.fake.shape == deal.batch.sample.shape == (4, 1, side, side)
    for player in duel.players.values():
        assert player.stage.reached() == (side // 8, pytest.approx(fade))
    duel.discriminator_turn(deal)
    assert duel.gauges(deal)["grown"] == pytest.approx(GROW.at(shown))


def test_what_has_not_grown_stays_as_it_was_and_has_no_state(tmp_path):
    young = run(tmp_path, rounds=3)
    before = young.game.players["generator"].large.weight.detach().clone()
    young.go()
    assert torch.equal(young.game.players["generator"].large.weight, before)
    assert len(young.optimisers["generator"].state_dict()["state"]) == 2
    assert young.average.network.stage.reached() == (0, 1.0)


@pytest.mark.parametrize("after", [2, 8, 11, 14])
def test_a_run_stopped_at_any_size_goes_on_to_the_same_weights(tmp_path, after):
    """After 2 rounds there is one size, 8 and 11 lie in the fade, 14 after it."""
    straight = run(tmp_path / "straight")
    straight.go()
    run(tmp_path / "parts", rounds=after).go()
    resumed = run(tmp_path / "parts")
    assert resumed.resume()
    resumed.go()
    assert equal(everything_of(resumed), everything_of(straight))
    assert resumed.average.network.stage.reached() == (1, 1.0)
    assert len(straight.optimisers["generator"].state_dict()["state"]) == 4


def test_the_average_is_as_large_as_the_player_and_not_in_between(tmp_path):
    fading = run(tmp_path, rounds=11)  # the last of them was dealt when 320 works had been shown
    fading.go()
    players = fading.game.players["generator"], fading.average.network
    assert players[0].stage.reached() == players[1].stage.reached() == (1, pytest.approx(7 / 15, abs=1e-5))


def test_the_way_is_told(tmp_path):
    events: list = []
    going = run(tmp_path, listeners=(events.append,))
    going._since_progress = -1e9
    going.go()
    told = [event.gauges["grown"] for event in events if isinstance(event, Progress)]
    assert told
    assert told[0] == 0.0


def test_players_that_cannot_grow_are_refused():
    duel = game()
    with pytest.raises(ValueError, match="The discriminator cannot grow"):
        GrowingDuel(
            duel.players["generator"], nn.Linear(1, 1), latent=LATENT, settings=DuelSettings(), grow=GROW
        )
