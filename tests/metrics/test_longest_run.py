from __future__ import annotations

import numpy as np
import pytest

from huohua.metrics.longest_run import RunIndex


def slow_longest(asked, sequences, besides=-1):
    """The textbook table of common suffixes, member by member."""
    best = 0
    for number, other in enumerate(sequences):
        if number == besides:
            continue
        row = [0] * (len(other) + 1)
        for member in asked:
            row = [0] + [row[j] + 1 if member == other[j] else 0 for j in range(len(other))]
            best = max(best, *row)
    return best


@pytest.mark.parametrize("letters", [2, 3, 12])
def test_the_length_is_that_of_the_slow_table(letters):
    dice = np.random.default_rng(letters)
    sequences = [dice.integers(-1, letters - 1, size=dice.integers(0, 60)) for _ in range(8)]
    index = RunIndex(sequences)
    for size in (0, 1, 2, 17, 50):
        asked = dice.integers(-1, letters - 1, size=size)
        for besides in (-1, 2):
            run = index.longest(asked, besides=besides)
            assert run.length == slow_longest(asked, sequences, besides)
            if run.length:
                stretch = sequences[run.other][run.other_start : run.other_start + run.length]
                assert stretch.tolist() == asked[run.start : run.start + run.length].tolist()
                assert run.other != besides


def test_a_planted_copy_is_found_where_it_stands():
    dice = np.random.default_rng(0)
    sequences = [dice.integers(0, 1000, size=300) for _ in range(20)]
    asked = dice.integers(0, 1000, size=200)
    asked[30:75] = sequences[13][101:146]
    run = RunIndex(sequences).longest(asked)
    assert (run.length, run.start, run.other, run.other_start) == (45, 30, 13, 101)


def test_a_sequence_does_not_count_beside_itself():
    same = np.arange(10)
    index = RunIndex([same, np.array([3, 4, 99])])
    assert index.longest(same).length == 10
    assert index.longest(same, besides=0).length == 2


def test_nothing_is_shared_with_nothing():
    assert RunIndex([]).longest(np.arange(3)).length == 0
    assert RunIndex([np.arange(3)]).longest(np.array([], dtype=int)).other == -1
