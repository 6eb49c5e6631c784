"""The presets of music: every setting of a training run under one name, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from huohua.adversarial.augmentation import Adaptation
from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.filling_duel import FillingRules
from huohua.adversarial.health import HealthSettings
from huohua.adversarial.optimiser import OptimiserSettings
from huohua.adversarial.run import RunSettings
from huohua.adversarial.schedule import Schedule
from huohua.arts.preset import Preset


class MusicPreset(Preset):
    """A complete way to train on music.

    Attributes:
        generator: name in the table of generators, with `generator_settings`.
        discriminator: name in the table of discriminators, with `discriminator_settings`; none for a
            model that only learns how likely music is.
        duel: the rules of the game against the discriminator.
        duel_kimg: when that game begins, in thousands of works; until then only likelihood is learnt.
        transpose: semitones that works are moved up or down at most, in training.
        roll_duel: the rules of the game of a generator of rolls.
        judged: rounds of its discriminator for each of its own.
        latent: numbers in a latent.
        themed: how often a window is shown the theme of its piece.
        asked: how often a group of conditions is told, and how often anything is told at all.
    """

    generator: str = "composer"
    generator_settings: dict[str, Any] = {}
    discriminator: str = ""
    discriminator_settings: dict[str, Any] = {}
    duel: FillingRules = FillingRules()
    duel_kimg: float = Field(default=0.0, ge=0)
    roll_duel: DuelSettings = DuelSettings()
    judged: int = Field(default=1, ge=1)
    latent: int = Field(default=32, ge=1)
    themed: float = Field(default=0.7, ge=0, le=1)
    asked: float = Field(default=0.8, ge=0, le=1)
    transpose: int = Field(default=0, ge=0, le=6)
    generator_optimiser: OptimiserSettings = OptimiserSettings()
    discriminator_optimiser: OptimiserSettings = OptimiserSettings()


# Steps shrink along half a cosine to a tenth, which is small enough for the game that follows.
LIKELIHOOD_STEPS = Schedule(kind="cosine", start=1.0, end=0.1, begin_kimg=4, finish_kimg=185)
LIKELIHOOD_OPTIMISER = OptimiserSettings(kind="adamw", rate=1.5e-3, beta1=0.9, beta2=0.98, weight_decay=0.05)

COMPOSER = MusicPreset(
    about="The default: a composer learns how likely music is, and then plays against a critic.",
    discriminator="critic",
    duel_kimg=185,
    kimg=200,
    run=RunSettings(
        batch=16,
        learning_rate=LIKELIHOOD_STEPS,
        clip=1.0,
        average_half_life_kimg=2.0,
        tick_kimg=10.0,
        save_seconds=300,
        adaptation=Adaptation(maximum=0.0),
    ),
    generator_optimiser=LIKELIHOOD_OPTIMISER,
    discriminator_optimiser=OptimiserSettings(rate=3e-3, beta1=0.0, beta2=0.99),
)

LIKELIHOOD = COMPOSER.model_copy(
    update={
        "about": "The first half of the default alone, to compare it with: likelihood and no critic.",
        "discriminator": "",
        "duel_kimg": 0.0,
        "kimg": 185.0,
    }
)

# A few hundred pieces of one kind, such as chorales: smaller, and much against learning them by heart.
# Without it 229 chorales were known after 8,000 windows (0.37 nats) and others not (0.43, rising again).
CHORALE = COMPOSER.model_copy(
    update={
        "about": "For a few hundred pieces of one kind: smaller, and held back from learning them by heart.",
        "discriminator": "",
        "duel_kimg": 0.0,
        "kimg": 40.0,
        "transpose": 5,
        "generator_settings": {
            "width": 192,
            "heads": 6,
            "encoder": 2,
            "decoder": 4,
            "dropout": 0.3,
            "forget": 0.15,
        },
        "run": COMPOSER.run.model_copy(
            update={
                "learning_rate": Schedule(kind="cosine", start=1.0, end=0.02, begin_kimg=2, finish_kimg=40),
                "tick_kimg": 4.0,
            }
        ),
    }
)

TINY = CHORALE.model_copy(
    update={
        "about": "For a first try in a few minutes: small, and it only learns how likely music is.",
        "kimg": 12.0,
        "generator_settings": {"width": 96, "heads": 4, "encoder": 1, "decoder": 2, "dropout": 0.1},
        "run": COMPOSER.run.model_copy(
            update={
                "learning_rate": Schedule(kind="cosine", start=1.0, end=0.05, begin_kimg=1, finish_kimg=12),
                "tick_kimg": 2.0,
            }
        ),
    }
)

# MuseGAN by the paper: WGAN-GP, five rounds of the discriminator for each of the generator, Adam as there.
MUSEGAN_HYBRID = MusicPreset(
    about="MuseGAN's hybrid model, to be compared with: four bars of rolls out of noise, nothing to ask for.",
    generator="musegan",
    generator_settings={"kind": "hybrid"},
    discriminator="musegan",
    latent=448,
    kimg=320,
    roll_duel=DuelSettings(loss="wasserstein", gradient_penalty=10.0),
    judged=5,
    run=RunSettings(
        batch=32,
        average_half_life_kimg=10.0,
        tick_kimg=20.0,
        save_seconds=300,
        adaptation=Adaptation(maximum=0.0),
        health=HealthSettings(runaway=10_000.0),  # scores of a Wasserstein critic have no scale
    ),
    generator_optimiser=OptimiserSettings(rate=1e-3, beta1=0.5, beta2=0.9),
    discriminator_optimiser=OptimiserSettings(rate=1e-3, beta1=0.5, beta2=0.9),
)
MUSEGAN_JAMMING = MUSEGAN_HYBRID.model_copy(
    update={
        "about": "MuseGAN's jamming model, likewise: every track has a generator and noise of its own.",
        "generator_settings": {"kind": "jamming"},
        "latent": 384,
    }
)
MUSEGAN_COMPOSER = MUSEGAN_HYBRID.model_copy(
    update={
        "about": "MuseGAN's composer model, likewise: one generator makes all tracks from shared noise.",
        "generator_settings": {"kind": "composer"},
        "latent": 64,
    }
)

PRESETS: Mapping[str, MusicPreset] = {
    "composer": COMPOSER,
    "likelihood": LIKELIHOOD,
    "chorale": CHORALE,
    "tiny": TINY,
    "musegan_jamming": MUSEGAN_JAMMING,
    "musegan_composer": MUSEGAN_COMPOSER,
    "musegan_hybrid": MUSEGAN_HYBRID,
}
