"""The loop: who steps, by how much, and what happens to a number that is not finite."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from torch import Tensor, nn

from huohua.adversarial.duel import Duel, DuelSettings
from huohua.adversarial.game import Batch, Judgement, Moment, Turn
from huohua.adversarial.loop import Played, Round, play
from huohua.adversarial.schedule import constant
from toys.ring import RingWorks, Sketcher, toy_duel

EVERYTHING = DuelSettings(
    r1=constant(1.0), r2=constant(1.0), mode_seeking=1e-3, mode_seeking_clamp=10.0, penalty_every=2
)


@pytest.fixture
def accelerator() -> Iterator[Accelerator]:
    AcceleratorState._reset_state(reset_partial_state=True)
    yield Accelerator(cpu=True)
    AcceleratorState._reset_state(reset_partial_state=True)


def rounds(count: int, *, batch: int = 16, parts: int = 1, seed: int = 0) -> Iterator[Round]:
    works = RingWorks(labelled=True)
    for number in range(count):
        moments = [Moment(round=number, seed=seed, part=part, parts=parts) for part in range(parts)]
        shares = np.array_split(np.arange(number * batch, (number + 1) * batch), parts)
        batches = [works.take(share, moment) for share, moment in zip(shares, moments, strict=True)]
        yield Round(moments=moments, batches=batches)


def descent(game: Duel, rate: float = 0.1) -> dict[str, torch.optim.Optimizer]:
    names = ("discriminator", "generator")
    return {name: torch.optim.SGD(game.players[name].parameters(), lr=rate) for name in names}


def weights(network: nn.Module) -> list[Tensor]:
    return [weight.detach().clone() for weight in network.parameters()]


def train(game: Duel, accelerator: Accelerator, parts: int = 1, count: int = 4) -> list[Played]:
    return list(play(game, rounds(count, parts=parts), descent(game), accelerator))


def test_two_rounds_are_the_slopes_worked_out_by_hand(accelerator):
    """Score s = a x, fake f = b z, Wasserstein: da = mean(fake - real), db = -a mean(z)."""
    judge, painter = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    nn.init.constant_(judge.weight, 2.0)
    nn.init.constant_(painter.weight, 3.0)
    game = Duel(_Ignoring(painter), _Judging(judge), latent=1, settings=DuelSettings(loss="wasserstein"))
    batch = Batch(sample=torch.tensor([[1.0], [5.0]]), condition_BC=torch.zeros(2, 0))
    moments = [Moment(round=0), Moment(round=1)]
    plan = [Round(moments=[moment], batches=[batch]) for moment in moments]
    a, b = 2.0, 3.0
    played = play(game, plan, descent(game, rate=0.1), accelerator)
    for moment, result in zip(moments, played, strict=True):
        z = moment.draw("latent", 2, 1).mean().item()
        costs = {"discriminator/adversarial": a * (b * z - 3.0)}
        a -= 0.1 * (b * z - 3.0)
        costs["generator/adversarial"] = -a * b * z
        b += 0.1 * a * z  # the generator answers to the discriminator that has moved
        assert result.costs == pytest.approx(costs)
        assert result.finite
        assert judge.weight.item() == pytest.approx(a)
        assert painter.weight.item() == pytest.approx(b)


def test_while_one_player_moves_all_others_hold_still(accelerator):
    """No gradient is even computed for them, which would be a third of the work for nothing."""
    learning: list[tuple[str, list[str]]] = []

    class Watched(Duel):
        def _look(self, mover: str) -> None:
            moving = {n: any(w.requires_grad for w in p.parameters()) for n, p in self.players.items()}
            learning.append((mover, [name for name, moves in moving.items() if moves]))

        def discriminator_turn(self, deal):
            self._look("discriminator")
            return super().discriminator_turn(deal)

        def generator_turn(self, deal):
            self._look("generator")
            return super().generator_turn(deal)

    toy = toy_duel(DuelSettings(), condition=8)
    game = Watched(*reversed(list(toy.players.values())), latent=toy.latent, settings=toy.settings)
    train(game, accelerator, parts=2, count=1)
    assert learning == [("discriminator", ["discriminator"])] * 2 + [("generator", ["generator"])] * 2


def test_flags_are_as_before_after_every_round(accelerator):
    game = toy_duel(EVERYTHING, condition=8)
    game.players["generator"].inner[0].bias.requires_grad_(False)
    frozen = game.players["generator"].inner[0].bias.detach().clone()
    train(game, accelerator)
    flags = [weight.requires_grad for player in game.players.values() for weight in player.parameters()]
    assert flags.count(False) == 1
    assert torch.equal(game.players["generator"].inner[0].bias, frozen)


@pytest.mark.parametrize("parts", [2, 4])
def test_accumulating_gradients_equals_one_large_batch(accelerator, parts):
    whole, split = toy_duel(EVERYTHING, condition=8), toy_duel(EVERYTHING, condition=8)
    before = weights(split.players["generator"])
    played = [train(whole, accelerator), train(split, accelerator, parts=parts)]
    for name in ("generator", "discriminator"):
        for one, several in zip(weights(whole.players[name]), weights(split.players[name]), strict=True):
            torch.testing.assert_close(several, one, rtol=1e-4, atol=1e-6)
    moved = zip(weights(split.players["generator"]), before, strict=True)
    assert all((after - first).abs().max() > 1e-3 for after, first in moved)
    for one, several in zip(*played, strict=True):
        assert several.costs == pytest.approx(one.costs, rel=1e-4)


def test_both_turns_of_a_part_see_the_same_fakes(accelerator):
    painted: dict[int, list[Tensor]] = {}

    class Watched(Duel):
        def deal(self, batch: Batch, moment: Moment):
            deal = super().deal(batch, moment)
            painted.setdefault(moment.part, []).append(deal.latent_BZ)
            return deal

    toy = toy_duel(DuelSettings(), condition=8)
    game = Watched(*reversed(list(toy.players.values())), latent=toy.latent, settings=toy.settings)
    train(game, accelerator, parts=2, count=1)
    assert len(painted[0]) == 1  # the first part is dealt once for both turns
    assert len(painted[1]) == 2  # later parts again, with the same dice
    assert torch.equal(*painted[1])
    assert not torch.equal(painted[0][0], painted[1][0])


class _Ignoring(nn.Module):
    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return self.layer(latent_BZ)


class _Judging(_Ignoring):
    def forward(self, seen: Tensor, condition_BC: Tensor) -> Judgement:
        return Judgement(self.layer(seen))


class _Spoilt(nn.Module):
    """A network whose output, and so every gradient, becomes NaN or infinite from one call on."""

    def __init__(self, network: nn.Module, *, after: int, poison: float) -> None:
        super().__init__()
        self.network, self.left, self.poison = network, after, poison

    def forward(self, *inputs: Tensor) -> Tensor:
        self.left -= 1
        out = self.network(*inputs)
        return out * self.poison if self.left < 0 else out


@pytest.mark.parametrize("poison", [math.nan, math.inf])
def test_a_player_does_not_step_along_a_gradient_that_is_not_finite(accelerator, poison):
    game = toy_duel(
        DuelSettings(), generator=_Spoilt(Sketcher(condition=8), after=2, poison=poison), condition=8
    )
    before: list[list[list[Tensor]]] = []
    results = []
    for result in play(game, rounds(4), descent(game), accelerator):
        results.append(result.finite)
        before.append([weights(player) for player in game.players.values()])
        if not result.finite:
            assert result.gauges == {}
            break
    assert results == [True, True, False]
    for earlier, later in zip(before[1], before[2], strict=True):
        assert all(torch.equal(a, b) for a, b in zip(earlier, later, strict=True))


def test_a_generator_that_refuses_leaves_the_discriminators_costs(accelerator):
    class Broken(Duel):
        def generator_turn(self, deal):
            return {"adversarial": super().generator_turn(deal)["adversarial"] * math.nan}

    toy = toy_duel(DuelSettings(), condition=8)
    game = Broken(*reversed(list(toy.players.values())), latent=toy.latent, settings=toy.settings)
    (result,) = train(game, accelerator, count=1)
    assert not result.finite
    assert set(result.costs) == {"discriminator/adversarial"}


def test_gradients_are_shortened_to_the_length_asked_for(accelerator):
    game = toy_duel(DuelSettings(loss="wasserstein"), condition=8)
    before = weights(game.players["discriminator"])
    list(play(game, rounds(1), descent(game, rate=1.0), accelerator, clip=1e-3))
    steps = zip(weights(game.players["discriminator"]), before, strict=True)
    length = math.sqrt(sum((after - first).square().sum().item() for after, first in steps))
    assert length == pytest.approx(1e-3, rel=1e-2)


def test_a_turn_can_be_played_in_some_rounds_only(accelerator):
    toy = toy_duel(DuelSettings(), condition=8)
    toy.turns = [toy.turns[0], Turn(player="generator", objective=toy.generator_turn, every=3)]
    results = train(toy, accelerator, count=5)
    played = [number for number, result in enumerate(results) if "generator/adversarial" in result.costs]
    assert played == [0, 3]


def test_costs_carry_player_and_term(accelerator):
    results = train(toy_duel(EVERYTHING, condition=8), accelerator, count=2)
    adversarial = {"discriminator/adversarial", "generator/adversarial", "generator/mode_seeking"}
    assert set(results[0].costs) == adversarial | {"discriminator/r1", "discriminator/r2"}
    assert set(results[1].costs) == adversarial


class _Cycle:
    """Three players and two turns: any game plays in the same loop."""

    def __init__(self) -> None:
        self.players = {name: nn.Linear(1, 1, bias=False) for name in ("one", "two", "idle")}
        for player in self.players.values():
            nn.init.ones_(player.weight)
        self.turns: Sequence[Turn] = [
            Turn(player="one", objective=self.lower), Turn(player="two", objective=self.lower)
        ]  # fmt: skip

    def deal(self, batch: Batch, moment: Moment) -> Tensor:
        return batch.sample

    def lower(self, deal: Tensor) -> dict[str, Tensor]:
        for player in self.players.values():
            deal = player(deal)
        return {"product": deal.mean()}

    def gauges(self, deal: Tensor) -> dict[str, float]:
        return {"mean": deal.mean().item()}


def test_a_game_of_other_players_plays_in_the_same_loop(accelerator):
    game = _Cycle()
    optimisers = {n: torch.optim.SGD(game.players[n].parameters(), lr=0.5) for n in ("one", "two")}
    batch = Batch(sample=torch.ones(2, 1), condition_BC=torch.zeros(2, 0))
    (result,) = play(game, [Round(moments=[Moment()], batches=[batch])], optimisers, accelerator)
    # One goes from 1 to 1 - 0.5; then two sees a slope of 0.5 and goes to 1 - 0.25.
    assert [player.weight.item() for player in game.players.values()] == [0.5, 0.75, 1.0]
    assert result.costs == {"one/product": 1.0, "two/product": 0.5}
    assert result.gauges == {"mean": 1.0}


def test_half_precision_learns_nearly_the_same():
    AcceleratorState._reset_state(reset_partial_state=True)
    exact, rough = toy_duel(EVERYTHING, condition=8), toy_duel(EVERYTHING, condition=8)
    start = copy.deepcopy(exact.players["generator"])
    train(exact, Accelerator(cpu=True))
    AcceleratorState._reset_state(reset_partial_state=True)
    train(rough, Accelerator(cpu=True, mixed_precision="bf16"))
    AcceleratorState._reset_state(reset_partial_state=True)
    for one, other, first in zip(
        weights(exact.players["generator"]), weights(rough.players["generator"]), weights(start), strict=True
    ):
        assert other.dtype == torch.float32
        moved, apart = (one - first).norm().item(), (one - other).norm().item()
        assert 0 < apart < 0.3 * moved
