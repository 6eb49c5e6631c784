"""Grids with free cells, of every kind that a composer is asked to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from huohua.arts.music.extending import extended
from huohua.arts.music.grid import Grid, empty_grid
from huohua.arts.music.grid_layout import STEPS
from huohua.arts.music.roles import ROLES


class Job(NamedTuple):
    """A grid and its free cells: bars, steps, roles."""

    grid: Grid
    free_BSR: np.ndarray


def from_scratch(bars: int, roles: Sequence[str], *, metre: tuple[int, int] = (4, 4)) -> Job:
    """Return a new piece, in which some roles are free everywhere."""
    return _job(empty_grid(bars, metre=metre), slice(None), roles)


def continuing(grid: Grid, bars: int) -> Job:
    """Return a piece with free bars after its last, for all who play."""
    return _job(extended(grid, bars), slice(grid.bars, None), _players(grid))


def filling_in(grid: Grid, first: int, bars: int, roles: Sequence[str] = ()) -> Job:
    """Return a piece with some bars free."""
    return _job(grid, slice(first, first + bars), roles or _players(grid))


def accompanying(grid: Grid, roles: Sequence[str]) -> Job:
    """Return a piece in which some roles are free everywhere."""
    return _job(grid, slice(None), roles)


def varying(grid: Grid, amount: float) -> Job:
    """Return a piece in which about a share of all steps is free."""
    whole = _job(grid, slice(None), _players(grid))
    drawn = np.random.default_rng(9).random((grid.bars, STEPS, 1)) < amount
    return whole._replace(free_BSR=whole.free_BSR & drawn)


def _players(grid: Grid) -> list[str]:
    return [role for role, here in zip(ROLES, grid.present_R, strict=True) if here]


def _job(grid: Grid, bars: slice, roles: Sequence[str]) -> Job:
    free_BSR = np.zeros((grid.bars, STEPS, len(ROLES)), dtype=np.bool_)
    free_BSR[bars] = np.isin(np.array(ROLES), np.array(roles))
    return Job(grid, free_BSR)
