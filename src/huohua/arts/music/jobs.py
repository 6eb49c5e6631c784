"""The jobs of a composer: which cells of which grid are free when a person asks for something.

Each job returns a grid, perhaps longer than the one that came in, and free_BSR: bars, steps, roles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from huohua.arts.music.grid import Grid, empty_grid
from huohua.arts.music.grid_layout import STEPS, STEPS_PER_QUARTER
from huohua.arts.music.roles import ROLES, Role
from huohua.errors import UsageError

R = len(ROLES)
QUARTERS = STEPS // STEPS_PER_QUARTER


class Job(NamedTuple):
    """A grid and its free cells."""

    grid: Grid
    free_BSR: NDArray[np.bool_]


def from_scratch(
    bars: int, roles: Sequence[Role], *, metre: tuple[int, int] = (4, 4), tempo: float = 120.0
) -> Job:
    """Return the job of a new piece for some roles.

    Raises:
        UsageError: there are no bars or no roles.
    """
    if bars < 1 or not roles:
        raise UsageError("A piece needs at least one bar and one role.", advice=f"Roles: {', '.join(ROLES)}.")
    grid = empty_grid(bars, metre=metre, tempo=tempo)
    return Job(grid, np.broadcast_to(_of_roles(roles), (bars, STEPS, R)).copy())


def continuing(grid: Grid, bars: int, roles: Sequence[Role] = ()) -> Job:
    """Return the job of so many bars more, for the roles that play or those that are named.

    Raises:
        UsageError: nothing is to be added, or nobody plays.
    """
    if bars < 1:
        raise UsageError(f"A piece cannot go on for {bars} bars.", advice="Ask for at least one.")
    longer = extended(grid, bars)
    free_BSR = np.zeros((longer.bars, STEPS, R), dtype=np.bool_)
    free_BSR[grid.bars :] = _players(grid, roles)
    return Job(longer, free_BSR)


def filling_in(grid: Grid, first: int, bars: int, roles: Sequence[Role] = ()) -> Job:
    """Return the job of writing some bars anew, from bar `first` on, counted from 0.

    Raises:
        UsageError: the piece has no such bars, or nobody plays.
    """
    if first < 0 or bars < 1 or first + bars > grid.bars:
        raise UsageError(
            f"Bars {first + 1} to {first + bars} are not in a piece of {grid.bars} bars.",
            advice=f"Choose bars from 1 to {grid.bars}.",
        )
    free_BSR = np.zeros((grid.bars, STEPS, R), dtype=np.bool_)
    free_BSR[first : first + bars] = _players(grid, roles)
    return Job(grid, free_BSR)


def accompanying(grid: Grid, roles: Sequence[Role]) -> Job:
    """Return the job of writing some roles to the others; those that play already are replaced.

    Raises:
        UsageError: no role is named, or no other role plays.
    """
    free_R = _of_roles(roles)
    if not free_R.any() or not (grid.present_R & ~free_R).any():
        raise UsageError("An accompaniment needs roles to write, and another that plays already.")
    return Job(grid, np.broadcast_to(free_R, (grid.bars, STEPS, R)).copy())


def varying(grid: Grid, amount: float, *, random: torch.Generator, roles: Sequence[Role] = ()) -> Job:
    """Return the job of writing a share of all quarters anew, scattered over the piece.

    Raises:
        UsageError: the share is not above 0 and at most 1, or nobody plays.
    """
    if not 0 < amount <= 1:
        raise UsageError(f"A variation cannot change {amount:g} of a piece.", advice="Use 0.1 to 1.")
    drawn = torch.rand(grid.bars, QUARTERS, R, generator=random).numpy() < amount
    free_BSR = drawn.repeat(STEPS_PER_QUARTER, axis=1) & _players(grid, roles)
    return Job(grid, free_BSR)


def extended(grid: Grid, bars: int) -> Grid:
    """Return a grid with empty bars added at its end."""
    empty = empty_grid(bars, metre=grid.metre, tempo=grid.tempo)
    return replace(
        grid,
        mono_BVS=np.concatenate([grid.mono_BVS, empty.mono_BVS]),
        harmony_BSP=np.concatenate([grid.harmony_BSP, empty.harmony_BSP]),
        drums_BSD=np.concatenate([grid.drums_BSD, empty.drums_BSD]),
        loudness_BR=np.concatenate([grid.loudness_BR, empty.loudness_BR]),
    )


def _of_roles(roles: Sequence[Role]) -> NDArray[np.bool_]:
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise UsageError(f"There is no role '{min(unknown)}'.", advice=f"Roles: {', '.join(ROLES)}.")
    return np.isin(np.array(ROLES), np.array(list(roles), dtype=str))


def _players(grid: Grid, roles: Sequence[Role]) -> NDArray[np.bool_]:
    """Return free_R: the roles that are named, or all that play."""
    players_R = _of_roles(roles) if roles else grid.present_R
    if not players_R.any():
        raise UsageError("Nobody plays in this piece.", advice="Name the roles to be written.")
    return players_R
