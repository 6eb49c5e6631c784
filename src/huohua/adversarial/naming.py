"""Naming conditions: a discriminator with a second task, to say which conditions a work has.

A work's condition is a row of numbers in groups. In some groups one name holds, or weights that add up
to one: of those the likelihood is that of a choice among the names. In others, such as tags, any number
of names may hold: of those each name is a question of its own. In measured ones the numbers are amounts,
less than nothing too, such as how light or dark: of those each is guessed. Which is which is seen from
the works.

Shape letters:  B works, N all works,  C condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True, kw_only=True)
class NameGroup:
    """Places `first` to `last` - 1 of a condition.

    Attributes:
        first: the first place.
        last: the place after the last.
        exclusive: its numbers add up to one.
        measured: its numbers are amounts, which may lie outside 0 to 1.
    """

    first: int
    last: int
    exclusive: bool
    measured: bool = False


def name_groups(sizes: Iterable[int], condition_NC: NDArray[np.float32]) -> tuple[NameGroup, ...]:
    """Return the groups of a condition, given how many names each has and the conditions of all works.

    A group is exclusive if the numbers of every work that has any of its names add up to one, and measured
    if there are numbers in it that no share of a name can be.

    Example:
        >>> rows = np.array([[1, 0, 1, 1], [0, 1, 0, 1]], dtype=np.float32)
        >>> [group.exclusive for group in name_groups([2, 2], rows)]
        [True, False]
    """
    groups, first = [], 0
    for size in sizes:
        part_NC = condition_NC[:, first : first + size]
        sums = part_NC[part_NC.any(axis=1)].sum(axis=1)
        measured = bool(((part_NC < 0) | (part_NC > 1)).any())
        exclusive = not measured and bool(np.allclose(sums, 1, atol=1e-3))
        last = first + size
        groups.append(NameGroup(first=first, last=last, exclusive=exclusive, measured=measured))
        first += size
    return tuple(group for group in groups if group.last > group.first)


def naming_loss(named_BC: Tensor, condition_BC: Tensor, groups: Sequence[NameGroup]) -> Tensor:
    """Return how far the names given to works are from those they have, averaged over groups and works.

    In an exclusive group that is cross-entropy over its names; a work without any of them is not asked.
    In other groups it is the mean binary cross-entropy of the names, so that fifty tags are no louder
    than one; there a work without names is one that has none of them. In measured groups it is half the
    mean squared error: the cross-entropy of amounts that are guessed with an error of one, up to a constant.

    Source: Odena et al. 2017, "Conditional Image Synthesis with Auxiliary Classifier GANs", equation 3;
    for several names at once the choice of likelihoods is ours.

    Args:
        named_BC: how surely a discriminator sees each condition: logits; for amounts what it guesses.
        condition_BC: the conditions works have.
        groups: places of the condition that belong together.

    Raises:
        ValueError: there are no groups.

    Example:
        >>> one = NameGroup(first=0, last=2, exclusive=True)
        >>> naming_loss(torch.zeros(1, 2), torch.tensor([[1.0, 0.0]]), [one]).item()  # log 2
        0.6931471824645996
    """
    if not groups:
        raise ValueError("There are no conditions to name.")
    losses = []
    for group in groups:
        named, wanted = (row[:, group.first : group.last] for row in (named_BC, condition_BC))
        if group.exclusive:
            # Rows that add up to nothing contribute nothing, because their targets are all zero.
            losses.append(F.cross_entropy(named, wanted, reduction="sum") / len(named))
        elif group.measured:
            losses.append(F.mse_loss(named, wanted) / 2)
        else:
            losses.append(F.binary_cross_entropy_with_logits(named, wanted.clamp(0, 1)))
    return torch.stack(losses).mean()
