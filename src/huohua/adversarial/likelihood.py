"""Likelihood as a game: one player who learns to be less surprised by real works.

It is how a writer begins, before there is anybody to play against, and what every adversarial game of words
is measured by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from huohua.adversarial.game import Batch, Moment, Terms, Turn

Surprise = Callable[[nn.Module, Batch, torch.Generator], Tensor]  # nats_N of all that is asked for in works


@dataclass(kw_only=True)
class Shown:
    """What lies on the table in a round: works, and how surprised the player was."""

    batch: Batch
    moment: Moment
    nats: float = float("nan")
    count: int = 0


class Likelihood:
    """One player that learns how likely works are, or what is hidden in them.

    Args:
        network: the player.
        surprise: how surprised it is by each of the tokens that are asked for, in nats; the generator of
            numbers is for dropout and for what is hidden.
        player: its name.
        averaged: the network of which a run keeps an average, if it is another.

    Source: Bengio et al. 2003, "A Neural Probabilistic Language Model", section 2, the penalised
    log-likelihood without its penalty.
    """

    def __init__(
        self,
        network: nn.Module,
        *,
        surprise: Surprise,
        player: str = "generator",
        averaged: nn.Module | None = None,
    ) -> None:
        self.players: dict[str, nn.Module] = {player: network}
        self.turns: Sequence[Turn[Shown]] = (Turn(player=player, objective=self.likelihood_turn),)
        self.averaged: nn.Module = averaged or network
        self.network, self.surprise = network, surprise

    def deal(self, batch: Batch, moment: Moment) -> Shown:
        """Put the works on the table."""
        return Shown(batch=batch, moment=moment)

    def likelihood_turn(self, deal: Shown) -> Terms:
        """Return the mean surprise, in nats a token."""
        nats_N = self.surprise(self.network, deal.batch, deal.moment.own_dice("surprise"))
        deal.nats, deal.count = float(nats_N.detach().mean()), len(nats_N)
        return {"nats": nats_N.mean()}

    def gauges(self, deal: Shown) -> Mapping[str, float]:
        """Return the surprise in nats a token, and of how many tokens."""
        return {"nats": deal.nats, "tokens": float(deal.count)}
