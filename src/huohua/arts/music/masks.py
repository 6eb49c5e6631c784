"""Which cells of a work are free, to be written: in training by lot, in a job as a person asks.

The kinds drawn in training are the jobs that a model can do: to write from nothing, to continue, to fill
bars in, to accompany or replace roles, and to vary.

Letters: B works, T steps, R roles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from huohua.arts.music.grid_layout import STEPS, STEPS_PER_QUARTER
from huohua.arts.music.packing import ROLE_COLUMNS, VALID_COLUMN
from huohua.arts.music.roles import ROLES

R = len(ROLES)
Kind = Callable[[Tensor, int, torch.Generator], Tensor]


def everything(present_R: Tensor, bars: int, dice: torch.Generator) -> Tensor:
    """Free all: a piece from nothing."""
    return torch.ones(bars * STEPS, R, dtype=torch.bool)


def continuation(present_R: Tensor, bars: int, dice: torch.Generator) -> Tensor:
    """Free the last bars."""
    given = _number(1, bars, dice)
    return _bars(bars, given, bars).expand(-1, R)


def infill(present_R: Tensor, bars: int, dice: torch.Generator) -> Tensor:
    """Free some bars within."""
    length = _number(1, max(2, bars // 2 + 1), dice)
    first = _number(0, bars - length + 1, dice)
    return _bars(bars, first, first + length).expand(-1, R)


def some_roles(present_R: Tensor, bars: int, dice: torch.Generator) -> Tensor:
    """Free some of the roles that take part, and never all where there are two or more."""
    return _roles(present_R, dice).expand(bars * STEPS, R)


def some_roles_in_bars(present_R: Tensor, bars: int, dice: torch.Generator) -> Tensor:
    """Free some roles in some bars, so that a role is replaced where one likes."""
    return infill(present_R, bars, dice) & some_roles(present_R, bars, dice)


def scattered(present_R: Tensor, bars: int, dice: torch.Generator) -> Tensor:
    """Free quarters here and there, more or fewer of them: a variation."""
    share = torch.rand((), generator=dice) * 0.8 + 0.15
    quarters = bars * STEPS // STEPS_PER_QUARTER
    return (torch.rand(quarters, R, generator=dice) < share).repeat_interleave(STEPS_PER_QUARTER, dim=0)


# How often each kind is drawn in training. The first is what likelihoods are scored by.
KINDS: Mapping[Kind, float] = {
    everything: 0.3,
    continuation: 0.2,
    infill: 0.15,
    some_roles: 0.2,
    some_roles_in_bars: 0.05,
    scattered: 0.1,
}


def drawn_masks(work_BTC: Tensor, dice: torch.Generator, *, theme: int) -> Tensor:
    """Return hidden_BTR: for each work the free cells of a kind drawn by lot, as far as they are there.

    Args:
        work_BTC: packed works; those without any free cell that is there get all of theirs freed.
        dice: a CPU generator.
        theme: steps at the beginning that are never free, because they hold the theme.
    """
    present_BR = work_BTC[..., ROLE_COLUMNS].amax(dim=1).cpu() > 0
    there_BT = work_BTC[..., VALID_COLUMN].cpu() > 0
    kinds, weights = list(KINDS), torch.tensor(list(KINDS.values()))
    chosen_B = torch.multinomial(weights, len(work_BTC), replacement=True, generator=dice)
    masks = []
    for present_R, there_T, kind in zip(present_BR, there_BT[:, theme:], chosen_B.tolist(), strict=True):
        bars = int(there_T.unflatten(0, (-1, STEPS)).any(1).sum()) or 1
        hidden_TR = kinds[kind](present_R, bars, dice)
        if not (hidden_TR & there_T[: bars * STEPS, None] & present_R).any():
            hidden_TR = everything(present_R, bars, dice)
        masks.append(_filled(hidden_TR & there_T[: bars * STEPS, None] & present_R, theme, work_BTC.shape[1]))
    return torch.stack(masks).to(work_BTC.device)


def _filled(hidden_TR: Tensor, theme: int, steps: int) -> Tensor:
    """Return a mask with the theme before it and the steps of a short piece's missing bars behind it."""
    whole_TR = torch.zeros(steps, R, dtype=torch.bool)
    whole_TR[theme : theme + len(hidden_TR)] = hidden_TR
    return whole_TR


def _bars(bars: int, first: int, end: int) -> Tensor:
    step_T = torch.arange(bars * STEPS)[:, None]
    return (step_T >= first * STEPS) & (step_T < end * STEPS)


def _roles(present_R: Tensor, dice: torch.Generator) -> Tensor:
    there = present_R.nonzero().flatten()
    if len(there) < 2:
        return present_R.clone()
    count = _number(1, len(there), dice)
    free_R = torch.zeros(R, dtype=torch.bool)
    free_R[there[torch.randperm(len(there), generator=dice)[:count]]] = True
    return free_R


def _number(low: int, high: int, dice: torch.Generator) -> int:
    """Return a number from `low` to `high` - 1, or `low` where there is no other."""
    return int(torch.randint(low, max(high, low + 1), (), generator=dice))
