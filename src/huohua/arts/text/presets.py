"""The presets of texts: every setting of a training run under one name, in one table.

A run has up to three stages, by the works shown: the writer learns to be likely; the reader learns to guess
hidden tokens; and the reader learns to tell the writer from real works, the writer answering before long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from huohua.adversarial.augmentation import Adaptation
from huohua.adversarial.imitation import ImitationSettings
from huohua.adversarial.optimiser import OptimiserSettings
from huohua.adversarial.run import RunSettings
from huohua.adversarial.schedule import Schedule, ramp
from huohua.arts.preset import Preset
from huohua.arts.text.feed import LayoutSettings


class TextPreset(Preset):
    """A complete way to train on texts.

    Attributes:
        generator: name in `GENERATORS`, with `generator_settings`.
        discriminator: name in `DISCRIMINATORS`, with `discriminator_settings`; "" for likelihood alone.
        vocabulary: tokens that are learnt; what is usual for the language by default.
        tokens: in a row, unless asked otherwise.
        guessing_kimg: thousands of works from which the reader guesses.
        imitation_kimg: thousands of works from which the game of imitation is played.
        works: most works of a round that are written anew in that game.
        work_tokens: most tokens of such a work with its prompt.
        layout: how passages are laid out.
        imitation: rules of that game; its `begin_kimg` counts from the first work of the run.
    """

    generator: str = "writer"
    generator_settings: dict[str, Any] = {}
    discriminator: str = "reader"
    discriminator_settings: dict[str, Any] = {}
    vocabulary: int | None = Field(default=None, ge=64)
    tokens: int = Field(default=192, ge=32)
    guessing_kimg: float = Field(default=0.0, ge=0)
    imitation_kimg: float = Field(default=0.0, ge=0)
    works: int = Field(default=32, ge=2)
    work_tokens: int = Field(default=128, ge=16)
    layout: LayoutSettings = LayoutSettings()
    imitation: ImitationSettings = ImitationSettings()
    generator_optimiser: OptimiserSettings = OptimiserSettings()
    discriminator_optimiser: OptimiserSettings = OptimiserSettings()


def _cooling(until_kimg: float, end: float) -> Schedule:
    """Return a learning rate that falls along half a cosine while the writer learns to be likely."""
    return Schedule(kind="cosine", start=1.0, end=end, begin_kimg=0, finish_kimg=until_kimg)


def _run(until_kimg: float, end: float, *, batch: int = 64, tick_kimg: float = 20.0) -> RunSettings:
    return RunSettings(
        batch=batch,
        clip=1.0,
        learning_rate=_cooling(until_kimg, end),
        average_half_life_kimg=4.0,
        tick_kimg=tick_kimg,
        adaptation=Adaptation(maximum=0.0),
    )


WRITING = OptimiserSettings(kind="adamw", rate=1e-3, beta1=0.9, beta2=0.98, weight_decay=0.05)
# The run's learning rate is down to 0.03 by the time the reader moves: 1e-2 is 3e-4 then, and the writer is
# at 3e-5, where policy gradients of small networks are at home.
LATE = 0.03
READING = OptimiserSettings(kind="adamw", rate=1e-2, beta1=0.9, beta2=0.98, weight_decay=0.05)

IMITATION = TextPreset(
    about="The default: likelihood first, then a reader whose praise the writer seeks; a night on a CPU.",
    kimg=480,
    guessing_kimg=300,
    imitation_kimg=420,
    imitation=ImitationSettings(begin_kimg=450, demonstrations=ramp(450, 480, 0.3, 0.0)),
    run=_run(300, LATE),
    generator_optimiser=WRITING,
    discriminator_optimiser=READING,
)

LIKELIHOOD = TextPreset(
    about="A writer alone, by maximum likelihood: what every game of words is measured by.",
    discriminator="",
    kimg=300,
    run=_run(300, 0.05),
    generator_optimiser=WRITING,
)

# A first try on a few thousand short works: words begin to go together after some minutes.
TINY = TextPreset(
    about="The smallest that writes: a few minutes of likelihood and a glimpse of the game.",
    generator_settings={"width": 128, "blocks": 3, "heads": 4},
    discriminator_settings={"width": 128, "blocks": 2, "heads": 4},
    vocabulary=4000,
    tokens=128,
    kimg=40,
    guessing_kimg=30,
    imitation_kimg=38,
    works=16,
    work_tokens=96,
    imitation=ImitationSettings(begin_kimg=39),
    run=_run(30, LATE, batch=32, tick_kimg=5.0),
    generator_optimiser=WRITING.model_copy(update={"rate": 2e-3}),
    discriminator_optimiser=READING,
)

# The two older ways, for the lesson and for comparison: each begins from the same likelihood.
SEQGAN = IMITATION.model_copy(
    update={
        "about": "SeqGAN: rewards of unfinished works by finishing them by chance; a baseline.",
        "imitation": ImitationSettings(
            policy="reinforce",
            begin_kimg=450,
            anchor=0.0,
            likelihood=0.0,
            demonstrations=ramp(0, 1, 0.0, 0.0),
        ),
    }
)
GUMBEL = IMITATION.model_copy(
    update={
        "about": "Gumbel-softmax: gradients through choices made straight; a baseline.",
        "imitation": ImitationSettings(
            policy="straight", begin_kimg=450, anchor=0.0, demonstrations=ramp(0, 1, 0.0, 0.0)
        ),
    }
)

PRESETS: Mapping[str, TextPreset] = {
    "imitation": IMITATION,
    "likelihood": LIKELIHOOD,
    "tiny": TINY,
    "seqgan": SEQGAN,
    "gumbel": GUMBEL,
}
