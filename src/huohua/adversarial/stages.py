"""Stages: games that are played one after another in one run, by the same players.

A writer first learns to be likely and only then plays against a reader that has learnt to read. Each stage
is a game of its own; whoever has no turn in the present stage passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from torch import nn

from huohua.adversarial.game import Batch, Game, Moment, Terms, Turn

WORKS_PER_KIMG = 1000


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One game, played from the thousand works `begin_kimg` on."""

    name: str
    begin_kimg: float
    game: Game[Any]


@dataclass(frozen=True, kw_only=True)
class Staged:
    """The deal of the stage that is on."""

    stage: int
    deal: Any


class Stages:
    """Several games as one.

    Args:
        stages: in order; the first begins at 0. A player's name means the same network in all of them.

    Raises:
        ValueError: there are none, they are out of order, or two networks bear one name.
    """

    def __init__(self, stages: Sequence[Stage]) -> None:
        if not stages or stages[0].begin_kimg != 0:
            raise ValueError("The first stage begins at 0.")
        if any(one.begin_kimg > other.begin_kimg for one, other in pairwise(stages)):
            raise ValueError("Stages follow one another.")
        self.stages = tuple(stages)
        self.players: dict[str, nn.Module] = {}
        for stage in stages:
            for name, network in stage.game.players.items():
                if self.players.setdefault(name, network) is not network:
                    raise ValueError(f"Two networks are called '{name}'.")
        self.turns: Sequence[Turn[Staged]] = tuple(
            Turn(player=turn.player, objective=partial(_objective, number, turn.objective), every=turn.every)
            for number, stage in enumerate(stages)
            for turn in stage.game.turns
        )
        self.averaged: nn.Module = stages[0].game.averaged

    def at(self, shown: int) -> int:
        """Return the number of the stage that is on once so many works have been shown."""
        begun = [n for n, one in enumerate(self.stages) if shown >= one.begin_kimg * WORKS_PER_KIMG]
        return begun[-1]

    def deal(self, batch: Batch, moment: Moment) -> Staged:
        """Begin a round of the stage that is on."""
        number = self.at(moment.shown)
        return Staged(stage=number, deal=self.stages[number].game.deal(batch, moment))

    def gauges(self, deal: Staged) -> Mapping[str, float]:
        """Return what the stage that is on says, and its number."""
        return {**self.stages[deal.stage].game.gauges(deal.deal), "stage": float(deal.stage)}


def _objective(number: int, objective: Callable[[Any], Terms], deal: Staged) -> Terms:
    return objective(deal.deal) if deal.stage == number else {}
