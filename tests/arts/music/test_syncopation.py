"""Syncopation against rhythms counted by hand, and against a twin that follows one note at a time."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.grid import empty_grid
from huohua.arts.music.packing import windows_of
from huohua.arts.music.sounding import heard
from huohua.arts.music.syncopation import WEIGHTS, syncopation


def points(steps, metre=(4, 4), bars=2):
    grid = empty_grid(bars, metre=metre)
    for step in steps:
        grid.mono_BVS[step // grid.steps, 0, step % grid.steps] = 30
    grid.present_R[0] = True
    return syncopation(heard(windows_of([grid], bars)))[0, :, 0].tolist()


PLAIN = (16, 20, 24, 28)  # a second bar of quarters, which ends what lasts


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((0, 4, 8, 12, *PLAIN), 0),  # quarters
        ((0, 8, *PLAIN), 0),  # halves
        ((3, 4, 8, 12, *PLAIN), 0),  # an upbeat
        ((0, 4, 12, *PLAIN), 1),  # beat 2 lasts over beat 3: -1 less -2
        ((0, 6, 12, *PLAIN), 2),  # the offbeat of 2 lasts over beat 3: -1 less -3
        ((0, 14, *PLAIN[1:]), 3),  # the last offbeat lasts over the bar line: 0 less -3
        ((0, 15, 17, *PLAIN[1:]), 4),  # the last sixteenth lasts over the bar line: 0 less -4
    ],
)
def test_notes_that_last_over_a_stronger_place_count_by_the_difference(steps, expected):
    assert points(steps)[0] == expected


def test_six_eight_and_three_four_weigh_the_same_steps_differently():
    steps = (0, 4, 8)  # every quarter: plain in 3/4, against the beat in 6/8
    assert points(steps, (3, 4), bars=1) == [0]
    assert points(steps, (6, 8), bars=1) == [1]


def slow(struck, weights):
    """Follow each note until the next, a bar at most, and look for the strongest place it lasts over."""
    total = len(struck)
    bar = len(weights)
    result = [0] * (total // bar)
    for time in range(total):
        if not struck[time]:
            continue
        best = None
        for later in range(time + 1, min(time + bar, total)):
            if struck[later]:
                break
            best = weights[later % bar] if best is None else max(best, weights[later % bar])
        if best is not None and best > weights[time % bar]:
            result[time // bar] += best - weights[time % bar]
    return result


@pytest.mark.parametrize(
    ("metre", "key"),
    [((4, 4), (16, False)), ((3, 4), (12, False)), ((6, 8), (12, True)), ((2, 4), (8, False))],
)
@pytest.mark.parametrize("seed", range(4))
def test_all_windows_at_once_are_like_one_note_at_a_time(seed, metre, key):
    dice = np.random.default_rng(seed)
    struck = dice.random(4 * key[0]) < (0.15, 0.3, 0.5, 0.8)[seed]
    assert points(np.flatnonzero(struck).tolist(), metre, bars=4) == slow(struck, WEIGHTS[key])
