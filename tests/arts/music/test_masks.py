"""Masks: each kind frees what its job frees, and nothing that is not there."""

from __future__ import annotations

import pytest
import torch

from huohua.arts.music import masks
from huohua.arts.music.grid_layout import STEPS
from huohua.arts.music.packing import ROLE_COLUMNS, VALID_COLUMN
from toys.music_works import scribbled

PRESENT = torch.tensor([True, False, True, True, False, True])


def drawn(kind, bars: int = 8, times: int = 40):
    dice = torch.Generator().manual_seed(1)
    return [kind(PRESENT, bars, dice) for _ in range(times)]


def bars_of(hidden: torch.Tensor) -> list[int]:
    return hidden.unflatten(0, (-1, STEPS)).any(2).all(1).nonzero().flatten().tolist()


def test_a_continuation_frees_the_last_bars_and_keeps_the_first():
    lengths = set()
    for hidden in drawn(masks.continuation):
        bars = bars_of(hidden)
        assert bars == list(range(bars[0], 8))
        assert bars[0] >= 1
        lengths.add(len(bars))
    assert {1, 7} <= lengths


def test_an_infill_frees_neighbouring_bars_and_never_more_than_half():
    places = set()
    for hidden in drawn(masks.infill):
        bars = bars_of(hidden)
        assert bars == list(range(bars[0], bars[0] + len(bars)))
        assert 1 <= len(bars) <= 4
        places.add(bars[0])
    assert {0, 7} <= places


def test_some_roles_are_some_that_play_and_not_all():
    for hidden in drawn(masks.some_roles):
        free = hidden.all(0)
        assert torch.equal(free, hidden.any(0))
        assert 1 <= int((free & PRESENT).sum()) <= 3
        assert not (free & ~PRESENT).any()
    alone = torch.tensor([True, False, False, False, False, False])
    assert masks.some_roles(alone, 2, torch.Generator())[:, 0].all()


def test_scattered_cells_come_in_whole_quarters_and_in_all_amounts():
    shares = []
    for hidden in drawn(masks.scattered):
        quarters = hidden.unflatten(0, (-1, 4))
        assert torch.equal(quarters.any(1), quarters.all(1))
        shares.append(hidden.float().mean().item())
    assert min(shares) < 0.3
    assert max(shares) > 0.75


def test_masks_free_only_what_is_there_and_never_the_theme():
    work = scribbled(60, 10)
    work[:, :, ROLE_COLUMNS] = PRESENT.to(torch.int16)
    work[::2, 6 * STEPS :, VALID_COLUMN] = 0  # every other piece ends after four bars
    work[:, :, VALID_COLUMN] *= (torch.arange(160) % STEPS < 12).to(torch.int16)
    hidden = masks.drawn_masks(work, torch.Generator().manual_seed(4), theme=2 * STEPS)
    there = (work[..., VALID_COLUMN, None] > 0) & PRESENT
    assert not (hidden & ~there).any()
    assert not hidden[:, : 2 * STEPS].any()
    assert hidden.any(2).any(1).all()
    whole = (hidden | ~there)[:, 2 * STEPS :].all(2).all(1).float().mean().item()
    assert whole == pytest.approx(0.3, abs=0.15)  # from nothing, in the share that `KINDS` says


def test_the_same_dice_hide_the_same():
    work = scribbled(8, 10)
    one, two = (masks.drawn_masks(work, torch.Generator().manual_seed(4), theme=32) for _ in range(2))
    assert torch.equal(one, two)
