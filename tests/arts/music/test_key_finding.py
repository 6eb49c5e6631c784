from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.key_finding import (
    PROFILES,
    fits,
    found_key,
    key_of,
    main_key,
    pitch_classes,
    shift_home,
)
from huohua.arts.music.piece import Key, Note, Piece, Track

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11)


def test_weights_are_durations_by_pitch_class():
    assert pitch_classes([(60, 3), (72, 1), (61, 2)]).tolist() == [4, 2] + [0] * 10


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_key_fits_its_own_profile_perfectly_in_every_transposition(tonic, mode):
    weights = np.roll(np.array(PROFILES[mode]), tonic)
    assert fits(weights)[tonic, mode] == pytest.approx(1.0, abs=1e-12)
    assert key_of(weights) == Key(tonic=tonic, mode=mode)


def test_fits_are_correlations_of_numpy():
    weights = np.random.default_rng(0).random(12)
    for (tonic, mode), fit in fits(weights).items():
        twin = np.corrcoef(weights, [PROFILES[mode][(pitch - tonic) % 12] for pitch in range(12)])[0, 1]
        assert fit == pytest.approx(twin, abs=1e-12)


@pytest.mark.parametrize(("scale", "mode"), [(MAJOR, "major"), (MINOR, "minor")])
def test_a_scale_with_a_long_tonic_and_fifth_is_heard_in_its_key(scale, mode):
    notes = [Note(start=48 * i, duration=48, pitch=62 + step) for i, step in enumerate(scale)]
    notes += [Note(start=400, duration=144, pitch=62), Note(start=600, duration=96, pitch=69)]
    piece = Piece(tracks=(Track(notes=tuple(notes)),))
    assert found_key(piece) == Key(tonic=2, mode=mode)


def test_drums_have_no_key_and_silence_is_in_c():
    kit = Track(drums=True, role="drums", notes=(Note(start=0, duration=9, pitch=38),))
    assert found_key(Piece(tracks=(kit,))) == Key()


def test_a_piece_that_says_its_key_is_believed_for_the_one_it_is_in_longest():
    line = Track(notes=(Note(start=0, duration=480, pitch=60),))
    keys = (Key(tonic=7), Key(tick=96, tonic=4, mode="minor"), Key(tick=384, tonic=7))
    assert main_key(Piece(tracks=(line,), keys=keys)) == Key(tonic=4, mode="minor")


@pytest.mark.parametrize("tonic", range(12))
def test_shifts_lead_home_by_the_shorter_way(tonic):
    for mode, home in (("major", 0), ("minor", 9)):
        shift = shift_home(Key(tonic=tonic, mode=mode))
        assert -5 <= shift <= 6
        assert (tonic + shift) % 12 == home
