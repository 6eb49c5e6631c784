"""An autoencoder against a discriminator: works come back as it sees them, and new ones must deceive it.

In a round the discriminator moves first and tells real works from reconstructions and from samples of
the prior. The generator answers to it with both. The encoder moves last: it wants reconstructions that
are like the works, and not ones that deceive, so the adversarial term does not reach it. The weights of
what the discriminator says may begin at 0: then the two halves learn alone at first, which is faster.

Shape letters:  B works,  Z latent,  C condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from huohua.adversarial.autoencoding import (
    Autoencoder,
    AutoencodingSettings,
    Posterior,
    kl_per_number,
    latent_gauges,
)
from huohua.adversarial.duel import Deal, Duel, DuelSettings
from huohua.adversarial.game import (
    Batch,
    Judgement,
    Moment,
    Seen,
    Terms,
    Turn,
    View,
    plain_view,
    side_by_side,
)
from huohua.adversarial.naming import NameGroup
from huohua.adversarial.reconstruction import calibrated_error, feature_error

# What a duel may play that has no meaning here, because reconstructions have no partner to differ from.
NOT_PLAYED = ("gradient_penalty", "path_length", "feature_matching", "mode_seeking")


@dataclass(kw_only=True)
class EncodedDeal(Deal):
    """A deal whose fakes are the reconstructions of its works, followed by as many samples of the prior.

    Attributes:
        posterior: where the latents of the works lie.
        encoded_BZ: latents drawn there, tied to the encoder.
        real_features: what the discriminator that has moved sees in the real works, once it was asked.
    """

    posterior: Posterior
    encoded_BZ: Tensor
    real_features: tuple[Tensor, ...] | None = None


class AutoencodingDuel(Duel):
    """Encoder and generator against a discriminator, whose features say what a good reconstruction is.

    Args:
        autoencoder: encoder and generator; see `Autoencoding`.
        discriminator: `forward(seen, condition_BC) -> Judgement`, with features.
        latent: Z, numbers in a latent.
        settings: the rules of the duel; those that compare fakes with one another are not played.
        weights: what counts in the autoencoder.
        view: how the discriminator sees works.
        groups: as in `Duel`.

    Raises:
        ValueError: the rules ask for something that is not played here.

    Source: Larsen et al. 2016, "Autoencoding beyond Pixels Using a Learned Similarity Metric",
    algorithm 1 and section 2.3.
    """

    def __init__(
        self,
        autoencoder: Autoencoder,
        discriminator: nn.Module,
        *,
        latent: int,
        settings: DuelSettings,
        weights: AutoencodingSettings,
        view: View = plain_view,
        groups: Sequence[NameGroup] = (),
    ) -> None:
        asked = [name for name in NOT_PLAYED if getattr(settings, name)]
        if asked:
            raise ValueError(f"An autoencoding duel plays no {' and no '.join(asked)}.")
        super().__init__(
            autoencoder.generator, discriminator, latent=latent, settings=settings, view=view, groups=groups
        )
        if self.loss.paired:
            raise ValueError(f"The {settings.loss} loss pairs works with fakes, of which there are two each.")
        self.players["encoder"] = autoencoder.encoder
        self.turns: Sequence[Turn[EncodedDeal]] = (  # type: ignore[assignment]
            Turn(player="discriminator", objective=self.discriminator_turn),
            Turn(player="generator", objective=self.answer),
            Turn(player="encoder", objective=self.encoder_turn),
        )
        self.autoencoder, self.weights = autoencoder, weights

    @property
    def averaged(self) -> nn.Module:
        """Return encoder and generator, whose slow copies are kept together."""
        return self.autoencoder

    def deal(self, batch: Batch, moment: Moment) -> EncodedDeal:
        """Encode the works, make them again and make new ones; show all as the discriminator sees them."""
        sample = batch.sample
        condition_BC = batch.condition_BC * self.settings.fade.at(moment.shown)
        posterior = self.autoencoder.encode(sample)
        encoded_BZ = posterior.draw(moment.draw("posterior", len(sample), self.latent).to(sample.device))
        latent_BZ, fake_condition_BC = encoded_BZ.detach(), condition_BC
        if self._asked(moment):
            prior_BZ = moment.draw("latent", len(sample), self.latent).to(sample.device)
            latent_BZ = torch.cat([latent_BZ, prior_BZ])
            fake_condition_BC = torch.cat([condition_BC, condition_BC])
        fake = self.autoencoder(latent_BZ, fake_condition_BC)
        seen_real, seen_fake = self._shown(sample, fake, moment) if self._asked(moment) else (sample, fake)
        return EncodedDeal(
            batch=batch,
            moment=moment,
            latent_BZ=latent_BZ,
            real_condition_BC=condition_BC,
            fake_condition_BC=fake_condition_BC,
            fake=fake,
            seen_real=seen_real,
            seen_fake=seen_fake,
            posterior=posterior,
            encoded_BZ=encoded_BZ,
        )

    def discriminator_turn(self, deal: Deal) -> Terms:
        """Return the discriminator's losses; none while it is not asked."""
        return super().discriminator_turn(deal) if self._asked(deal.moment) else {}

    def answer(self, deal: EncodedDeal) -> Terms:
        """Return the generator's losses: being taken for real, and works that come back as they were."""
        count = len(deal.batch.sample)
        if not self._asked(deal.moment):
            return self._reconstruction(deal, deal.fake, ())
        judged = self._judge(deal.seen_fake, deal.fake_condition_BC)
        score_BS = judged.score_BS.float()
        weight = self.weights.adversarial.at(deal.moment.shown)
        terms = {"adversarial": weight * self.loss.generator(score_BS, score_BS)}
        terms |= self._naming(deal, (judged, deal.fake_condition_BC))
        return terms | self._reconstruction(deal, deal.fake[:count], [f[:count] for f in judged.features])

    def encoder_turn(self, deal: EncodedDeal) -> Terms:
        """Return the encoder's losses: the KL term, and works that come back from their latents."""
        made = self.autoencoder(deal.encoded_BZ, deal.real_condition_BC)
        features: Sequence[Tensor] = ()
        if self.weights.features.at(deal.moment.shown):
            features = self._judge(self._look(made, deal.moment, "real"), deal.real_condition_BC).features
        kl = kl_per_number(deal.posterior, deal.batch.sample)
        terms = {"kl": self.weights.kl.at(deal.moment.shown) * kl}
        return terms | self._reconstruction(deal, made, features)

    def gauges(self, deal: Deal) -> Mapping[str, float]:
        """Return what a duel tells, and how much latents say of works."""
        told = super().gauges(deal) if self._asked(deal.moment) else {}
        if not isinstance(deal, EncodedDeal):
            return told
        kl_weight = self.weights.kl.at(deal.moment.shown)
        return {**told, **latent_gauges(deal.posterior), "kl_weight": kl_weight}

    def _reconstruction(
        self, deal: EncodedDeal, made: Tensor, features: Sequence[Tensor]
    ) -> dict[str, Tensor]:
        terms: dict[str, Tensor] = {}
        if weight := self.weights.pixels:
            terms["pixels"] = weight * calibrated_error(deal.batch.sample, made.float())
        if weight := self.weights.features.at(deal.moment.shown):
            terms["features"] = weight * feature_error(self._real_features(deal), features)
        return terms

    def _real_features(self, deal: EncodedDeal) -> tuple[Tensor, ...]:
        """Return what the discriminator sees in the real works; it holds still after its own turn."""
        if deal.real_features is None:
            with torch.no_grad():
                judged: Judgement = self._judge(deal.seen_real, deal.real_condition_BC)
            deal.real_features = judged.features
        return deal.real_features

    def _asked(self, moment: Moment) -> bool:
        """Return whether anything that the discriminator says has a weight by now."""
        return self.weights.features.at(moment.shown) > 0 or self.weights.adversarial.at(moment.shown) > 0

    def _shown(self, sample: Tensor, fake: Tensor, moment: Moment) -> tuple[Seen, Seen]:
        """Return works and fakes as they are seen."""
        made, new = fake.split(len(sample))
        with torch.no_grad():
            seen_real = self._look(sample, moment, "real")
        # A work and its reconstruction are seen alike, or their features would tell the views apart.
        return seen_real, side_by_side(self._look(made, moment, "real"), self._look(new, moment, "fake"))

    def _look(self, sample: Tensor, moment: Moment, name: str) -> Seen:
        return self.view(sample, moment.strength, moment.own_dice(f"view of {name}"))
