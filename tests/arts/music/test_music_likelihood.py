"""Surprise at pieces, note by note: what counts as a cell, and that nothing is known before its time."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from huohua.arts.music.grid import Grid, empty_grid
from huohua.arts.music.grid_layout import FIRST_PITCH, HOLD
from huohua.arts.music.likelihood import TOLD, mean_nats, pitch_nats, surprises
from huohua.arts.music.networks.composer import Composer, ComposerSettings


@pytest.fixture(scope="module")
def composer() -> Composer:
    with torch.random.fork_rng():
        torch.manual_seed(7)
        size = ComposerSettings(width=16, heads=2, encoder=1, decoder=2, mapped=8)
        return Composer(size, condition=5, latent=3).eval()


def chorale(bars: int, seed: int = 1) -> Grid:
    """A piece in four voices that begins after two steps and ends four steps before its last bar does."""
    dice, grid = np.random.default_rng(seed), empty_grid(bars)
    token = dice.integers(FIRST_PITCH + 10, FIRST_PITCH + 40, (bars, 4, 16))
    token[dice.random(token.shape) < 0.6] = HOLD
    grid.mono_BVS[:] = token
    grid.mono_BVS[0, :, :2] = 0
    grid.mono_BVS[0, :, 2] = 40
    grid.mono_BVS[-1, :, 12:] = 0
    grid.present_R[:4] = True
    return grid


def test_holding_a_pitch_and_striking_it_again_are_one_event():
    logits = torch.log(torch.tensor([[[0.1, 0.3, 0.2, 0.4]]]))  # rest, hold, two pitches
    logits = torch.cat([logits, torch.full((1, 1, 70), -torch.inf)], dim=2)

    def share(token: int, before: int) -> float:
        return math.exp(-pitch_nats(logits, torch.tensor([[token]]), torch.tensor([[before]])).item())

    assert share(HOLD, 2) == pytest.approx(0.5, abs=1e-5)
    assert share(2, 2) == pytest.approx(0.5, abs=1e-5)
    assert share(3, 2) == pytest.approx(0.4, abs=1e-5)
    assert share(0, 0) == pytest.approx(0.4, abs=1e-5)  # silence goes on, held or not
    assert share(0, 2) == pytest.approx(0.1, abs=1e-5)


def test_cells_are_those_from_the_first_note_to_the_end_of_the_last(composer):
    found = surprises(composer, [chorale(3), chorale(11)])
    assert [one.cells for one in found] == [(3 * 16 - 6) * 4, (11 * 16 - 6) * 4]
    assert np.isnan(found[0].nats_TV[:2]).all()
    assert np.isnan(found[0].nats_TV[-4:]).all()
    assert math.log(12 * 16 * 4) == pytest.approx(TOLD)
    total = sum(float(np.nansum(one.nats_TV)) for one in found) + 2 * TOLD
    assert mean_nats(found) == pytest.approx(total / sum(one.cells for one in found))


def test_nothing_that_comes_later_is_known(composer):
    """Where two pieces begin alike they are equally surprising, however they go on and wherever they end."""
    long, short, other = chorale(14), chorale(14), chorale(14)
    short.mono_BVS[6:] = 0
    other.mono_BVS[9:] = chorale(14, seed=2).mono_BVS[9:]
    whole, ended, changed = surprises(composer, [long, short, other])
    np.testing.assert_allclose(ended.nats_TV[: 6 * 16], whole.nats_TV[: 6 * 16], atol=1e-4)
    np.testing.assert_allclose(changed.nats_TV[: 9 * 16], whole.nats_TV[: 9 * 16], atol=1e-4)
    assert not np.allclose(changed.nats_TV[9 * 16 : 10 * 16], whole.nats_TV[9 * 16 : 10 * 16], atol=1e-2)


def test_a_cell_knows_the_voices_before_it_in_its_step(composer):
    one, other = chorale(3), chorale(3)
    other.mono_BVS[1, 1, 5] = 30  # alto
    before, after = (found.nats_TV for found in surprises(composer, [one, other]))
    step = 16 + 5
    np.testing.assert_allclose(after[:step], before[:step], atol=1e-5)
    assert after[step, 0] == pytest.approx(before[step, 0], abs=1e-5)  # soprano
    assert abs(after[step, 2] - before[step, 2]) > 1e-4  # tenor


def test_windows_read_on_with_four_bars_before_them(composer):
    """Bars 8 to 11 of a piece are as surprising as bars 4 to 7 of the piece without its first four."""
    whole = chorale(12)
    rest = whole.window(4, 8)
    without_theme = surprises(composer, [whole, rest], themes=False)
    np.testing.assert_allclose(
        without_theme[0].nats_TV[8 * 16 : 12 * 16], without_theme[1].nats_TV[4 * 16 :], atol=1e-4
    )
    themed = surprises(composer, [whole])[0].nats_TV
    assert not np.allclose(themed[8 * 16 : 11 * 16], without_theme[0].nats_TV[8 * 16 : 11 * 16], atol=1e-3)
