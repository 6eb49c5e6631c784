"""Each control against music counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from huohua.arts.music.controls import CHUNK, CONTROLS, UNITS, controls_of, controls_of_each, measure
from huohua.arts.music.grid import grid_of
from huohua.arts.music.packing import windows_of
from huohua.arts.music.piece import Key, Metre, Note, Piece, Track
from huohua.arts.music.tension import CONSONANCE

C = Key()


def grid(*tracks, metre=(4, 4), bars=None):
    """Return a grid of tracks given as (role, [(step, steps, pitch), …])."""
    made = [
        Track(
            role=role,
            drums=role == "drums",
            notes=tuple(Note(start=12 * s, duration=12 * d, pitch=p) for s, d, p in notes),
        )
        for role, notes in tracks
    ]
    metres = (Metre(numerator=metre[0], denominator=metre[1]),)
    return grid_of(Piece(tracks=tuple(made), metres=metres), key=C, bars=bars)


def test_every_control_has_a_unit():
    assert set(UNITS) == set(CONTROLS)


def test_density_is_notes_struck_for_each_quarter_and_role():
    quarters = [(4 * i, 4, 60) for i in range(4)]
    eighths = [(2 * i, 2, 72) for i in range(8)]
    assert controls_of(grid(("lead", quarters)))["density"] == 1.0
    assert controls_of(grid(("lead", eighths), ("bass", quarters)))["density"] == 1.5
    chords = [(0, 8, pitch) for pitch in (48, 52, 55)] + [(8, 8, 48)]
    assert controls_of(grid(("harmony", chords)))["density"] == 0.5
    assert controls_of(grid(("lead", [(0, 12, 60)]), metre=(6, 8)))["density"] == pytest.approx(1 / 3)


def test_complexity_is_syncopation_for_each_bar_and_role():
    offbeats = [(2 + 4 * i, 4, 60) for i in range(4)]
    # Offbeats of 1, 2, 3 and 4 last over beats 2 (-2), 3 (-1), 4 (-2) and nothing: 1 + 2 + 1 points.
    assert controls_of(grid(("lead", offbeats), bars=1))["complexity"] == 4.0
    assert controls_of(grid(("lead", offbeats), ("bass", [(0, 16, 40)]), bars=1))["complexity"] == 2.0


def test_polyphony_counts_what_sounds_at_once_while_anything_does():
    chord = [(0, 8, pitch) for pitch in (48, 52, 55)]
    assert controls_of(grid(("harmony", chord), ("lead", [(0, 4, 72)])))["polyphony"] == 3.5
    assert controls_of(grid(("lead", [(0, 4, 72)])))["polyphony"] == 1.0


def test_register_is_the_mean_of_pitches_by_how_long_they_sound():
    assert controls_of(grid(("lead", [(0, 12, 60), (12, 4, 72)])))["register"] == 63.0


def test_range_is_the_span_of_each_role_on_average():
    found = grid(("lead", [(0, 4, 60), (4, 4, 67)]), ("bass", [(0, 4, 40), (4, 4, 41)]))
    assert controls_of(found)["range"] == 4.0


def test_tension_is_the_dissonance_of_pitch_classes_in_a_beat():
    fifth, tritone = [(0, 4, 60), (0, 4, 67)], [(0, 4, 60), (0, 4, 66)]
    assert controls_of(grid(("harmony", fifth)))["tension"] == pytest.approx(-1.240)
    assert controls_of(grid(("harmony", tritone)))["tension"] == pytest.approx(0.453)
    # A triad: a fifth, a major and a minor third; doubled octaves change nothing.
    triad = [(0, 4, pitch) for pitch in (48, 52, 55, 60, 64)]
    assert controls_of(grid(("harmony", triad)))["tension"] == pytest.approx(-(1.240 + 0.386 + 0.594) / 3)
    # Broken within the beat it counts the same; beats with one pitch class count for nothing.
    broken = [(0, 1, 48), (1, 1, 52), (2, 1, 55), (4, 4, 60)]
    assert controls_of(grid(("lead", broken)))["tension"] == pytest.approx(-(1.240 + 0.386 + 0.594) / 3)


def test_a_beat_of_six_eight_is_a_dotted_quarter():
    notes = [(0, 2, 60), (4, 2, 61)]
    assert controls_of(grid(("lead", notes), metre=(6, 8)))["tension"] == pytest.approx(1.428)
    assert np.isnan(controls_of(grid(("lead", notes), metre=(3, 4)))["tension"])


def test_consonance_falls_from_the_fifth_to_the_semitone():
    order = np.argsort(CONSONANCE)[::-1] + 1
    assert order.tolist() == [5, 3, 4, 6, 2, 1]


def test_repetition_is_the_share_of_a_bar_that_stood_in_an_earlier_one():
    bar = [(0, 4, 60), (4, 4, 62), (8, 4, 64), (12, 4, 65)]
    again = [(16 + s, d, p) for s, d, p in bar]
    assert controls_of(grid(("lead", bar + again)))["repetition"] == 1.0
    half = [(16 + s, d, p if s < 8 else p + 1) for s, d, p in bar]
    assert controls_of(grid(("lead", bar + half)))["repetition"] == pytest.approx(2 / 6)
    third = [(32 + s, d, p) for s, d, p in bar]
    assert controls_of(grid(("lead", bar + half + third)))["repetition"] == pytest.approx((2 / 6 + 1) / 2)
    assert np.isnan(controls_of(grid(("lead", bar)))["repetition"])


def test_swing_is_that_of_the_grid():
    assert controls_of(replace(grid(("lead", [(0, 4, 60)])), swing=2.0))["swing"] == 2.0


def test_drums_have_rhythm_and_no_pitch():
    found = controls_of(grid(("drums", [(0, 1, 36), (8, 1, 36), (4, 1, 38), (12, 1, 38), (4, 1, 42)])))
    assert found["density"] == 1.0
    assert all(np.isnan(found[name]) for name in ("polyphony", "register", "range", "tension"))


def test_bars_are_measured_one_by_one_and_missing_ones_not_at_all():
    bar = [(0, 4, 60), (4, 4, 62)]
    two = grid(("lead", [*bar, (16, 2, 70), (18, 2, 70), (20, 2, 70), (22, 2, 70)]))
    whole, bars = measure(windows_of([two], 3), np.array([1.5]))
    assert bars.shape == (1, 3, 8)
    density = CONTROLS.index("density")
    register = CONTROLS.index("register")
    assert bars[0, :2, density].tolist() == [0.5, 1.0]
    assert whole[0, density] == 0.75
    assert bars[0, :2, register].tolist() == [61.0, 70.0]
    assert np.isnan(bars[0, 2]).all()
    assert bars[0, :2, CONTROLS.index("swing")].tolist() == [1.5, 1.5]
    # The first bar has nothing to repeat; it says what the window says.
    assert bars[0, 0, CONTROLS.index("repetition")] == whole[0, CONTROLS.index("repetition")] == 0.0


def test_measuring_many_is_measuring_each():
    dice = np.random.default_rng(0)
    many = []
    for number in range(CHUNK + 3):
        notes = [(int(s), 1, int(dice.integers(50, 80))) for s in np.flatnonzero(dice.random(32) < 0.4)]
        metre = [(4, 4), (3, 4), (6, 8), (2, 4)][number % 4]
        many.append(grid(("lead", notes or [(0, 1, 60)]), ("bass", [(0, 8, 40)]), metre=metre))
    together = controls_of_each(many)
    for number in (0, 1, 2, 3, CHUNK + 2):
        alone = controls_of(many[number])
        assert together[number] == pytest.approx([alone[name] for name in CONTROLS], nan_ok=True, abs=1e-6)
