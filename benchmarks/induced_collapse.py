"""A collapse of variety is induced in a real image game, and is noticed and cured without a person.

The accident is a wrong sign: for a while mode seeking is turned round, so that works made from different
latents are pulled together instead of apart. What tells is neither a loss nor a score but the works.
"""

from __future__ import annotations

import sys
from typing import cast

import sabotage

from huohua.adversarial.duel import Duel, DuelSettings
from huohua.adversarial.run import Run
from huohua.arts.image.training import Prepared

STORY = __doc__.split("\n\n", 1)[1].strip()


class WrongSign:
    """Turns mode seeking round, or the right way again."""

    def __init__(self) -> None:
        self.right: DuelSettings | None = None

    def __call__(self, run: Run, prepared: Prepared, now: bool) -> None:
        """Set the game's rules for the coming round."""
        game = cast(Duel, prepared.game)
        self.right = self.right or game.settings
        # No work is then different enough, and the more it differs the more it costs.
        wrong = {"mode_seeking": -3.0, "mode_seeking_clamp": 1e6}
        game.settings = self.right.model_copy(update=wrong) if now else self.right


def main() -> int:
    """Play, write the results, and return 0 if the run recovered."""
    options = sabotage.arguments("Induce a collapse of variety and watch the run cure it.")
    diary, run = sabotage.play(options, WrongSign())
    title = "An induced collapse, noticed and cured"
    return 0 if sabotage.report("induced-collapse", title, STORY, options, diary, run) else 1


if __name__ == "__main__":
    sys.exit(main())
