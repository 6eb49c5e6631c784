"""A collapse of variety is induced in a real image game, and is noticed and cured without a person.

The accident: for a while the discriminator stands still and mode seeking is off, while the generator
goes on learning, ten times as fast. Nothing then keeps it from making the one picture that the
discriminator likes best. That is the scenario of Goodfellow et al. 2014, "Generative Adversarial Nets",
section 3: a generator "must not be trained too much without updating" the discriminator.
"""

from __future__ import annotations

import sys

import sabotage

from huohua.adversarial.run import Run
from huohua.arts.image.training import Prepared

STORY = __doc__.split("\n\n", 1)[1].strip()


def helvetica(run: Run, prepared: Prepared, now: bool) -> None:
    """Hold the discriminator still and hurry the generator, or put both right again."""
    usual = {name: optimiser.defaults["lr"] for name, optimiser in prepared.optimisers.items()}
    run.rates["discriminator"] = [0.0 if now else usual["discriminator"]]
    run.rates["generator"] = [usual["generator"] * (10 if now else 1)]
    weight = 0.0 if now else sabotage.small_preset().duel.mode_seeking
    prepared.game.settings = prepared.game.settings.model_copy(update={"mode_seeking": weight})


def main() -> int:
    """Play, write the results, and return 0 if the run recovered."""
    options = sabotage.arguments("Induce a collapse of variety and watch the run cure it.")
    diary, run = sabotage.play(options, helvetica)
    title = "An induced collapse, noticed and cured"
    return 0 if sabotage.report("induced_collapse", title, STORY, options, diary, run) else 1


if __name__ == "__main__":
    sys.exit(main())
