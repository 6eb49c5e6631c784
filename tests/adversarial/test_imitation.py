"""Imitation: what each player lowers, by hand and in a game that is played."""

from __future__ import annotations

import math

import pytest
import torch
from accelerate import Accelerator

from huohua.adversarial.game import Moment
from huohua.adversarial.imitation import Anchor, Imitation, ImitationSettings, energy_loss
from huohua.adversarial.loop import Round, play
from huohua.adversarial.schedule import constant
from huohua.arts.text.rows import COUNTED, TOKEN
from toys.small_poems import batch, craft, reader, writer

BATCH = batch(6, gap=0.0, ask_title=0.0)


def game(**settings):
    rules = ImitationSettings(**{"minibatches": 2, **settings})
    return Imitation(writer(), reader(), craft=craft(), settings=rules)


def test_the_energy_loss_is_what_the_hand_says():
    loss = energy_loss(torch.tensor([-1.0]), torch.tensor([2.0]))
    assert loss.item() == pytest.approx(math.log1p(math.exp(-1)) + math.log1p(math.exp(-2)), abs=1e-5)
    # With targets .9 and .1: -(.9 log s(1) + .1 log s(-1)) - (.1 log s(-2) + .9 log s(2)).
    s = lambda x: 1 / (1 + math.exp(-x))  # noqa: E731
    expected = -(0.9 * math.log(s(1)) + 0.1 * math.log(s(-1)) + 0.1 * math.log(s(-2)) + 0.9 * math.log(s(2)))
    assert energy_loss(torch.tensor([-1.0]), torch.tensor([2.0]), 0.1).item() == pytest.approx(
        expected, abs=1e-5
    )


def test_the_reader_has_a_loss_for_each_of_its_heads():
    played = game()
    deal = played.deal(BATCH, Moment())
    assert set(played.discriminator_turn(deal)) == {"contrast", "energy", "spotting", "naming"}
    told = played.gauges(deal)
    assert {"score_real", "score_fake", "told_apart", "spoiled_told"} <= set(told)


def test_the_writer_waits_for_the_reader():
    played = game(begin_kimg=1)
    assert played.generator_turn(played.deal(BATCH, Moment(shown=999))) == {}
    assert not played.anchor.held
    assert played.generator_turn(played.deal(BATCH, Moment(shown=1000))) != {}
    assert played.anchor.held


def test_in_the_first_step_the_ratio_is_one_so_the_policy_costs_nothing_on_average():
    """Normalised rewards of works of equal length have no mean, and all ratios are 1: the loss is 0."""
    played = game(minibatches=1, demonstrations=constant(0.0), anchor=0.0, likelihood=0.0)
    deal = played.deal(BATCH, Moment())
    played.discriminator_turn(deal)
    loss = played.generator_turn(deal)["policy"].detach()
    counts = torch.bincount(deal.row_N)
    by_work = torch.stack([deal.advantage_N[deal.row_N == n][0] for n in range(len(counts))])
    assert float(loss) == pytest.approx(-float((by_work * counts).sum() / counts.sum()), abs=1e-4)
    assert float(by_work.mean()) == pytest.approx(0.0, abs=1e-5)


def test_where_it_began_the_writer_is_not_away_from_its_anchor():
    played = game()
    deal = played.deal(BATCH, Moment())
    assert float(played.generator_turn(deal)["anchor"].detach()) == pytest.approx(0.0, abs=1e-5)


def test_an_anchor_holds_what_it_first_took_over():
    first, later = writer(), writer()
    with torch.no_grad():
        later.token.weight.add_(1)
    anchor = Anchor(writer())
    anchor.hold(first)
    anchor.hold(later)
    assert anchor.network.token.weight.equal(first.token.weight)


def test_demonstrations_pull_towards_real_works():
    """With nothing else on, the gradient is that of likelihood, times share and reward."""
    played = game(
        minibatches=1, demonstrations=constant(1.0), demonstration_reward=2.0, anchor=0, likelihood=0
    )
    deal = played.deal(BATCH, Moment())
    deal.advantage_N = torch.zeros_like(deal.old_nats_N)
    network = played.players["generator"]
    sum(played.generator_turn(deal).values()).backward()
    found = network.last.weight.grad.clone()
    network.zero_grad()
    craft().surprise(network, deal.real_BTK, None)[0].mean().backward()
    torch.testing.assert_close(found, 2.0 * network.last.weight.grad, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize("policy", ["proximal", "reinforce", "straight"])
def test_the_game_is_played_and_only_the_mover_moves(policy):
    played = game(policy=policy, rollouts=1, stretches=2, demonstrations=constant(0.3))
    optimisers = {
        name: torch.optim.Adam(played.players[name].parameters(), lr=1e-3)
        for name in ("generator", "discriminator")
    }
    before = played.players["generator"].token.weight.detach().clone()
    moments = [Moment(round=n, shown=6 * n) for n in range(3)]
    rounds = [Round(moments=[moment], batches=[BATCH]) for moment in moments]
    costs = [each.costs for each in play(played, rounds, optimisers, Accelerator(cpu=True), clip=1.0)]
    assert all(math.isfinite(cost) for each in costs for cost in each.values())
    assert "generator/policy" in costs[-1] and "discriminator/energy" in costs[-1]
    assert not played.players["generator"].token.weight.equal(before)
    assert played.anchor.network.token.weight.equal(before)


def test_rewards_teach_a_writer_what_a_fixed_reader_likes():
    """A reader that loves every second character: by reward alone the writer comes to write those."""
    played = game(minibatches=1, demonstrations=constant(0.0), anchor=0.0, likelihood=0.0)

    def share_B(row_BTK):
        asked_BT = row_BTK[..., COUNTED] > 0
        return ((row_BTK[..., TOKEN] % 2 == 0) & asked_BT).sum(1) / asked_BT.sum(1)

    def judge(discriminator, row_BTK, dice):
        return discriminator(row_BTK, None)._replace(score_B=4 * share_B(row_BTK))

    object.__setattr__(played.craft, "judge", judge)
    optimiser = torch.optim.Adam(played.players["generator"].parameters(), lr=3e-3)
    shares = []
    for number in range(25):
        deal = played.deal(BATCH, Moment(round=number))
        shares.append(float(share_B(deal.fake_BTK).mean()))
        optimiser.zero_grad()
        sum(played.generator_turn(deal).values()).backward()
        optimiser.step()
    assert sum(shares[-5:]) / 5 > 0.64 > 0.59 > sum(shares[:3]) / 3
