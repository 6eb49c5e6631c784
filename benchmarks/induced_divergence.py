"""A divergence is induced in a real image game, and is noticed and cured without a person.

The accident: for a while both players learn a thousand times as fast as they should.
"""

from __future__ import annotations

import sys

import sabotage

from huohua.adversarial.run import Run
from huohua.arts.image.training import Prepared

STORY = __doc__.split("\n\n", 1)[1].strip()
TIMES = 1000


def haste(run: Run, prepared: Prepared, now: bool) -> None:
    """Multiply both learning rates, or put them right again."""
    for name, optimiser in prepared.optimisers.items():
        run.rates[name] = [optimiser.defaults["lr"] * (TIMES if now else 1)]


def main() -> int:
    """Play, write the results, and return 0 if the run recovered."""
    options = sabotage.arguments("Induce a divergence and watch the run cure it.")
    diary, run = sabotage.play(options, haste)
    title = "An induced divergence, noticed and cured"
    return 0 if sabotage.report("induced-divergence", title, STORY, options, diary, run) else 1


if __name__ == "__main__":
    sys.exit(main())
