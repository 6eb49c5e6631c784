"""Why a work is on the grid, in words: what its place is for, and what it has more or less of than before.

Source: the contribution of a feature to a weighted sum is its weight times its difference; the largest ones
are told. Only features with names can be told.

Letters: F features.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from huohua.steer.medium import Array
from huohua.steer.slots import EXPLOIT, INCUMBENT, LOCAL, RANDOM, THOMPSON

Language = Literal["en", "zh"]
TOLD = 3
LEAST = 0.25  # spreads; a smaller difference cannot be seen
PURPOSES: Mapping[str, Mapping[Language, str]] = {
    INCUMBENT: {"en": "what you hold on to", "zh": "您保留的作品"},
    EXPLOIT: {"en": "what I think you like best", "zh": "我认为您最喜欢的"},
    THOMPSON: {"en": "a guess at what you may like", "zh": "对您可能喜好的猜测"},
    LOCAL: {"en": "a child of what you hold on to", "zh": "所保留作品的后代"},
    RANDOM: {"en": "something else, by chance", "zh": "随机的另一件"},
    "bred": {"en": "a child of the parents you chose", "zh": "您所选作品的后代"},
    "slider": {"en": "a stop of the slider", "zh": "滑块上的一站"},
}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a work is on the grid.

    Attributes:
        slot: what its place is for.
        more: features it has more of than what the person holds on to, most telling first.
        less: features it has less of.
    """

    slot: str
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()

    def words(self, language: Language = "en") -> str:
        """Return the reason as one line.

        Example:
            >>> Reason(slot="exploit", more=("warm",), less=("blue",)).words()
            'what I think you like best: more warm, less blue'
        """
        more, less = ("more ", "less ") if language == "en" else ("更", "更少")
        comma, colon = (", ", ": ") if language == "en" else ("，", "：")
        told = [*(more + name for name in self.more), *(less + name for name in self.less)]
        purpose = PURPOSES.get(self.slot, {}).get(language, self.slot)
        return purpose + (colon + comma.join(told) if told else "")


def reason(
    slot: str, names: Sequence[str], change_F: Array, weight_F: Array | None, *, told: int = TOLD
) -> Reason:
    """Return why a work is on the grid.

    Args:
        slot: what its place is for.
        names: of the first features.
        change_F: what it has more of than what the person holds on to, in spreads.
        weight_F: what the person is believed to like; None to tell differences whoever likes them.
        told: at most so many features.

    Example:
        >>> reason("local", ["red", "light"], np.array([-2.0, 0.1, 9.0]), None)
        Reason(slot='local', more=(), less=('red',))
    """
    change_F = change_F[: len(names)]
    matters_F = np.abs(change_F) if weight_F is None else change_F * weight_F[: len(names)]
    seen = [int(f) for f in np.argsort(-matters_F) if matters_F[f] > 0 and abs(change_F[f]) >= LEAST][:told]
    return Reason(
        slot=slot,
        more=tuple(names[f] for f in seen if change_F[f] > 0),
        less=tuple(names[f] for f in seen if change_F[f] < 0),
    )
