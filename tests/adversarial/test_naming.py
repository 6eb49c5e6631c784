"""Naming conditions: hand-computed values, a slow twin, and what counts as a group of one name."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from huohua.adversarial.duel import Duel, DuelSettings
from huohua.adversarial.game import Judgement, Moment, Seen
from huohua.adversarial.loop import Round, play
from huohua.adversarial.naming import NameGroup, name_groups, naming_loss
from huohua.adversarial.sampling import order
from huohua.adversarial.schedule import constant
from huohua.randomness import torch_generator
from toys.ring import CLOUDS, LATENT, RingWorks, Sketcher, centres, plain_accelerator, toy_optimisers

ONE = NameGroup(first=0, last=3, exclusive=True)
ANY = NameGroup(first=3, last=5, exclusive=False)


def slowly(named: np.ndarray, wanted: np.ndarray, groups) -> float:
    """The loss with loops and logarithms of probabilities."""
    parts = []
    for group in groups:
        total = 0.0
        for row, targets in zip(named, wanted, strict=True):
            for place in range(group.first, group.last):
                if group.exclusive:
                    whole = sum(math.exp(row[other]) for other in range(group.first, group.last))
                    total -= targets[place] * math.log(math.exp(row[place]) / whole)
                else:
                    sure = 1 / (1 + math.exp(-row[place]))
                    one = targets[place] * math.log(sure) + (1 - targets[place]) * math.log(1 - sure)
                    total -= one / (group.last - group.first)
        parts.append(total / len(named))
    return sum(parts) / len(parts)


def test_one_name_of_three_and_two_tags_worked_out_by_hand():
    named_BC = torch.tensor([[math.log(2), 0.0, 0.0, 0.0, math.log(3)]])
    condition_BC = torch.tensor([[1.0, 0.0, 0.0, 1.0, 0.0]])
    one, tags = math.log(2), (math.log(2) + math.log(4)) / 2
    assert naming_loss(named_BC, condition_BC, [ONE]).item() == pytest.approx(one)
    assert naming_loss(named_BC, condition_BC, [ANY]).item() == pytest.approx(tags)
    assert naming_loss(named_BC, condition_BC, [ONE, ANY]).item() == pytest.approx((one + tags) / 2)


def test_amounts_below_nothing_and_above_one_are_guessed_and_not_cut_off():
    looks = NameGroup(first=0, last=2, exclusive=False, measured=True)
    named_BC, condition_BC = torch.tensor([[0.5, 1.0], [-1.0, 2.0]]), torch.tensor([[-1.0, 1.0], [-1.0, 1.5]])
    # Squared errors 2.25, 0, 0 and 0.25, their mean 0.625, and half of that.
    assert naming_loss(named_BC, condition_BC, [looks]).item() == pytest.approx(0.3125)
    exact = condition_BC.clone().requires_grad_()
    naming_loss(exact, condition_BC, [looks]).backward()
    assert exact.grad.abs().max() == 0  # who guesses a dark work dark has nothing to learn


def test_a_group_with_numbers_that_no_share_can_be_is_measured():
    rows = np.array([[1, 0, 0.5, -1, -0.4, 1.4], [0, 1, 1, 1, 0.8, 0.2]], dtype=np.float32)
    groups = name_groups([2, 2, 2], rows)
    assert [group.measured for group in groups] == [False, True, True]
    assert [group.exclusive for group in groups] == [True, False, False]


def test_it_agrees_with_its_slow_twin():
    named_BC = torch.randn(6, 5, generator=torch_generator(0), dtype=torch.float64)
    condition_BC = torch.tensor(
        [[1, 0, 0, 1, 1], [0, 1, 0, 0, 0], [0, 0, 0, 0, 1], [0.6, 0.4, 0, 0.5, 0], [0, 0, 1, 1, 0], [0] * 5],
        dtype=torch.float64,
    )
    expected = slowly(named_BC.numpy(), condition_BC.numpy(), [ONE, ANY])
    assert naming_loss(named_BC, condition_BC, [ONE, ANY]).item() == pytest.approx(expected)


def test_a_work_without_a_label_is_not_asked_for_it_but_one_without_tags_has_none():
    named_BC = torch.randn(1, 5, generator=torch_generator(0)).requires_grad_()
    naming_loss(named_BC, torch.zeros(1, 5), [ONE, ANY]).backward()
    assert named_BC.grad is not None
    assert not named_BC.grad[0, :3].any()
    assert (named_BC.grad[0, 3:] > 0).all()  # descent makes it less sure of tags


def test_the_best_answer_is_the_condition_itself():
    condition_BC = torch.tensor([[0.6, 0.4, 0.0, 1.0, 0.0]])
    sure = torch.tensor([[math.log(0.6), math.log(0.4), -40.0, 40.0, -40.0]])
    entropy = -(0.6 * math.log(0.6) + 0.4 * math.log(0.4))
    assert naming_loss(sure, condition_BC, [ONE, ANY]).item() == pytest.approx(entropy / 2, abs=1e-6)
    named_BC = sure.clone().requires_grad_()
    (slope,) = torch.autograd.grad(naming_loss(named_BC, condition_BC, [ONE, ANY]), named_BC)
    assert slope.abs().max() < 1e-6


def test_accumulated_parts_count_as_one_whole():
    named_BC = torch.randn(4, 5, generator=torch_generator(0))
    condition_BC = torch.tensor([[1.0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [0, 0, 0, 1, 1], [0, 1, 0, 0, 0]])
    parts = [naming_loss(named_BC[i : i + 2], condition_BC[i : i + 2], [ONE, ANY]).item() for i in (0, 2)]
    assert naming_loss(named_BC, condition_BC, [ONE, ANY]).item() == pytest.approx(np.mean(parts))


@pytest.mark.parametrize(
    ("rows", "exclusive"),
    [
        ([[1, 0], [0, 1]], True),
        ([[1, 0], [0, 0]], True),  # a work without a label
        ([[0.25, 0.75], [1, 0]], True),  # shares that add up to one
        ([[1, 1], [0, 1]], False),
        ([[0.5, 0], [0, 1]], False),
        ([[2, -1], [0, 1]], False),
        ([[0, 0], [0, 0]], True),
    ],
)
def test_a_group_is_exclusive_if_the_numbers_of_every_work_add_up_to_one(rows, exclusive):
    (group,) = name_groups([2], np.array(rows, dtype=np.float32))
    assert (group.first, group.last, group.exclusive) == (0, 2, exclusive)


def test_groups_follow_one_another_and_empty_ones_are_left_out():
    groups = name_groups([2, 0, 3], np.eye(5, dtype=np.float32))
    assert [(group.first, group.last) for group in groups] == [(0, 2), (2, 5)]


def test_nothing_to_name_is_refused():
    with pytest.raises(ValueError, match="no conditions"):
        naming_loss(torch.zeros(1, 0), torch.zeros(1, 0), [])


class NamingCritic(nn.Module):
    """A point to a score that does not know the condition, and to the cloud it seems to be of."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2))
        self.score, self.name = nn.Linear(64, 1), nn.Linear(64, CLOUDS)

    def forward(self, seen: Seen, condition_BC: Tensor) -> Judgement:
        feature_BW = self.body(seen)
        return Judgement(self.score(feature_BW), (feature_BW,), self.name(feature_BW))


