"""The presets: every setting of a training run under one name, in one table.

A preset is a whole and readable configuration. What the command line offers (size, batch, seed,
budget) is laid over it; the result is saved with the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from huohua.adversarial.augmentation import Adaptation
from huohua.adversarial.autoencoding import AutoencodingSettings
from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.health import HealthSettings
from huohua.adversarial.optimiser import OptimiserSettings
from huohua.adversarial.run import RunSettings
from huohua.adversarial.schedule import Schedule, constant, ramp
from huohua.arts.preset import Preset


class ImagePreset(Preset):
    """A complete way to train on pictures.

    Attributes:
        generator: name in `GENERATORS`, with `generator_settings`.
        discriminator: name in `DISCRIMINATORS`, with `discriminator_settings`; none for a plain autoencoder.
        encoder: name in `ENCODERS`, with `encoder_settings`; none unless it is an autoencoder.
        latent: numbers in a latent.
        size: side of a work in pixels, unless asked otherwise.
        channels: 1 grey, 3 colour.
        mirror: show half of the works mirrored, at random.
        attributes: colours by place and looks, computed from the works, are conditions too.
        relative_clamp: the clamp of mode seeking, as a share of how far real works of one label differ.
        grow: share of all sizes that are reached over time, for networks that can grow.
        autoencoding: what counts in an autoencoder.
    """

    generator: str
    generator_settings: dict[str, Any] = {}
    discriminator: str
    discriminator_settings: dict[str, Any] = {}
    encoder: str = ""
    encoder_settings: dict[str, Any] = {}
    latent: int = Field(default=128, ge=1)
    size: int = Field(default=64, ge=8)
    channels: Literal[1, 3, 4] = 3
    mirror: bool = True
    attributes: bool = False
    relative_clamp: float = Field(default=0.4, gt=0)
    grow: Schedule = constant(1.0)
    autoencoding: AutoencodingSettings = AutoencodingSettings()
    duel: DuelSettings = DuelSettings()
    generator_optimiser: OptimiserSettings = OptimiserSettings()
    discriminator_optimiser: OptimiserSettings = OptimiserSettings()
    encoder_optimiser: OptimiserSettings = OptimiserSettings()


# Large steps at first find the layout of a picture several times sooner; they are over before labels count in
# full, because large steps throughout left rare labels as empty pages (docs/decisions/0011).
FAST = ImagePreset(
    about="The default: frozen ImageNet features judge a fast generator; pictures in minutes on a CPU.",
    generator="fast",
    discriminator="projected",
    duel=DuelSettings(loss="hinge", mode_seeking=0.2, fade=ramp(4, 12)),
    run=RunSettings(
        batch=16,
        learning_rate=ramp(2, 8, 1.0, 0.4),
        average_half_life_kimg=8.0,
        adaptation=Adaptation(start=0.3, minimum=0.1, maximum=0.9, kimg_to_full=100),
    ),
    generator_optimiser=OptimiserSettings(rate=1e-3),
    discriminator_optimiser=OptimiserSettings(rate=4e-4),
)

# The classic digits of fully connected layers, with the textbook's loss and Adam. The light R1 penalty is
# no part of the textbook: with it the same digits came after half as many works. On one core 3000 works a
# second pass, so that digits can be read after one minute and are clean after four.
SEED = ImagePreset(
    about="The smallest lesson: MNIST digits from fully connected layers.",
    generator="mlp",
    discriminator="mlp",
    latent=100,
    size=28,
    channels=1,
    mirror=False,
    kimg=800,
    duel=DuelSettings(loss="non_saturating", smoothing=0.1, r1=constant(0.2), penalty_every=4),
    run=RunSettings(
        batch=64,
        average_half_life_kimg=20.0,
        tick_kimg=50.0,
        adaptation=Adaptation(maximum=0.0),
    ),
    generator_optimiser=OptimiserSettings(rate=2e-4, beta1=0.5, beta2=0.999),
    discriminator_optimiser=OptimiserSettings(rate=2e-4, beta1=0.5, beta2=0.999),
)

# A first try. On few and various small pictures a plain discriminator of pixels under R1, in many small
# rounds, was far ahead of frozen features: trees, mountains and flowers in the colours asked for, where those
# gave blur after as many works. 80 works a second on one core: the budget is four minutes there.
TINY = ImagePreset(
    about="The smallest that charms: little pictures from a little data, in two or three minutes.",
    generator="fast",
    generator_settings={"widest": 128, "budget": 2048},
    discriminator="convolutional",
    discriminator_settings={"widest": 128, "budget": 1536},
    latent=64,
    size=48,
    kimg=20,
    duel=DuelSettings(
        loss="non_saturating", r1=constant(1.0), penalty_every=4, mode_seeking=0.2, fade=ramp(1, 4)
    ),
    run=RunSettings(
        batch=8,
        learning_rate=ramp(6, 20, 1.0, 0.1),
        average_half_life_kimg=1.0,
        tick_kimg=4.0,
        adaptation=Adaptation(start=0.1, maximum=0.8, kimg_to_full=50),
    ),
    generator_optimiser=OptimiserSettings(rate=1e-3),
    discriminator_optimiser=OptimiserSettings(rate=2e-3),
)

# For an evening or a night: more channels, a closer look, larger batches, a slower discriminator, steps that
# shrink towards the end, and R1 on every sixteenth round. `style` of the same size was tried in its place and
# was behind. It was never trained to its end: the numbers are those of some minutes on fruit watercolours.
QUALITY = ImagePreset(
    about="For patience: a larger generator in small steps, more detail in the end; a night on a CPU.",
    generator="fast",
    generator_settings={"widest": 384, "budget": 6144, "told": 128},
    discriminator="projected",
    discriminator_settings={"look": 128, "head": 192, "pixels": 48},
    latent=256,
    size=128,
    kimg=400,
    duel=DuelSettings(loss="hinge", r1=constant(0.1), penalty_every=16, mode_seeking=0.2, fade=ramp(8, 24)),
    run=RunSettings(
        batch=32,
        learning_rate=ramp(200, 400, 1.0, 0.1),
        average_half_life_kimg=5.0,
        tick_kimg=8.0,
        adaptation=Adaptation(start=0.3, minimum=0.1, maximum=0.9, kimg_to_full=200),
    ),
    generator_optimiser=OptimiserSettings(rate=4e-4),
    discriminator_optimiser=OptimiserSettings(rate=1e-4),
)

# Blur is what a plain autoencoder makes of all it cannot tell. It is no collapse, and health is told so.
VAE = ImagePreset(
    about="An autoencoder: soft, but it takes pictures in and blends them; minutes on a CPU.",
    generator="fast",
    generator_settings={"widest": 192, "budget": 3072},
    discriminator="",
    encoder="convolutional",
    latent=64,
    size=64,
    kimg=40,
    autoencoding=AutoencodingSettings(kl=ramp(0, 2, 0.0, 4.0)),
    run=RunSettings(
        batch=16,
        learning_rate=ramp(20, 40, 1.0, 0.1),
        average_half_life_kimg=1.0,
        tick_kimg=2.0,
        adaptation=Adaptation(maximum=0.0),
        health=HealthSettings(collapsed=0.0, fallen=0.0),
    ),
    generator_optimiser=OptimiserSettings(rate=1e-3, beta1=0.9, beta2=0.99),
)

VAE_GAN = ImagePreset(
    about="An autoencoder with a discriminator for its eye: sharper, and pictures come back as it sees them.",
    generator="fast",
    generator_settings={"widest": 192, "budget": 3072},
    discriminator="convolutional",
    discriminator_settings={"widest": 128, "budget": 1024},
    encoder="convolutional",
    latent=64,
    size=64,
    kimg=40,
    autoencoding=AutoencodingSettings(kl=ramp(0, 2, 0.0, 4.0), pixels=1.0, adversarial=constant(0.05)),
    duel=DuelSettings(loss="non_saturating", r1=constant(1.0), penalty_every=8, fade=ramp(1, 4)),
    run=RunSettings(
        batch=16,
        learning_rate=ramp(20, 40, 1.0, 0.1),
        average_half_life_kimg=1.0,
        tick_kimg=2.0,
        adaptation=Adaptation(start=0.1, maximum=0.8, kimg_to_full=50),
        health=HealthSettings(collapsed=0.1, fallen=0.2),
    ),
    generator_optimiser=OptimiserSettings(rate=1e-3, beta1=0.5),
    discriminator_optimiser=OptimiserSettings(rate=1e-3),
    encoder_optimiser=OptimiserSettings(rate=1e-3, beta1=0.9),
)

GROWING = ImagePreset(
    about="Small pictures first, then larger and larger ones; for 128 pixels and more; an hour on a CPU.",
    generator="growing",
    generator_settings={"widest": 192, "budget": 3072},
    discriminator="growing",
    discriminator_settings={"widest": 128, "budget": 1536},
    latent=128,
    size=128,
    kimg=120,
    grow=ramp(0, 40, 0.2, 1.0),
    duel=DuelSettings(
        loss="non_saturating", r1=constant(1.0), penalty_every=4, mode_seeking=0.2, fade=ramp(4, 12)
    ),
    run=RunSettings(
        batch=16,
        learning_rate=ramp(80, 120, 1.0, 0.2),
        average_half_life_kimg=2.0,
        tick_kimg=5.0,
        adaptation=Adaptation(start=0.1, maximum=0.8, kimg_to_full=50),
    ),
    generator_optimiser=OptimiserSettings(rate=1e-3),
    discriminator_optimiser=OptimiserSettings(rate=2e-3),
)

PRESETS: Mapping[str, ImagePreset] = {
    "seed": SEED,
    "tiny": TINY,
    "fast": FAST,
    "quality": QUALITY,
    "vae": VAE,
    "vae_gan": VAE_GAN,
    "growing": GROWING,
}
