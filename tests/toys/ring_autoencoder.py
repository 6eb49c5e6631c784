"""Autoencoders of the toy art: points of the ring to latents and back, in short runs.

Letters: B works, Z latent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from huohua.adversarial.autoencoding import Autoencoder, Autoencoding, AutoencodingSettings, Posterior
from huohua.adversarial.autoencoding_duel import AutoencodingDuel
from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.run import Budget, Run, RunSettings
from huohua.adversarial.schedule import ramp
from toys.ring import CLOUDS, LATENT, Critic, RingInspector, RingWorks, Sketcher, plain_accelerator

# Everything that changes over time does so within the twenty rounds of a run.
MOVING = {
    "adaptation": {"start": 0.5, "kimg_to_full": 1.0, "adjust_every": 3},
    "learning_rate": ramp(0.2, 0.6, start=1.0, end=0.5),
}


class Reader(nn.Module):
    """A point to where its latent lies."""

    def __init__(self, *, width: int = 32) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, width), nn.LeakyReLU(0.2), nn.Linear(width, 2 * LATENT))

    def forward(self, sample: Tensor) -> Posterior:
        return Posterior(*self.layers(sample).chunk(2, dim=1))


def toy_autoencoder(*, condition: int = CLOUDS, seed: int = 0) -> Autoencoder:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Autoencoder(Reader(), Sketcher(condition=condition))


def toy_autoencoding(**weights: Any) -> Autoencoding:
    rules = AutoencodingSettings.model_validate({"kl": ramp(0.1, 0.4), **weights})
    return Autoencoding(toy_autoencoder(), latent=LATENT, settings=rules)


def toy_autoencoding_duel(settings: DuelSettings | None = None, **weights: Any) -> AutoencodingDuel:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        discriminator = Critic(condition=CLOUDS)
    rules = settings or DuelSettings(
        r1=ramp(0.1, 0.5, start=0.1, end=0.3), penalty_every=2, fade=ramp(0.1, 0.4)
    )
    return AutoencodingDuel(
        toy_autoencoder(),
        discriminator,
        latent=LATENT,
        settings=rules,
        weights=AutoencodingSettings.model_validate({"kl": ramp(0.1, 0.4), **weights}),
    )


TOYS = {"vae": toy_autoencoding, "vae_gan": toy_autoencoding_duel}


def movers(game: Any) -> list[str]:
    return list(dict.fromkeys(turn.player for turn in game.turns))


def toy_autoencoder_run(
    folder: Path, game: Any, *, shown: int = 640, works: Any = None, rate: float = 2e-3, **settings: Any
) -> Run:
    """Return a short run of an autoencoding game on the ring, of 20 rounds unless told otherwise."""
    defaults = {"batch": 32, "tick_kimg": 0.32, "save_seconds": 1e6, "average_half_life_kimg": 0.2, **MOVING}
    optimisers = {
        name: torch.optim.Adam(game.players[name].parameters(), lr=rate, betas=(0.0, 0.99), fused=True)
        for name in movers(game)
    }
    return Run(
        folder,
        game=game,
        optimisers=optimisers,
        works=works or RingWorks(labelled=True),
        inspector=RingInspector(lambda network: {"diversity_ratio": 0.6}),
        settings=RunSettings.model_validate(defaults | settings),
        budget=Budget(shown=shown),
        seed=0,
        accelerator=plain_accelerator(),
    )
