"""Autoencoding as a game: an encoder finds the latent of a work, a generator makes the work again.

In a variational autoencoder both halves lower the same sum, so they are one player, who moves with one
backward pass; `autoencoding_duel.py` adds a discriminator, and there each half has goals of its own.

Shape letters:  B works,  Z latent,  C condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
from pydantic import Field
from torch import Tensor, nn

from huohua.adversarial.game import Batch, Moment, Terms, Turn
from huohua.adversarial.reconstruction import calibrated_error, kl_to_normal
from huohua.adversarial.schedule import Schedule, constant, ramp
from huohua.config import Config


class Posterior(NamedTuple):
    """What an encoder says of some works: where their latents lie, and how surely."""

    mean_BZ: Tensor
    log_variance_BZ: Tensor

    def draw(self, normal_BZ: Tensor) -> Tensor:
        """Return latents of these works, from as many standard normal numbers.

        Source: Kingma and Welling 2014, "Auto-Encoding Variational Bayes", section 2.4.
        """
        return self.mean_BZ + (self.log_variance_BZ / 2).exp() * normal_BZ


class AutoencodingSettings(Config):
    """What counts in an autoencoder. The unit is a nat for each number of a work.

    Attributes:
        kl: weight of the KL term over time; it warms up, so that latents are used before they are paid
            for (Bowman et al. 2016, section 3.1), and 1 is the variational bound.
        pixels: weight of the error of reconstructions, number by number.
        features: weight of their error in the discriminator's features; only where there is one.
        adversarial: weight of being taken for real, likewise. While this and `features` are 0 the
            discriminator is not asked, and neither learns nor costs time.
    """

    kl: Schedule = ramp(1, 4)
    pixels: float = Field(default=1.0, ge=0)
    features: Schedule = constant(1.0)
    adversarial: Schedule = constant(1.0)


class Autoencoder(nn.Module):
    """An encoder and a generator side by side; called as the generator, so that it draws like one.

    Args:
        encoder: `forward(sample) -> Posterior`.
        generator: `forward(latent_BZ, condition_BC) -> sample`.
    """

    def __init__(self, encoder: nn.Module, generator: nn.Module) -> None:
        super().__init__()
        self.encoder, self.generator = encoder, generator

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return the works of latents."""
        return cast(Tensor, self.generator(latent_BZ, condition_BC))

    def encode(self, sample: Tensor) -> Posterior:
        """Return where the latents of works lie, in 32 bits."""
        posterior: Posterior = self.encoder(sample)
        return Posterior(posterior.mean_BZ.float(), posterior.log_variance_BZ.float())


@dataclass(kw_only=True)
class Encoded:
    """What lies on the table in a round: works, their latents, and what is made of those."""

    batch: Batch
    moment: Moment
    posterior: Posterior
    made: Tensor


class Autoencoding:
    """A variational autoencoder: one player of two halves.

    Args:
        autoencoder: encoder and generator. The encoder sees works alone, so that a work without labels
            can be encoded; the generator is told the condition, and the latent need not hold it.
        latent: Z, numbers in a latent.
        settings: what counts.

    Source: Kingma and Welling 2014, "Auto-Encoding Variational Bayes", equation 10; conditions as in
    Sohn et al. 2015, "Learning Structured Output Representation using Deep Conditional Generative
    Models", equation 4, with an encoder that is not told them.
    """

    def __init__(self, autoencoder: Autoencoder, *, latent: int, settings: AutoencodingSettings) -> None:
        self.players: dict[str, nn.Module] = {"autoencoder": autoencoder}
        self.turns: Sequence[Turn[Encoded]] = (Turn(player="autoencoder", objective=self.autoencoder_turn),)
        self.averaged: nn.Module = autoencoder
        self.autoencoder, self.latent, self.settings = autoencoder, latent, settings

    def deal(self, batch: Batch, moment: Moment) -> Encoded:
        """Encode the works and make them again."""
        posterior = self.autoencoder.encode(batch.sample)
        normal_BZ = moment.draw("posterior", len(batch.sample), self.latent)
        latent_BZ = posterior.draw(normal_BZ.to(batch.sample.device))
        made = self.autoencoder(latent_BZ, batch.condition_BC)
        return Encoded(batch=batch, moment=moment, posterior=posterior, made=made)

    def autoencoder_turn(self, deal: Encoded) -> Terms:
        """Return the variational bound, with the weights of its two terms."""
        kl = kl_per_number(deal.posterior, deal.batch.sample)
        error = calibrated_error(deal.batch.sample, deal.made.float())
        return {
            "pixels": self.settings.pixels * error,
            "kl": self.settings.kl.at(deal.moment.shown) * kl,
        }

    def gauges(self, deal: Encoded) -> Mapping[str, float]:
        """Return how much latents say of works, in nats for each work, and what that weighs."""
        return latent_gauges(deal.posterior) | {"kl_weight": self.settings.kl.at(deal.moment.shown)}


def kl_per_number(posterior: Posterior, sample: Tensor) -> Tensor:
    """Return the KL term in the unit of the errors, a nat for each number of a work.

    Source: Kingma and Welling 2014, "Auto-Encoding Variational Bayes", equation 10, divided by the
    numbers of a work.
    """
    return kl_to_normal(posterior.mean_BZ, posterior.log_variance_BZ) / sample[0].numel()


@torch.no_grad()
def latent_gauges(posterior: Posterior) -> dict[str, float]:
    """Return the nats that the latents of works hold; near 0 the generator no longer listens to them."""
    return {"latent_nats": float(kl_to_normal(posterior.mean_BZ, posterior.log_variance_BZ))}
