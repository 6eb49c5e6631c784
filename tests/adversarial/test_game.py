"""Games: who moves, and how the dice fall."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from huohua.adversarial.game import Moment, detached, only_moving, plain_view


def flags(network: nn.Module) -> list[bool]:
    return [weight.requires_grad for weight in network.parameters()]


def two_players() -> dict[str, nn.Module]:
    return {"painter": nn.Linear(2, 2), "judge": nn.Linear(2, 1)}


def test_only_the_mover_gets_gradients():
    players = two_players()
    with only_moving(players, "judge"):
        players["judge"](players["painter"](torch.ones(1, 2))).sum().backward()
    assert all(weight.grad is None for weight in players["painter"].parameters())
    assert all(weight.grad is not None for weight in players["judge"].parameters())


def test_flags_are_restored_after_a_turn_and_after_an_error():
    players = two_players()
    players["painter"].weight.requires_grad_(False)
    with only_moving(players, "painter"):
        assert flags(players["painter"]) == [False, True]  # what was frozen stays frozen
        assert flags(players["judge"]) == [False, False]
    with pytest.raises(RuntimeError, match="stop"), only_moving(players, "judge"):
        raise RuntimeError("stop")
    assert flags(players["painter"]) == [False, True]
    assert flags(players["judge"]) == [True, True]


def test_a_weight_that_two_players_share_moves_with_either():
    players = two_players()
    players["judge"].weight = nn.Parameter(torch.ones(1, 2))
    players["painter"].shared = players["judge"].weight
    for mover in ("painter", "judge"):
        with only_moving(players, mover):
            assert players["judge"].weight.requires_grad


def test_a_move_of_nobody_is_refused():
    with pytest.raises(KeyError):
        only_moving(two_players(), "nobody")


def test_the_dice_depend_on_seed_round_part_share_and_name():
    def number(name: str = "view", **changes: int) -> float:
        return torch.rand((), generator=Moment(**changes).own_dice(name)).item()

    changes = [{"seed": 1}, {"round": 1}, {"part": 1}, {"share": 1}]
    numbers = [number(), number("mirror"), *(number(**change) for change in changes)]
    assert len(set(numbers)) == len(numbers)
    assert number() == number(shown=500, strength=0.5)  # what the moment does not decide


@pytest.mark.parametrize(("parts", "shares"), [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_however_a_round_is_shared_out_the_same_latents_are_drawn(parts, shares):
    whole = Moment(round=3, seed=7).draw("latent", 8, 5)
    count = 8 // parts // shares
    rows = [
        Moment(round=3, seed=7, part=part, parts=parts, share=share, shares=shares).draw("latent", count, 5)
        for part in range(parts)
        for share in range(shares)
    ]
    assert torch.equal(torch.cat(rows), whole)
    assert not torch.equal(whole, Moment(round=4, seed=7).draw("latent", 8, 5))


def test_one_part_of_a_view_or_several_can_be_cut_off():
    seen = torch.ones(2, requires_grad=True) * 2
    assert not detached(seen).requires_grad
    assert [part.requires_grad for part in detached((seen, seen + 1))] == [False, False]


def test_the_plain_view_shows_works_as_they_are():
    sample = torch.ones(2, 3)
    assert plain_view(sample, 0.5, torch.Generator()) is sample
