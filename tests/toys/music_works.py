"""Packed works full of random notes, for tests of networks."""

from __future__ import annotations

import torch
from torch import Tensor

from huohua.arts.music.grid_layout import PAD, STEPS
from huohua.arts.music.packing import COLUMNS


def scribbled(works: int, bars: int, seed: int = 0) -> Tensor:
    """Return work_BTC in which all roles play at random."""
    dice = torch.Generator().manual_seed(seed)
    steps = bars * STEPS
    work = torch.zeros(works, steps, COLUMNS, dtype=torch.int16)
    token = torch.randint(0, PAD, (works, steps, 4), generator=dice)
    held = torch.rand(works, steps, 4, generator=dice) < 0.5
    held[:, 0] = False
    work[..., :4] = token.masked_fill(held, 1).to(torch.int16)
    struck = torch.rand(works, steps, 60, generator=dice) < 0.06
    work[..., 4:64] = struck.to(torch.int16)
    work[:, 1:, 4:64] += 2 * (struck[:, :-1] & ~struck[:, 1:]).to(torch.int16)
    work[..., 64:73] = (torch.rand(works, steps, 9, generator=dice) < 0.15).to(torch.int16)
    work[..., 73:] = 1
    return work


def hidden_everywhere(work: Tensor) -> Tensor:
    """Return hidden_BTR with all cells free."""
    return torch.ones(*work.shape[:2], 6, dtype=torch.bool)
