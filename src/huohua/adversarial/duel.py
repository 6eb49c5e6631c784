"""The reference game: one generator against one discriminator, conditional, with every technique.

In a round the works are dealt once. The discriminator moves first and judges the fakes cut off from
the generator; the generator then answers to the moved discriminator with the same fakes, so each
fake is made once and, where the view holds a frozen network, passes through it once. That is the
order of Goodfellow et al. 2014, algorithm 1, with one step each and one set of latents.

Shape letters:  B works,  Z latent,  C condition,  S positions scored in each work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from huohua.adversarial.feature_matching import feature_matching
from huohua.adversarial.game import (
    Batch,
    Judgement,
    Moment,
    Seen,
    Terms,
    Turn,
    View,
    detached,
    plain_view,
    side_by_side,
)
from huohua.adversarial.losses import LOSSES, smoothed
from huohua.adversarial.mode_seeking import mode_seeking
from huohua.adversarial.naming import NameGroup, naming_loss
from huohua.adversarial.penalties import gradient_penalty, path_length, r1, r2
from huohua.adversarial.schedule import Schedule, constant
from huohua.config import Config

LossName = Literal["non_saturating", "saturating", "hinge", "least_squares", "wasserstein", "relativistic"]


class DuelSettings(Config):
    """The rules of a duel. A weight of 0 turns its term off.

    Attributes:
        loss: key of `LOSSES`.
        smoothing: one-sided label smoothing (Salimans et al. 2016), where the loss has a target.
        r1: weight of the R1 penalty, gamma in gamma / 2.
        r2: weight of the R2 penalty, likewise.
        gradient_penalty: weight of the WGAN-GP penalty.
        path_length: weight of the path length penalty; the generator must have `map` and `render`.
        penalty_every: play penalties on every n-th round, n times as heavy (Karras et al. 2020, B).
        feature_matching: weight of feature matching in the generator's turn.
        mode_seeking: weight of mode seeking in the generator's turn.
        mode_seeking_clamp: the ratio of distances that is varied enough; see `mode_seeking`.
        auxiliary: weight of naming conditions, in both turns, where the discriminator names them.
        fade: how far conditions count, 0 to 1 (transitional conditioning, Shahbazi et al. 2022).
    """

    loss: LossName = "non_saturating"
    smoothing: float = Field(default=0.0, ge=0, lt=1)
    r1: Schedule = constant(0.0)
    r2: Schedule = constant(0.0)
    gradient_penalty: float = Field(default=0.0, ge=0)
    path_length: float = Field(default=0.0, ge=0)
    penalty_every: int = Field(default=1, ge=1)
    feature_matching: float = Field(default=0.0, ge=0)
    mode_seeking: float = Field(default=0.0, ge=0)
    mode_seeking_clamp: float = Field(default=0.1, gt=0)
    auxiliary: float = Field(default=1.0, ge=0)
    fade: Schedule = constant(1.0)


@dataclass(kw_only=True)
class Deal:
    """What lies on the table in a round: works, conditions, and both as they are seen."""

    batch: Batch
    moment: Moment
    latent_BZ: Tensor
    real_condition_BC: Tensor
    fake_condition_BC: Tensor
    fake: Tensor
    seen_real: Seen
    seen_fake: Seen
    scores: dict[str, Tensor] = field(default_factory=dict)


class PathLengthMean(nn.Module):
    """The mean length of paths so far: a player without weights, so that checkpoints carry it."""

    mean: Tensor

    def __init__(self, device: torch.device) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros((), device=device))


class Duel:
    """One generator against one discriminator.

    Args:
        generator: `forward(latent_BZ, condition_BC) -> sample`.
        discriminator: `forward(seen, condition_BC) -> Judgement`. If it says `judges_each_alone`, what it
            says of a work does not depend on the other works, so real and fake are judged in one pass.
        latent: Z, numbers in a latent.
        settings: the rules.
        view: how the discriminator sees works; augmentation and frozen networks belong here.
        groups: which places of a condition belong together, for a discriminator that names conditions.

    Source: Goodfellow et al. 2014, "Generative Adversarial Nets", algorithm 1; conditions as in Mirza
    and Osindero 2014, "Conditional Generative Adversarial Nets".
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        *,
        latent: int,
        settings: DuelSettings,
        view: View = plain_view,
        groups: Sequence[NameGroup] = (),
    ) -> None:
        self.players: dict[str, nn.Module] = {"discriminator": discriminator, "generator": generator}
        self.turns: Sequence[Turn[Deal]] = (
            Turn(player="discriminator", objective=self.discriminator_turn),
            Turn(player="generator", objective=self.generator_turn),
        )
        self.latent, self.settings, self.view, self.groups = latent, settings, view, groups
        self.loss = LOSSES[settings.loss]
        if settings.smoothing:
            self.loss = smoothed(self.loss, settings.smoothing)
        if settings.path_length:
            self.players["path_length"] = PathLengthMean(next(generator.parameters()).device)

    @property
    def averaged(self) -> nn.Module:
        """Return the generator."""
        return self.players["generator"]

    def deal(self, batch: Batch, moment: Moment) -> Deal:
        """Make this round's fakes and show real and fake works as the discriminator sees them."""
        sample, condition_BC = batch.sample, batch.condition_BC
        latent_BZ = moment.draw("latent", len(sample), self.latent).to(sample.device)
        real_condition_BC = condition_BC * self.settings.fade.at(moment.shown)
        fake_condition_BC = self._fake_condition(real_condition_BC)
        fake = self.players["generator"](latent_BZ, fake_condition_BC)
        with torch.no_grad():
            seen_real = self.view(sample, moment.strength, moment.own_dice("view of real"))
        return Deal(
            batch=batch,
            moment=moment,
            latent_BZ=latent_BZ,
            real_condition_BC=real_condition_BC,
            fake_condition_BC=fake_condition_BC,
            fake=fake,
            seen_real=seen_real,
            seen_fake=self.view(fake, moment.strength, moment.own_dice("view of fake")),
        )

    def discriminator_turn(self, deal: Deal) -> Terms:
        """Return the discriminator's losses: telling real from fake, and the penalties that are due."""
        real, fake = self._judge_both(deal)
        deal.scores = {"real": real.score_BS.detach().float(), "fake": fake.score_BS.detach().float()}
        terms = {"adversarial": self.loss.discriminator(real.score_BS.float(), fake.score_BS.float())}
        terms |= self._naming(deal, (real, deal.real_condition_BC), (fake, deal.fake_condition_BC))
        if deal.moment.round % self.settings.penalty_every == 0:
            terms |= self._slope_penalties(deal)
        return terms

    def generator_turn(self, deal: Deal) -> Terms:
        """Return the generator's losses: being taken for real, and the techniques that are on."""
        rules = self.settings
        judged = self._judge(deal.seen_fake, deal.fake_condition_BC)
        real = judged  # a placeholder for losses that do not look at the real works
        if self.loss.paired or rules.feature_matching:
            # The discriminator has just moved: its word on the real works is asked for again.
            with torch.no_grad():
                real = self._judge(deal.seen_real, deal.real_condition_BC)
        terms = {"adversarial": self.loss.generator(real.score_BS.float(), judged.score_BS.float())}
        terms |= self._naming(deal, (judged, deal.fake_condition_BC))
        if rules.feature_matching:
            matching = feature_matching(real.features, judged.features)
            terms["feature_matching"] = rules.feature_matching * matching
        if rules.mode_seeking and len(deal.fake) > 1:
            terms["mode_seeking"] = rules.mode_seeking * deal.moment.spread_scale * self._spread(deal)
        if rules.path_length and deal.moment.round % rules.penalty_every == 0:
            terms["path_length"] = self._path_length(deal)
        return terms

    def gauges(self, deal: Deal) -> Mapping[str, float]:
        """Return mean scores, and the mean sign of real scores that tells of overfitting."""
        real_BS, fake_BS = deal.scores["real"], deal.scores["fake"]
        return {
            "score_real": float(real_BS.mean()),
            "score_fake": float(fake_BS.mean()),
            "sign_real": float(self.confidence(deal).sign().mean()),
            "fade": self.settings.fade.at(deal.moment.shown),
        }

    def confidence(self, deal: Deal) -> Tensor:
        """Return real scores as distances (B, S) from what divides real from fake under this loss."""
        real_BS, fake_BS = deal.scores["real"], deal.scores["fake"]
        if self.settings.loss == "least_squares":
            return real_BS - 0.5
        if self.settings.loss in ("relativistic", "wasserstein"):
            return real_BS - fake_BS.mean()
        return real_BS

    def _judge(self, seen: Seen, condition_BC: Tensor) -> Judgement:
        judgement: Judgement = self.players["discriminator"](seen, condition_BC)
        return judgement

    def _judge_both(self, deal: Deal) -> tuple[Judgement, Judgement]:
        """Return the judgements on real and fake works; in one pass, if neither lot can colour the other."""
        seen_fake = detached(deal.seen_fake)
        if not getattr(self.players["discriminator"], "judges_each_alone", False):
            real = self._judge(deal.seen_real, deal.real_condition_BC)
            return real, self._judge(seen_fake, deal.fake_condition_BC)
        condition_BC = torch.cat([deal.real_condition_BC, deal.fake_condition_BC])
        judged = self._judge(side_by_side(deal.seen_real, seen_fake), condition_BC)
        return judged.split(len(deal.real_condition_BC))

    def _fake_condition(self, condition_BC: Tensor) -> Tensor:
        """Return conditions for the fakes: those of the real works, in pairs where pairs are compared."""
        if not self.settings.mode_seeking or len(condition_BC) < 2:
            return condition_BC
        paired = len(condition_BC) // 2 * 2
        return torch.cat([condition_BC[:paired:2].repeat_interleave(2, dim=0), condition_BC[paired:]])

    def _naming(self, deal: Deal, *judged: tuple[Judgement, Tensor]) -> dict[str, Tensor]:
        """Return the loss of naming the conditions of works, as far as those count by now."""
        weight, fade = self.settings.auxiliary, self.settings.fade.at(deal.moment.shown)
        losses = [
            naming_loss(judgement.named_BC.float(), condition_BC / fade, self.groups)
            for judgement, condition_BC in judged
            if judgement.named_BC is not None and fade and weight
        ]
        return {"auxiliary": weight * fade * torch.stack(losses).sum()} if losses else {}

    def _spread(self, deal: Deal) -> Tensor:
        """Compare neighbours: the same pairs meet however a round is shared out."""
        paired = len(deal.fake) // 2 * 2
        fake, latent_BZ = deal.fake[:paired].float(), deal.latent_BZ[:paired]
        clamp = self.settings.mode_seeking_clamp
        return mode_seeking(fake[::2], fake[1::2], latent_BZ[::2], latent_BZ[1::2], clamp=clamp)

    def _slope_penalties(self, deal: Deal) -> dict[str, Tensor]:
        rules, moment = self.settings, deal.moment
        scale = rules.penalty_every * moment.penalty_scale
        terms: dict[str, Tensor] = {}
        if gamma := rules.r1.at(moment.shown):
            real = deal.batch.sample.detach().requires_grad_()
            score_BS = self._score(real, deal.real_condition_BC, deal, "real")
            terms["r1"] = gamma / 2 * scale * r1(real, score_BS)
        if gamma := rules.r2.at(moment.shown):
            fake = deal.fake.detach().requires_grad_()
            score_BS = self._score(fake, deal.fake_condition_BC, deal, "fake")
            terms["r2"] = gamma / 2 * scale * r2(fake, score_BS)
        if weight := rules.gradient_penalty:
            penalty = gradient_penalty(
                lambda between: self._score(between, deal.real_condition_BC, deal, "real"),
                deal.batch.sample,
                deal.fake.detach().to(deal.batch.sample.dtype),
                moment.own_dice("gradient penalty"),
            )
            terms["gradient_penalty"] = weight * scale * penalty
        return terms

    def _score(self, sample: Tensor, condition_BC: Tensor, deal: Deal, name: str) -> Tensor:
        """Return the scores of works through the view, with the same dice as the deal's own."""
        dice = deal.moment.own_dice(f"view of {name}")
        seen = self.view(sample, deal.moment.strength, dice)
        return self._judge(seen, condition_BC).score_BS.float()

    def _path_length(self, deal: Deal) -> Tensor:
        generator = self.players["generator"]
        latent_w = generator.map(deal.latent_BZ, deal.fake_condition_BC)  # type: ignore[operator]
        sample = generator.render(latent_w).float()  # type: ignore[operator]
        noise = torch.randn(sample.shape, generator=deal.moment.own_dice("path length"))
        mean = self.players["path_length"].get_buffer("mean")
        penalty, new_mean = path_length(sample, latent_w, noise.to(sample), mean)
        mean.copy_(new_mean)
        return self.settings.path_length * self.settings.penalty_every * deal.moment.penalty_scale * penalty
