"""Filling as a game: a generator is shown works with some cells hidden, and says how likely the hidden are.

The generator alone is a player here, and lowers the mean of its surprise in nats. `filling_duel.py` adds a
discriminator that tells real cells from those the generator writes; this game is how both begin.

Letters: B works, R kinds of cells, C condition, Z latent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from huohua.adversarial.game import Batch, Moment, Terms, Turn

Masker = Callable[[Tensor, torch.Generator], Tensor]  # (works, dice) -> which of their cells are hidden


@dataclass(kw_only=True)
class Hidden:
    """What lies on the table in a round: works, and which of their cells are hidden."""

    batch: Batch
    moment: Moment
    hidden: Tensor
    latent_BZ: Tensor
    nats_R: Tensor | None = None
    count_R: Tensor | None = None


class Filling:
    """One generator that learns how likely hidden cells are.

    Args:
        generator: `forward(sample, hidden, condition_BC, latent_BZ, dice) -> (nats_BR, count_BR)`: for each
            kind of cells how surprised it is by the hidden ones, and how many of them there are.
        latent: Z, numbers in a latent.
        masker: hides cells by lot.
        kinds: what the R kinds of cells are called, for gauges.

    Source: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language
    Understanding", section 3.1; with exact likelihoods of all orders of masks as in Uria et al. 2014, "A Deep
    and Tractable Density Estimator", equation 7.
    """

    def __init__(self, generator: nn.Module, *, latent: int, masker: Masker, kinds: Sequence[str]) -> None:
        self.players: dict[str, nn.Module] = {"generator": generator}
        self.turns: Sequence[Turn[Hidden]] = (Turn(player="generator", objective=self.likelihood_turn),)
        self.averaged: nn.Module = generator
        self.latent, self.masker, self.kinds = latent, masker, tuple(kinds)

    def deal(self, batch: Batch, moment: Moment) -> Hidden:
        """Hide cells of the works."""
        latent_BZ = moment.draw("latent", len(batch.sample), self.latent).to(batch.sample.device)
        hidden = self.masker(batch.sample, moment.own_dice("masks"))
        return Hidden(batch=batch, moment=moment, hidden=hidden, latent_BZ=latent_BZ)

    def likelihood_turn(self, deal: Hidden) -> Terms:
        """Return the mean surprise of a hidden cell, in nats."""
        return {"nats": self.surprise(deal)}

    def surprise(self, deal: Hidden) -> Tensor:
        """Return the mean surprise of a hidden cell, and note it for gauges."""
        nats_BR, count_BR = self.averaged(
            deal.batch.sample,
            deal.hidden,
            deal.batch.condition_BC,
            deal.latent_BZ,
            deal.moment.own_dice("dropout"),
        )
        deal.nats_R, deal.count_R = nats_BR.detach().sum(0), count_BR.detach().sum(0)
        mean: Tensor = nats_BR.sum() / count_BR.sum().clamp_min(1)
        return mean

    def gauges(self, deal: Hidden) -> Mapping[str, float]:
        """Return the mean surprise of each kind of cells that some were hidden of."""
        if deal.nats_R is None or deal.count_R is None:
            return {}
        means = zip(self.kinds, deal.nats_R.tolist(), deal.count_R.tolist(), strict=True)
        return {f"nats_{kind}": nats / count for kind, nats, count in means if count}
