"""Growing as a schedule of the same loop: a duel whose players take in one size of works after another.

The players hold a `Stage` (`blocks/growth.py`), the works come at the size reached so far, and both follow
one schedule of the works shown. Nothing is switched by hand: a resumed run is where the schedule says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huohua.adversarial.duel import Deal, Duel
from huohua.adversarial.game import Batch, Moment
from huohua.adversarial.schedule import Schedule
from huohua.blocks.growth import Stage


class GrowingDuel(Duel):
    """A duel that begins with small works.

    Args:
        *players: those of `Duel`; each holds a `Stage` for its sizes.
        grow: share of all growth over time, 0 to 1; the works must follow the same schedule.
        **settings: those of `Duel`.

    Raises:
        ValueError: a player cannot grow.

    Source: Karras et al. 2018, "Progressive Growing of GANs for Improved Quality, Stability, and
    Variation", section 2.
    """

    def __init__(self, *players: Any, grow: Schedule, **settings: Any) -> None:
        super().__init__(*players, **settings)
        self.grow = grow
        self.stages: list[Stage] = []
        for name in ("generator", "discriminator"):
            found = [each for each in self.players[name].modules() if isinstance(each, Stage)]
            if not found:
                raise ValueError(f"The {name} cannot grow.")
            self.stages += found

    def deal(self, batch: Batch, moment: Moment) -> Deal:
        """Let the players grow to where they should be by now, then deal as ever."""
        grown = self.grow.at(moment.shown)
        for stage in self.stages:
            stage.grow_to(grown)
        return super().deal(batch, moment)

    def gauges(self, deal: Deal) -> Mapping[str, float]:
        """Return what a duel tells, and how far the players have grown."""
        return {**super().gauges(deal), "grown": self.grow.at(deal.moment.shown)}
