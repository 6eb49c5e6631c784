from __future__ import annotations

import math

import numpy as np
import pytest

from huohua.arts.music.metrics.foils import noise
from huohua.arts.music.metrics.note_statistics import FEATURES, NOTE_LENGTHS, describe, overlaps
from huohua.errors import DataError
from toys.made_songs import made, songs

# C for a quarter, then E for an eighth and G for a half together with a C an octave up.
TUNE = made(lead=[(0, 4, 60), (4, 6, 64), (6, 14, 67)], harmony=[(6, 14, 72)])


def value(name, notes=TUNE):
    return describe([notes], name)[0]


def test_scalars_are_those_of_counting_by_hand():
    assert value("pitch count").tolist() == [4]
    assert value("pitch range").tolist() == [12]
    assert value("average interval").tolist() == [(4 + 3 + 5) / 3]
    assert value("note count").tolist() == [4]
    assert value("average onset interval") == pytest.approx([(1 + 0.5 + 0) / 3])


def test_histograms_are_shares():
    expected = np.zeros(12)
    expected[[0, 4, 7]] = np.array([4 + 8, 2, 8]) / 22
    assert value("pitch class histogram") == pytest.approx(expected)
    lengths = dict(zip(NOTE_LENGTHS.round(4).tolist(), value("note length histogram").tolist(), strict=True))
    assert (lengths[0.5], lengths[0.25], lengths[0.125]) == (0.5, 0.25, 0.25)


def test_transitions_count_each_pair_of_neighbours():
    moves = value("pitch class transitions").reshape(12, 12)
    assert (moves[0, 4], moves[4, 7], moves[7, 0], moves.sum()) == (1, 1, 1, 3)
    lengths = value("note length transitions").reshape(12, 12)
    quarter, eighth, half = (NOTE_LENGTHS.tolist().index(length) for length in (0.25, 0.125, 0.5))
    assert (lengths[quarter, eighth], lengths[eighth, half], lengths[half, half]) == (1, 1, 1)


def test_a_length_is_the_nearest_of_the_twelve():
    # Seven sixteenths lie between a dotted quarter and a half note, and half-way: the first listed is taken.
    found = value("note length histogram", made(lead=[(0, 15, 60), (15, 16, 60)]))
    assert found[0] == 0.5
    assert found[NOTE_LENGTHS.tolist().index(6 / 96)] == 0.5


def test_a_silent_piece_has_features_too():
    for name in FEATURES:
        assert np.isfinite(value(name, made())).all()
    with pytest.raises(DataError, match="No pieces"):
        describe([], "pitch count")


def test_a_role_can_be_measured_alone():
    assert describe([TUNE], "note count", ("lead",)).tolist() == [[3]]


def test_songs_of_one_kind_overlap_and_noise_does_not():
    real, other = songs(30, bars=4), songs(30, first=100, bars=4)
    like = overlaps(other, real)
    unlike = overlaps(noise(real, np.random.default_rng(0)), real)
    assert set(like) == set(FEATURES)
    assert np.mean([area for area, _ in like.values()]) > 0.85
    assert np.mean([area for area, _ in unlike.values()]) < 0.6
    assert all(divergence >= 0 and math.isfinite(divergence) for _, divergence in like.values())
