"""Pieces of any length: what is given stays, what is free is written, and the best comes first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from huohua.arts.music.decoding import Order, compose, struck_BR, windows
from huohua.arts.music.forms import compose_in_form, sections_of
from huohua.arts.music.grid import Grid
from huohua.arts.music.grid_layout import PAD, STEPS
from huohua.arts.music.networks.composer import Composer, ComposerSettings
from huohua.arts.music.roles import ROLES
from huohua.errors import UsageError
from toys import music_jobs as jobs

ROLES_HERE = ("lead", "bass", "drums")


@pytest.fixture(scope="module")
def composer() -> Composer:
    with torch.random.fork_rng():
        torch.manual_seed(7)
        size = ComposerSettings(width=16, heads=2, encoder=1, decoder=1, mapped=8, chord=4)
        return Composer(size, condition=5, latent=3).eval()


class Favours(torch.nn.Module):
    """Says the more drums the better."""

    def score(self, work_NTC, hidden_NTR, condition_NKY):
        return work_NTC[:, :, 64:73].float().mean((1, 2))


def order(job: jobs.Job, **parts) -> Order:
    condition = np.full((job.grid.bars, 5), np.nan, dtype=np.float32)
    return Order(grid=job.grid, free_BSR=job.free_BSR, condition_BY=condition, position=1, **parts)


def dice(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def song(composer) -> Grid:
    return compose(composer, None, order(jobs.from_scratch(12, ROLES_HERE)), random=dice())[0].grid


def cells(grid: Grid) -> np.ndarray:
    """Return (bars, steps, roles) of numbers that tell cells apart."""
    voices = grid.mono_BVS.transpose(0, 2, 1).astype(np.int64)
    harmony = (grid.harmony_BSP.astype(np.int64) * np.arange(1, 61)).sum(-1)
    drums = (grid.drums_BSD.astype(np.int64) << np.arange(9)).sum(-1)
    return np.concatenate([voices, harmony[..., None], drums[..., None]], axis=2)


@pytest.mark.parametrize(
    ("bars", "free", "expected"),
    [
        (8, range(8), [(0, 8)]),
        (3, [1], [(0, 3)]),
        (20, range(20), [(0, 8), (4, 12), (8, 16), (12, 20)]),
        (20, [9], [(5, 13)]),
        (20, [0, 19], [(0, 8), (12, 20)]),
        (9, [], []),
    ],
)
def test_windows_cover_what_is_free_with_bars_before_and_after(bars, free, expected):
    free_B = np.zeros(bars, dtype=bool)
    free_B[list(free)] = True
    assert [tuple(span) for span in windows(free_B)] == expected


def test_a_piece_from_nothing_has_the_roles_that_were_asked_for(song):
    assert song.bars == 12
    assert [role for role, there in zip(ROLES, song.present_R, strict=True) if there] == list(ROLES_HERE)
    silent = [ROLES.index(role) for role in ROLES if role not in ROLES_HERE]
    assert (cells(song)[:, :, silent] == 0).all()
    assert ((song.loudness_BR > 0) == struck_BR(song)).all()


def test_steps_that_a_short_bar_lacks_stay_empty(composer):
    job = jobs.from_scratch(9, ROLES, metre=(3, 4))
    grid = compose(composer, None, order(job), random=dice())[0].grid
    assert (grid.mono_BVS[:, :, 12:] == PAD).all()
    assert (grid.mono_BVS[:, :, :12] != PAD).all()
    assert not grid.drums_BSD[:, 12:].any()
    assert not grid.harmony_BSP[:, 12:].any()


@pytest.mark.parametrize(
    "job",
    [
        lambda grid: jobs.continuing(grid, 3),
        lambda grid: jobs.filling_in(grid, 5, 2),
        lambda grid: jobs.filling_in(grid, 0, 1, ("bass",)),
        lambda grid: jobs.accompanying(grid, ("harmony", "bass")),
        lambda grid: jobs.varying(grid, 0.3),
    ],
    ids=["continue", "infill", "replace a role", "accompany", "vary"],
)
def test_a_job_changes_free_cells_and_no_others(composer, song, job):
    asked = job(song)
    made = compose(composer, None, order(asked), random=dice(2))[0].grid
    before, after = cells(asked.grid), cells(made)
    free = np.broadcast_to(asked.free_BSR, after.shape)
    assert (before[~free] == after[~free]).all()
    assert (before[free] != after[free]).any()
    assert asked.free_BSR.any()


def test_the_same_dice_write_the_same_and_others_do_not(composer):
    job = jobs.from_scratch(9, ROLES_HERE)
    one, two, other = (compose(composer, None, order(job), random=dice(seed))[0].grid for seed in (1, 1, 2))
    assert one.equals(two)
    assert not one.equals(other)


def test_drafts_come_best_first_and_tries_make_them_better(composer):
    job = jobs.from_scratch(9, ROLES_HERE)
    drafts = compose(composer, Favours(), order(job, drafts=4), random=dice())
    scores = [draft.score for draft in drafts]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]
    windows_of_best = [drafts[0].grid.drums_BSD[first : first + 8].mean() for first in (0, 1)]
    assert scores[0] == pytest.approx(
        np.mean(windows_of_best) * 0.8, rel=0.25
    )  # two of ten bars hold the theme
    more = compose(composer, Favours(), order(job, drafts=4, tries=4), random=dice())
    assert np.mean([draft.score for draft in more]) > np.mean(scores)


def test_new_bars_are_as_loud_as_their_role_was(composer, song):
    loud = replace(song, loudness_BR=np.where(song.loudness_BR > 0, 50, 0).astype(np.uint8))
    longer = compose(composer, None, order(jobs.continuing(loud, 2)), random=dice())[0].grid
    assert set(longer.loudness_BR[12:].flatten().tolist()) <= {0, 50}
    assert longer.loudness_BR[12:].any()


def test_an_order_that_does_not_fit_its_piece_is_refused(song):
    with pytest.raises(UsageError, match="12 bars"):
        Order(
            grid=song,
            free_BSR=np.ones((3, STEPS, len(ROLES)), dtype=bool),
            condition_BY=np.zeros((12, 5), dtype=np.float32),
        )


@pytest.mark.parametrize(
    ("form", "bars", "expected"),
    [
        ("A", 8, [("A", 8, None, 1.0)]),
        ("A B A", 12, [("A", 4, None, 1.0), ("B", 4, None, 1.0), ("A", 4, 0, 0.1)]),
        (
            "intro A A'' ending",
            10,
            [("intro", 2, None, 1.0), ("A", 3, None, 1.0), ("A''", 3, 1, 0.7), ("ending", 2, None, 1.0)],
        ),
        ("A B A'", 64, [("A", 24, None, 1.0), ("B", 20, None, 1.0), ("A'", 20, 0, 0.35)]),
    ],
)
def test_a_form_is_cut_into_sections(form, bars, expected):
    found = [(one.name, one.bars, one.like, pytest.approx(one.change)) for one in sections_of(form, bars)]
    assert found == expected
    assert sum(one[1] for one in found) == bars


@pytest.mark.parametrize(("form", "bars"), [("A verse", 16), ("A B C", 5), ("", 8)])
def test_a_form_that_makes_no_sense_is_refused(form, bars):
    with pytest.raises(UsageError):
        sections_of(form, bars)


def test_a_section_that_returns_is_mostly_the_same_and_a_new_one_is_not(composer):
    sections = sections_of("A B A'", 12)
    made = compose_in_form(
        composer, None, order(jobs.from_scratch(12, ROLES_HERE), drafts=2), sections, random=dice()
    )
    assert len(made) == 2
    played = cells(made[0].grid)[:, :, [ROLES.index(role) for role in ROLES_HERE]]
    again = (played[8:, 1:] == played[:4, 1:]).mean()
    other = (played[4:8] == played[:4]).mean()
    assert 0.6 < again < 1
    assert other < again - 0.3
    with pytest.raises(UsageError, match="9 bars"):
        compose_in_form(composer, None, order(jobs.from_scratch(9, ROLES_HERE)), sections, random=dice())
