"""Filling against a discriminator, which tells what a generator wrote into works from what stood there.

Both sides see the same surroundings, so that only what was written can tell them apart. The generator writes
cell after cell, without slopes; then it goes over what it wrote once more, and every choice gets the slope of
its own logits. It goes on learning how likely real cells are, and a guard turns the game down as soon as that
suffers.

Letters: B works, S positions that are scored, C condition, Z latent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch
from pydantic import Field
from torch import Tensor, nn

from huohua.adversarial.duel import LossName
from huohua.adversarial.feature_matching import feature_matching
from huohua.adversarial.filling import Filling, Hidden, Masker
from huohua.adversarial.game import Batch, Judgement, Moment, Seen, Terms, Turn, detached
from huohua.adversarial.losses import LOSSES
from huohua.adversarial.mode_seeking import mode_seeking
from huohua.adversarial.penalties import r1, r2
from huohua.config import Config


class Hand(Protocol):
    """What the art brings: how a generator writes, and how a discriminator sees."""

    def write(
        self, sample: Tensor, hidden: Tensor, condition_BC: Tensor, latent_BZ: Tensor, dice: torch.Generator
    ) -> Tensor:
        """Return works with their hidden cells written; without slopes."""

    def retrace(
        self, written: Tensor, hidden: Tensor, condition_BC: Tensor, latent_BZ: Tensor, dice: torch.Generator
    ) -> tuple[Seen, Tensor]:
        """Return written works as they are seen, with slopes, and (B, ...) how likely each choice was."""

    def show(self, sample: Tensor) -> Seen:
        """Return works as they are seen."""

    def consistency(self, real: Seen, fake: Seen, hidden: Tensor, condition_BC: Tensor) -> Tensor:
        """Return how far written works are from what was asked of them, a scalar."""


class FillingRules(Config):
    """The rules of a duel over hidden cells. A weight of 0 turns its term off.

    Attributes:
        loss: key of `LOSSES`.
        adversarial: weight of being taken for real.
        likelihood: weight of the surprise at real cells, in nats.
        feature_matching: weight of feature matching.
        consistency: weight of giving what was asked for.
        mode_seeking: weight of mode seeking.
        mode_seeking_clamp: the ratio of distances that is varied enough; see `mode_seeking`.
        r1: weight of the R1 penalty, gamma in gamma / 2.
        r2: weight of the R2 penalty, likewise.
        penalty_every: play penalties on every n-th round, n times as heavy.
        alone: rounds at the beginning in which the discriminator learns alone, and the guard learns how
            surprised the generator is.
        tolerated: growth of the surprise at which the adversarial terms have been turned down to nothing.
    """

    loss: LossName = "relativistic"
    adversarial: float = Field(default=1.0, ge=0)
    likelihood: float = Field(default=1.0, ge=0)
    feature_matching: float = Field(default=0.5, ge=0)
    consistency: float = Field(default=0.5, ge=0)
    mode_seeking: float = Field(default=0.01, ge=0)
    mode_seeking_clamp: float = Field(default=0.05, gt=0)
    r1: float = Field(default=1.0, ge=0)
    r2: float = Field(default=1.0, ge=0)
    penalty_every: int = Field(default=4, ge=1)
    alone: int = Field(default=100, ge=1)
    tolerated: float = Field(default=0.03, gt=0)


@dataclass(kw_only=True)
class Written(Hidden):
    """A deal in which hidden cells were written, and both kinds of works as they are seen."""

    written: Tensor
    seen_real: Seen
    seen_fake: Seen
    likely: Tensor
    scores: dict[str, Tensor] = field(default_factory=dict)


class Guard(nn.Module):
    """A player without weights: how surprised the generator was at first, and how surprised it is now.

    Args:
        alone: rounds that the first surprise is the mean of.
        memory: share of the running mean that a round keeps.
    """

    first: Tensor
    now: Tensor
    rounds: Tensor

    def __init__(self, alone: int, *, memory: float = 0.99) -> None:
        super().__init__()
        self.alone, self.memory = alone, memory
        for name in ("first", "now", "rounds"):
            self.register_buffer(name, torch.zeros(()))

    def note(self, nats: float) -> None:
        """Take note of a round's surprise."""
        self.rounds += 1
        count = int(self.rounds)
        if count <= self.alone:
            self.first += (nats - self.first) / count
            self.now.copy_(self.first)
        else:
            self.now += (1 - self.memory) * (nats - self.now)

    def factor(self, tolerated: float) -> float:
        """Return the factor on adversarial terms: 0 while the discriminator learns alone.

        After that it is 1 as long as the surprise has not grown, and falls to 0 at the tolerated growth.
        """
        if int(self.rounds) < self.alone:
            return 0.0
        growth = float(self.now / self.first) - 1
        return min(1.0, max(0.0, 1 - growth / tolerated))


