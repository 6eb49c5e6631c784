from __future__ import annotations

import math

import numpy as np
import pytest

from huohua.arts.music.metrics import musegan
from huohua.arts.music.metrics.tally import Tally, together
from huohua.arts.music.metrics.tonal import tonal_centroid
from toys.made_songs import made, songs

CHORD = [(0, 16, 60), (0, 16, 64), (0, 16, 67)]


def test_a_bar_in_which_a_note_only_goes_on_is_not_empty():
    notes = made(bars=4, lead=[(8, 24, 60), (32, 33, 62)])
    assert musegan.empty_bars(notes, "lead") == Tally(1, 4)
    assert musegan.empty_bars(notes, "bass") == Tally(4, 4)


def test_octaves_are_one_pitch_class_and_empty_bars_do_not_count():
    notes = made(bars=3, harmony=[(0, 4, 60), (0, 4, 72), (4, 8, 67), (20, 24, 60)])
    assert musegan.used_pitch_classes(notes, "harmony") == Tally(3, 2)


def test_pitch_classes_are_not_the_sevens_of_the_released_code():
    # Reshaped to 12 by 7, as their code does with 84 pitches from 24, these twelve semitones are two classes.
    scale = [(step, step + 1, 60 + step) for step in range(12)]
    assert len({(60 + step - 24) // 7 for step in range(12)}) == 2
    assert musegan.used_pitch_classes(made(lead=scale), "lead") == Tally(12, 1)


def test_notes_from_eighths_are_those_of_two_steps():
    notes = made(lead=[(0, 1, 60), (1, 3, 60), (4, 8, 62), (8, 9, 62)])
    assert musegan.notes_from_eighths(notes, "lead") == Tally(2, 4)
    assert musegan.qualified_notes(notes, "lead") == Tally(4, 4)


def test_in_ticks_a_thirty_second_is_the_shortest_note_that_qualifies():
    notes = made(steps=192, quarter=48, lead=[(0, 5, 60), (10, 16, 60), (20, 44, 60)])
    assert musegan.qualified_notes(notes, "lead") == Tally(2, 3)
    assert musegan.notes_from_eighths(notes, "lead") == Tally(1, 3)


def test_two_pitches_at_once_are_not_yet_polyphony():
    notes = made(harmony=[(0, 8, 60), (0, 8, 64), (4, 6, 67)])
    assert musegan.polyphonic_steps(notes, "harmony") == Tally(2, 16)


def test_drums_off_the_eighths_count_a_tenth():
    notes = made(drums=[(0, 1, 0), (2, 3, 0), (3, 4, 1), (4, 5, 2)])
    tally = musegan.drum_pattern(notes)
    assert (tally.total, tally.weight) == (pytest.approx(3.1), 4)


def test_the_fifth_is_as_far_as_its_circles_say():
    # One step on the circle of fifths is 7π/6 on the sine and cosine, and so on: the chords of three angles.
    angles = [7 * 7 * math.pi / 6, 7 * 3 * math.pi / 2, 7 * 2 * math.pi / 3]
    far = math.sqrt(sum((r * 2 * math.sin(a / 2)) ** 2 for r, a in zip((1, 1, 0.5), angles, strict=True)))
    notes = made(lead=[(0, 4, 60)], bass=[(0, 4, 43)])
    tally = musegan.tonal_distance(notes, "lead", "bass")
    assert tally.weight == 1
    assert tally.total == pytest.approx(far)


def slow_tonal_distance(notes, first, second):
    """Quarter by quarter and note by note, without arrays of circles."""
    found = []
    for quarter in range(notes.length // notes.quarter):
        points = []
        for role in (first, second):
            amounts = [0.0] * 12
            for start, length, pitch in notes.of(role).tolist():
                low, high = quarter * notes.quarter, (quarter + 1) * notes.quarter
                amounts[pitch % 12] += max(0, min(high, start + length) - max(low, start))
            if not sum(amounts):
                break
            shares = [amount / sum(amounts) for amount in amounts]
            points.append(
                [
                    radius * sum(share * turn(k * angle * math.pi) for k, share in enumerate(shares))
                    for radius, angle in ((1, 7 / 6), (1, 3 / 2), (0.5, 2 / 3))
                    for turn in (math.sin, math.cos)
                ]
            )
        if len(points) == 2:
            found.append(math.dist(*points))
    return sum(found), len(found)


@pytest.mark.parametrize("notes", songs(3), ids=lambda notes: notes.song)
def test_tonal_distance_is_that_of_the_slow_twin(notes):
    for pair in (("lead", "bass"), ("lead", "harmony")):
        tally = musegan.tonal_distance(notes, *pair)
        total, weight = slow_tonal_distance(notes, *pair)
        assert (tally.total, tally.weight) == (pytest.approx(total), weight)


def test_tonal_distance_does_not_mind_the_key():
    notes = songs(1)[0]
    moved = notes.with_notes({role: table + np.array([0, 0, 5]) for role, table in notes.played.items()})
    before, after = (musegan.tonal_distance(each, "lead", "harmony").mean for each in (notes, moved))
    assert before == pytest.approx(after)


def test_quarters_in_which_one_is_silent_do_not_count():
    notes = made(lead=[(0, 4, 60)], harmony=[(8, 12, 60)])
    assert musegan.tonal_distance(notes, "lead", "harmony") == Tally(0, 0)
    assert math.isnan(musegan.tonal_distance(notes, "lead", "harmony").mean)
    assert np.isnan(tonal_centroid(np.zeros((1, 12)))).all()


def test_means_of_pieces_add_up_bar_by_bar():
    one, two = made(bars=1, lead=[(0, 16, 60)]), made(bars=3, lead=[])
    assert together(musegan.empty_bars(notes, "lead") for notes in (one, two)).mean == pytest.approx(0.75)
