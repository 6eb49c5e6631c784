"""Filling: a generator says how likely hidden cells are, and learns to."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from huohua.adversarial.filling import Filling
from huohua.adversarial.game import Batch, Moment
from huohua.adversarial.loop import Round, play
from toys.ring import plain_accelerator


class Coins(nn.Module):
    """Says of each hidden cell, in two kinds of columns, how likely a head is."""

    def __init__(self) -> None:
        super().__init__()
        self.logit_R = nn.Parameter(torch.zeros(2))

    def forward(self, sample, hidden, condition_BC, latent_BZ, dice):
        nats = nn.functional.binary_cross_entropy_with_logits(
            self.logit_R.expand_as(sample), sample, reduction="none"
        )
        return (nats * hidden).sum(1), hidden.float().sum(1)


def coins(works: int) -> Batch:
    """Two kinds of coins: one falls on its head in 3 of 4 throws, the other always."""
    sample = torch.tensor([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [0.0, 1.0]]).expand(works, 4, 2)
    return Batch(sample=sample, condition_BC=torch.zeros(works, 1))


def all_hidden(sample: torch.Tensor, dice: torch.Generator) -> torch.Tensor:
    return torch.ones(sample.shape, dtype=torch.bool)


def game(masker=all_hidden) -> Filling:
    return Filling(Coins(), latent=1, masker=masker, kinds=("fair", "sure"))


def test_the_cost_is_the_mean_surprise_of_a_hidden_cell():
    filling = game()
    filling.averaged.logit_R.data = torch.tensor([0.0, torch.tensor(3.0).log()])  # heads 1/2 and 3/4
    deal = filling.deal(coins(2), Moment())
    surprise = (torch.tensor(2.0).log() + torch.tensor(4 / 3).log()) / 2
    assert filling.likelihood_turn(deal)["nats"].item() == pytest.approx(surprise.item(), abs=1e-6)
    assert filling.gauges(deal) == pytest.approx({"nats_fair": 0.693147, "nats_sure": 0.287682}, abs=1e-5)


def test_cells_that_are_not_hidden_do_not_count():
    def first_kind(sample, dice):
        return torch.tensor([True, False]).expand(sample.shape)

    filling = game(first_kind)
    deal = filling.deal(coins(2), Moment())
    filling.likelihood_turn(deal)["nats"].backward()
    assert filling.averaged.logit_R.grad.tolist() == pytest.approx([-0.25, 0.0])
    assert set(filling.gauges(deal)) == {"nats_fair"}


def test_masks_follow_from_the_moment_alone():
    def scattered(sample, dice):
        return torch.rand(sample.shape, generator=dice) < 0.5

    filling = game(scattered)
    one, same, other = (filling.deal(coins(8), Moment(round=number)).hidden for number in (3, 3, 4))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_playing_learns_how_likely_things_are():
    filling = game()
    optimiser = torch.optim.Adam(filling.averaged.parameters(), lr=0.2)
    rounds = [Round(moments=[Moment(round=number)], batches=[coins(2)]) for number in range(60)]
    played = list(play(filling, rounds, {"generator": optimiser}, plain_accelerator()))
    share = filling.averaged.logit_R.sigmoid().tolist()
    assert share[0] == pytest.approx(0.75, abs=0.02)
    assert 0.95 < share[1] < 1
    assert played[-1].costs["generator/nats"] < played[0].costs["generator/nats"]
