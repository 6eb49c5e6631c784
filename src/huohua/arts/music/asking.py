"""What is asked of a model of music, as the numbers that its networks are told: NaN is what is not asked.

A group of labels is told whole: the names that were asked for with their weights, all others with 0. Measured
controls are told one by one, because one can ask for density and leave swing to the model.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.control_scales import GROUP
from huohua.conditions.space import ConditionSpace
from huohua.conditions.typical import Combination, completed
from huohua.errors import UsageError

Weights = Mapping[str, Mapping[str, float]]
POSITION = "position"  # where in the piece a window lies: only whoever writes it knows


def told(space: ConditionSpace, weights: Weights) -> NDArray[np.float32]:
    """Return condition_Y of some weights by group and name.

    Example:
        >>> space = ConditionSpace(groups={"style": ("folk", "jazz"), "metre": ("3/4", "4/4")})
        >>> told(space, {"style": {"jazz": 1.0}}).tolist()
        [0.0, 1.0, nan, nan]
    """
    condition_Y = np.full(space.size, np.nan, dtype=np.float32)
    for (group, name), place in space.places().items():
        of_group = weights.get(group, {})
        if name in of_group:
            condition_Y[place] = of_group[name]
        elif of_group and not space.measured(group):
            condition_Y[place] = 0.0
    return condition_Y


def settled(
    asked: Weights, space: ConditionSpace, known: tuple[Combination, ...], dice: np.random.Generator
) -> dict[str, dict[str, float]]:
    """Return what is asked of a new piece: labels that were left open are those of a real work.

    Controls that were left open stay open, and so does the position.

    Raises:
        UsageError: a control is asked for beyond its scale.
    """
    check_controls(asked)
    whole = completed(asked, space, known, dice)
    labels = {group: weights for group, weights in whole.items() if not space.measured(group) and weights}
    labels.pop(POSITION, None)
    return {**labels, **({GROUP: dict(asked[GROUP])} if asked.get(GROUP) else {})}


def check_controls(asked: Weights) -> None:
    """Check that controls are asked for on their scale, 0 to 1.

    Raises:
        UsageError: one is not.
    """
    for name, weight in asked.get(GROUP, {}).items():
        if not 0.0 <= weight <= 1.0:
            raise UsageError(f"{name} is {weight:g}, but goes from 0, little, to 1, much.")


def first_of(weights: Weights, group: str, default: str = "") -> str:
    """Return the name of a group that is asked for most."""
    of_group = weights.get(group, {})
    return max(of_group, key=lambda name: of_group[name]) if of_group else default
