from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pytest

from huohua.arts.music.metrics import consistency
from huohua.arts.music.roles import ROLES
from toys.made_songs import made, songs

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the packages that MusPy brings
    muspy = pytest.importorskip("muspy")


def for_muspy(notes):
    tracks = [
        muspy.Track(
            is_drum=role == "drums",
            notes=[muspy.Note(int(s), int(p), int(d), 64) for s, d, p in notes.of(role).tolist()],
        )
        for role in ROLES
        if role in notes.played
    ]
    return muspy.Music(resolution=notes.quarter, tracks=tracks)


def random_notes(seed, *, quarter=4, drums=True):
    """Return notes of chance whose last one ends inside its quarter and bar, where MusPy counts as we do."""
    dice = np.random.default_rng(seed)
    steps = 4 * quarter
    end = 3 * steps - 1

    def strokes(count, low, high):
        start = dice.integers(0, end - 2, size=count)
        stop = np.minimum(start + dice.integers(1, quarter, size=count), end)
        # A note of MusPy also sounds where it ends, so none may end where a quarter begins.
        stop -= stop % quarter == 0
        kept = stop > start
        return list(zip(start[kept], stop[kept], dice.integers(low, high, size=count)[kept], strict=True))

    last = [(end - 1, end, 60)]
    roles = {"lead": strokes(14, 60, 84) + last, "harmony": strokes(30, 48, 72)}
    return made(bars=3, steps=steps, quarter=quarter, **roles, drums=strokes(9, 0, 9) if drums else [])


CASES = [random_notes(seed, quarter=quarter) for seed, quarter in itertools.product(range(3), (4, 12, 48))]
OURS_AND_THEIRS = [
    (consistency.empty_quarters, muspy.empty_beat_rate),
    (consistency.polyphony, muspy.polyphony),
    (consistency.scale_consistency, muspy.scale_consistency),
    (consistency.drum_pattern_consistency, muspy.drum_pattern_consistency),
    (consistency.pitch_in_scale, lambda music: muspy.pitch_in_scale_rate(music, 0, "major")),
    (
        lambda notes: consistency.pitch_in_scale(notes, 9, "minor"),
        lambda music: muspy.pitch_in_scale_rate(music, 9, "minor"),
    ),
    (consistency.groove_consistency, lambda music: muspy.groove_consistency(music, 4 * music.resolution)),
]


@pytest.mark.parametrize("notes", CASES)
@pytest.mark.parametrize(("ours", "theirs"), OURS_AND_THEIRS)
def test_a_figure_is_that_of_muspy(ours, theirs, notes):
    tally = ours(notes)
    assert tally.mean == pytest.approx(theirs(for_muspy(notes)), abs=1e-12)


@pytest.mark.parametrize("notes", CASES)
def test_many_pitches_sound_in_as_many_steps_as_for_muspy(notes):
    # It divides by the steps up to the end of the last note, which is one step before the end of the bar.
    total, weight = consistency.polyphony_rate(notes)
    assert total / (weight - 1) == pytest.approx(muspy.polyphony_rate(for_muspy(notes)), abs=1e-12)


def test_where_a_note_ends_with_its_quarter_muspy_counts_one_more():
    notes = made(lead=[(0, 4, 60), (12, 16, 62)])
    assert consistency.empty_quarters(notes).mean == pytest.approx(2 / 4)
    # It sees five quarters, and the first note reach into the second.
    assert muspy.empty_beat_rate(for_muspy(notes)) == pytest.approx(1 / 5)


def test_pitch_classes_have_the_entropy_of_muspy():
    notes = songs(1, bars=4)[0]
    assert consistency.pitch_class_entropy(notes, bars=4).mean == pytest.approx(
        muspy.pitch_class_entropy(for_muspy(notes))
    )


def test_entropy_is_taken_over_every_stretch_of_bars_that_is_not_empty():
    notes = made(bars=4, lead=[(0, 4, 60), (4, 8, 62), (16, 20, 60), (48, 52, 64)])
    by_bar = consistency.pitch_class_entropy(notes, bars=1)
    assert (by_bar.total, by_bar.weight) == (pytest.approx(1.0), 3)
    two = consistency.pitch_class_entropy(notes, bars=2)
    third = -(2 / 3 * math.log2(2 / 3) + 1 / 3 * math.log2(1 / 3))
    assert (two.total, two.weight) == (pytest.approx(third + 0 + 0), 3)


def test_grooves_of_all_pairs_and_of_neighbours_differ():
    notes = made(bars=3, lead=[(0, 1, 60), (16, 17, 60), (40, 41, 60)])
    # Bars strike at step 0, 0 and 8: the third differs from each other one in two of 16 steps.
    assert consistency.groove_consistency(notes).mean == pytest.approx(1 - (0 + 2) / 2 / 16)
    assert consistency.grooving_similarity(notes).mean == pytest.approx(1 - (0 + 2 + 2) / 3 / 16)


def test_a_piece_of_one_bar_has_no_groove_and_a_silent_one_no_scale():
    assert consistency.groove_consistency(made(lead=[(0, 1, 60)])).weight == 0
    assert consistency.scale_consistency(made()).weight == 0
    assert consistency.polyphony(made()).weight == 0
