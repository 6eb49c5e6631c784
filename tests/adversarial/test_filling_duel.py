"""Filling against a discriminator: who moves, what counts, and the guard over the likelihood."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from huohua.adversarial.filling_duel import FillingDuel, FillingRules, Guard
from huohua.adversarial.game import Batch, Judgement, Moment
from huohua.adversarial.loop import Round, play
from huohua.adversarial.straight_through import straight_through
from toys.ring import equal, plain_accelerator

CELLS, VALUES = 6, 3


class Dice(nn.Module):
    """Writes each cell as one of three values, alike in all cells; the latent tilts it."""

    def __init__(self) -> None:
        super().__init__()
        self.logit_K = nn.Parameter(torch.zeros(VALUES))
        self.tilt_K = nn.Parameter(torch.zeros(VALUES))

    def logits(self, sample, latent_BZ):
        tilted_BK = self.logit_K + latent_BZ[:, :1] * self.tilt_K
        return tilted_BK[:, None].expand(-1, CELLS, -1)

    def forward(self, sample, hidden, condition_BC, latent_BZ, dice):
        nats = nn.functional.cross_entropy(
            self.logits(sample, latent_BZ).flatten(0, 1), sample.flatten(), reduction="none"
        ).view_as(sample)
        return (nats * hidden).sum(1, keepdim=True), hidden.float().sum(1, keepdim=True)


class DiceHand:
    def __init__(self, generator: Dice) -> None:
        self.generator = generator

    def write(self, sample, hidden, condition_BC, latent_BZ, dice):
        share = self.generator.logits(sample, latent_BZ).softmax(-1)
        drawn = torch.multinomial(share.flatten(0, 1), 1, generator=dice).view_as(sample)
        return torch.where(hidden, drawn, sample)

    def retrace(self, written, hidden, condition_BC, latent_BZ, dice):
        logits = self.generator.logits(written, latent_BZ)
        soft = straight_through(logits.flatten(0, 1), written.flatten(), dice, temperature=1.0)
        likely = logits.softmax(-1).gather(-1, written[..., None])[..., 0] * hidden
        return soft.view(*written.shape, VALUES), likely

    def show(self, sample):
        return nn.functional.one_hot(sample, VALUES).float()

    def consistency(self, real, fake, hidden, condition_BC):
        return (real.mean() - fake.mean()).square()


class Eye(nn.Module):
    """Scores every cell by its value; those that were not hidden are not scored."""

    def __init__(self) -> None:
        super().__init__()
        self.worth_K = nn.Parameter(torch.zeros(VALUES))

    def forward(self, seen, hidden, condition_BC):
        score_BS = (seen * self.worth_K).sum(-1)
        return Judgement(
            score_BS.masked_fill(~hidden, torch.nan), (seen.transpose(1, 2) * self.worth_K[:, None],)
        )


def half(sample, dice):
    return (torch.arange(CELLS) % 2 == 0).expand(sample.shape)


def works(number: int = 0) -> Batch:
    """Real cells are 0, 1 and 2 with shares 1/2, 1/3 and 1/6."""
    dice = torch.Generator().manual_seed(number)
    sample = torch.tensor([0, 0, 0, 1, 1, 2])[torch.randint(0, 6, (32, CELLS), generator=dice)]
    return Batch(sample=sample, condition_BC=torch.zeros(32, 1))


def game(**rules) -> FillingDuel:
    generator = Dice()
    return FillingDuel(
        generator, Eye(), hand=DiceHand(generator), latent=2, masker=half, kinds=("cell",),
        rules=FillingRules(**{"alone": 2, "mode_seeking": 0.0, **rules}),
    )  # fmt: skip


def run(duel: FillingDuel, rounds: int, rate: float = 0.02):
    optimisers = {
        name: torch.optim.Adam(duel.players[name].parameters(), lr=rate, betas=(0.5, 0.9))
        for name in ("generator", "discriminator")
    }
    dealt = [Round(moments=[Moment(round=number)], batches=[works(number)]) for number in range(rounds)]
    return list(play(duel, dealt, optimisers, plain_accelerator()))


def test_what_is_given_stays_and_what_is_hidden_is_written():
    duel = game()
    deal = duel.deal(works(), Moment())
    assert torch.equal(deal.written[:, 1::2], deal.batch.sample[:, 1::2])
    assert not torch.equal(deal.written[:, ::2], deal.batch.sample[:, ::2])


def test_a_fair_start_costs_the_discriminator_log_two_over_hidden_cells_alone():
    duel = game(r1=0.0, r2=0.0)
    terms = duel.discriminator_turn(duel.deal(works(), Moment()))
    assert list(terms) == ["adversarial"]
    assert terms["adversarial"].item() == pytest.approx(0.693147, abs=1e-5)
    duel.players["discriminator"].worth_K.data = torch.tensor([1.0, 0.0, 0.0])
    deal = duel.deal(works(), Moment())
    real, fake = (seen[:, ::2, 0].flatten() for seen in (deal.seen_real, deal.seen_fake.detach()))
    expected = nn.functional.softplus(fake - real).mean().item()
    assert duel.discriminator_turn(deal)["adversarial"].item() == pytest.approx(expected, abs=1e-5)


def test_penalties_are_the_squared_slopes_of_mean_scores():
    duel = game(r1=2.0, r2=0.0, penalty_every=4)
    duel.players["discriminator"].worth_K.data = torch.tensor([1.0, 2.0, 0.0])
    terms = duel.discriminator_turn(duel.deal(works(), Moment(round=4)))
    # Three of six cells are scored, the mean is over six: each slope is worth / 6; gamma / 2 = 1, four times.
    assert terms["r1"].item() == pytest.approx(4 * 3 * (1 + 4) / 36, abs=1e-5)
    assert "r1" not in duel.discriminator_turn(duel.deal(works(), Moment(round=5)))


def test_the_discriminator_begins_alone_and_the_generator_learns_likelihood_meanwhile():
    duel = game()
    played = run(duel, 4)
    assert [set(one.costs) & {"generator/adversarial"} != set() for one in played] == [
        False,
        False,
        True,
        True,
    ]
    assert all("generator/nats" in one.costs for one in played)
    assert [one.gauges["guard"] > 0 for one in played] == [False, True, True, True]


def test_the_game_ends_near_the_truth():
    duel = game(tolerated=10.0)
    run(duel, 150, rate=0.05)
    share = duel.players["generator"].logit_K.softmax(0).tolist()
    assert share == pytest.approx([1 / 2, 1 / 3, 1 / 6], abs=0.07)


def test_the_guard_lets_go_of_the_game_as_the_surprise_grows():
    guard = Guard(2, memory=0.0)
    assert guard.factor(0.04) == 0.0
    guard.note(1.9)
    guard.note(2.1)  # the first surprise is 2.0
    assert guard.factor(0.04) == 1.0
    for nats, expected in ((1.8, 1.0), (2.04, 0.5), (2.2, 0.0)):
        guard.note(nats)
        assert guard.factor(0.04) == pytest.approx(expected, abs=1e-4)
    slow = Guard(1)
    slow.note(1.0)
    slow.note(2.0)
    assert slow.now.item() == pytest.approx(1.01, abs=1e-6)


def test_mode_seeking_costs_nothing_once_latents_change_choices():
    duel = game(mode_seeking=1.0, mode_seeking_clamp=0.02, alone=1)
    deal = duel.deal(works(), Moment())
    duel.guard.note(1.0)
    deaf = duel.generator_turn(deal)["mode_seeking"].item()
    assert deaf == pytest.approx(1 / 0.02 - 1 / 0.04, rel=1e-3)
    duel.players["generator"].tilt_K.data = torch.tensor([2.0, 0.0, -2.0])
    heard = duel.generator_turn(duel.deal(works(), Moment()))["mode_seeking"].item()
    assert 0 <= heard < 0.1 * deaf  # pairs of latents that happen to be close may still cost something


def test_the_same_rounds_are_played_alike():
    one, two = game(), game()
    run(one, 5)
    run(two, 5)
    assert equal(one.players["generator"].state_dict(), two.players["generator"].state_dict())
    assert equal(one.guard.state_dict(), two.guard.state_dict())