def obeyed(weight: float) -> float:
    """Return the share of points that lie nearest to the cloud that was asked for, after a short training."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        generator, critic = Sketcher(width=64, condition=CLOUDS), NamingCritic()
    groups = (NameGroup(first=0, last=CLOUDS, exclusive=True),)
    rules = DuelSettings(r1=constant(0.2), auxiliary=weight)
    game = Duel(generator, critic, latent=LATENT, settings=rules, groups=groups)
    works, optimisers = RingWorks(labelled=True), toy_optimisers(game, 4e-3)
    moments = [Moment(round=number) for number in range(300)]
    rounds = (
        Round(moments=[when], batches=[works.take(order(0, when.round * 64, 64, len(works)), when)])
        for when in moments
    )
    assert all(played.finite for played in play(game, rounds, optimisers, plain_accelerator()))
    cloud_B = torch.arange(512) % CLOUDS
    latent_BZ = torch.randn(512, LATENT, generator=torch_generator(1))
    with torch.no_grad():
        points = generator(latent_BZ, nn.functional.one_hot(cloud_B, CLOUDS).float())
    return float((torch.cdist(points, centres()).argmin(1) == cloud_B).float().mean())


def test_a_generator_learns_to_make_what_can_be_named_as_asked_for():
    assert obeyed(1.0) > 0.8
    assert obeyed(0.0) < 0.4  # a score that does not know the condition gives no reason to obey it
