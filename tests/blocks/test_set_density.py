"""Choices that hang together: their probabilities sum to one, and draws follow them."""

from __future__ import annotations

import itertools

import pytest
import torch

from huohua.blocks.set_density import SetDensity


def density(choices: int = 4, values: int = 3) -> SetDensity:
    with torch.random.fork_rng():
        torch.manual_seed(2)
        made = SetDensity(5, choices=choices, values=values, hidden=6)
        made.chosen_PKH.data.mul_(30)  # so that choices clearly depend on one another
    return made


def test_the_probabilities_of_all_sets_sum_to_one():
    network, known = density(), torch.randn(1, 5, generator=torch.Generator().manual_seed(1))
    every = torch.tensor(list(itertools.product(range(3), repeat=4)))
    logits = network(known.expand(len(every), -1), every, torch.ones_like(every))
    nats = torch.nn.functional.cross_entropy(logits.flatten(0, 1), every.flatten(), reduction="none")
    total = (-nats.view(len(every), 4).sum(1)).exp().sum().item()
    assert total == pytest.approx(1.0, abs=1e-5)


def test_a_choice_knows_those_before_it_and_none_after():
    network, known = density(), torch.randn(1, 5, generator=torch.Generator().manual_seed(1))
    none = torch.zeros(1, 4, dtype=torch.long)
    one = none.clone()
    one[0, 1] = 2
    before, after = network(known, none, none)[0], network(known, one, none)[0]
    torch.testing.assert_close(before[:2], after[:2], atol=1e-5, rtol=0)
    assert ((before[2:] - after[2:]).abs().amax(-1) > 1e-3).all()


def test_the_state_before_bends_the_choice():
    network, known = density(), torch.randn(1, 5, generator=torch.Generator().manual_seed(1))
    none = torch.zeros(1, 4, dtype=torch.long)
    states = torch.tensor([[2, 0, 0, 0]])
    change = network(known, none, states)[0] - network(known, none, none)[0]
    table = network.transition(known)[0].view(3, 3)
    torch.testing.assert_close(change[0], table[2] - table[0], atol=1e-5, rtol=0)
    assert (change[1:] == 0).all()


def slow_draw(network, known, before, noise, temperature):
    """Choose one after another, asking the whole density each time."""
    chosen = torch.zeros_like(before)
    for place in range(network.choices):
        logits = network(known, chosen, before)[:, place]
        chosen[:, place] = (logits / temperature + noise[:, place]).argmax(-1)
    return chosen


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_drawing_in_leaps_gives_what_drawing_one_by_one_gives(temperature):
    network, dice = density(choices=12), torch.Generator().manual_seed(4)
    known, before = torch.randn(50, 5, generator=dice), torch.randint(0, 3, (50, 12), generator=dice)
    noise = -torch.empty(50, 12, 3).exponential_(generator=dice).log()
    noise[:, :, 2] = noise[:, :, 2].masked_fill(before == 0, -torch.inf)
    with torch.no_grad():
        fast = network.draw(known, before, noise, temperature=temperature)
        slow = slow_draw(network, known, before, noise, temperature)
    assert fast.tolist() == slow.tolist()
    assert not ((fast == 2) & (before == 0)).any()
    assert len(fast.unique()) == 3