class FillingDuel(Filling):
    """A generator that fills hidden cells, against a discriminator.

    Args:
        generator: as in `Filling`.
        discriminator: `forward(seen, hidden, condition_BC) -> Judgement`; a score is NaN where a position
            holds nothing that was hidden.
        hand: how the generator writes and the discriminator sees.
        latent: Z.
        masker: hides cells by lot.
        kinds: what the kinds of cells are called.
        rules: the rules.

    Source: Nie et al. 2019, "RelGAN: Relativistic Generative Adversarial Networks for Text Generation",
    section 3, with the pairs sharing their surroundings, and slopes as in `straight_through`; the likelihood
    is kept on as in Muhamed et al. 2021, "Symbolic Music Generation with Transformer-GANs", section 3.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        *,
        hand: Hand,
        latent: int,
        masker: Masker,
        kinds: Sequence[str],
        rules: FillingRules,
    ) -> None:
        super().__init__(generator, latent=latent, masker=masker, kinds=kinds)
        self.guard = Guard(rules.alone)
        self.players |= {"discriminator": discriminator, "guard": self.guard}
        self.turns: Sequence[Turn[Written]] = (  # type: ignore[assignment]
            Turn(player="discriminator", objective=self.discriminator_turn),
            Turn(player="generator", objective=self.generator_turn),
        )
        self.hand, self.rules, self.loss = hand, rules, LOSSES[rules.loss]

    def deal(self, batch: Batch, moment: Moment) -> Written:
        """Hide cells, write them, and show both as the discriminator sees them."""
        dealt = super().deal(batch, moment)
        asked = (dealt.hidden, batch.condition_BC, dealt.latent_BZ)
        with torch.no_grad():
            written = self.hand.write(batch.sample, *asked, moment.own_dice("writing"))
            seen_real = self.hand.show(batch.sample)
        seen_fake, likely = self.hand.retrace(written, *asked, moment.own_dice("retracing"))
        return Written(
            **vars(dealt), written=written, seen_real=seen_real, seen_fake=seen_fake, likely=likely
        )

    def discriminator_turn(self, deal: Written) -> Terms:
        """Return the discriminator's losses: telling written cells from real ones, and penalties due."""
        real, fake = self._judge(deal.seen_real, deal), self._judge(detached(deal.seen_fake), deal)
        real_X, fake_X = _judged(real, fake)
        deal.scores = {"real": real_X.detach(), "fake": fake_X.detach()}
        terms = {"adversarial": self.loss.discriminator(real_X, fake_X)}
        if deal.moment.round % self.rules.penalty_every == 0:
            scale = self.rules.penalty_every * deal.moment.penalty_scale / 2
            if self.rules.r1:
                terms["r1"] = self.rules.r1 * scale * r1(*self._slopes(deal.seen_real, deal))
            if self.rules.r2:
                terms["r2"] = self.rules.r2 * scale * r2(*self._slopes(deal.seen_fake, deal))
        return terms

    def generator_turn(self, deal: Written) -> Terms:
        """Return the generator's losses: surprise at real cells and, as far as the guard lets, the game's."""
        rules = self.rules
        nats = self.surprise(deal)
        terms = {"nats": rules.likelihood * nats}
        share = self.guard.factor(rules.tolerated)
        self.guard.note(float(nats.detach()))
        if not share:
            return terms
        with torch.no_grad():
            real = self._judge(deal.seen_real, deal)
        fake = self._judge(deal.seen_fake, deal)
        terms["adversarial"] = share * rules.adversarial * self.loss.generator(*_judged(real, fake))
        if rules.feature_matching:
            matching = feature_matching(real.features, fake.features)
            terms["feature_matching"] = share * rules.feature_matching * matching
        if rules.consistency:
            distance = self.hand.consistency(
                deal.seen_real, deal.seen_fake, deal.hidden, deal.batch.condition_BC
            )
            terms["consistency"] = share * rules.consistency * distance
        if rules.mode_seeking:
            weight = share * rules.mode_seeking * deal.moment.spread_scale
            terms["mode_seeking"] = weight * self._spread(deal)
        return terms

    def gauges(self, deal: Hidden) -> Mapping[str, float]:
        """Return surprises, mean scores, and how far the guard lets the game go."""
        found = dict(super().gauges(deal))
        if isinstance(deal, Written) and deal.scores:
            real_X, fake_X = deal.scores["real"], deal.scores["fake"]
            found |= {"score_real": float(real_X.mean()), "score_fake": float(fake_X.mean())}
            found["told_apart"] = float((real_X > fake_X).float().mean())
        return {**found, "guard": self.guard.factor(self.rules.tolerated)}

    def _judge(self, seen: Seen, deal: Written) -> Judgement:
        judgement: Judgement = self.players["discriminator"](seen, deal.hidden, deal.batch.condition_BC)
        return judgement

    def _slopes(self, seen: Seen, deal: Written) -> tuple[Sequence[Tensor], Tensor]:
        """Return works as they are seen, cut off from what made them, and their scores."""
        parts = (seen,) if isinstance(seen, Tensor) else seen
        parts = tuple(part.detach().float().requires_grad_() for part in parts)
        score_BS = self._judge(parts if not isinstance(seen, Tensor) else parts[0], deal).score_BS
        return parts, score_BS.float().nan_to_num(0.0)

    def _spread(self, deal: Written) -> Tensor:
        """Compare how likely the same choices are under another latent."""
        other_BZ = deal.moment.draw("other latent", *deal.latent_BZ.shape).to(deal.latent_BZ)
        _, likely = self.hand.retrace(
            deal.written,
            deal.hidden,
            deal.batch.condition_BC,
            other_BZ,
            deal.moment.own_dice("other retracing"),
        )
        return mode_seeking(
            deal.likely.float(),
            likely.float(),
            deal.latent_BZ,
            other_BZ,
            clamp=self.rules.mode_seeking_clamp,
            epsilon=self.rules.mode_seeking_clamp,  # or two equal works would outweigh all else
        )


def _judged(real: Judgement, fake: Judgement) -> tuple[Tensor, Tensor]:
    """Return the scores (X, 1) of the positions that are scored in both."""
    real_BS, fake_BS = real.score_BS.float(), fake.score_BS.float()
    both = ~(real_BS.isnan() | fake_BS.isnan())
    return real_BS[both][:, None], fake_BS[both][:, None]
