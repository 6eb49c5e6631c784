"""Grids against pieces written out by hand, and against a twin that walks from step to step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from huohua.arts.music.grid import Grid, empty_grid, grid_of, main_tempo, piece_of
from huohua.arts.music.grid_layout import HARMONY_PITCHES, HELD, HOLD, LOWEST, METRES, ONSET, PAD, STEPS
from huohua.arts.music.key_finding import shift_home
from huohua.arts.music.piece import Key, Metre, Note, Piece, Tempo, Track
from huohua.arts.music.roles import DRUM_PITCHES, DRUMS, ROLES, VOICES
from huohua.errors import DataError

STEP = 12  # ticks
C_MAJOR = Key(tonic=0)


def note(step, steps, pitch, velocity=80):
    return Note(start=step * STEP, duration=steps * STEP, pitch=pitch, velocity=velocity)


def piece(*tracks, metre=(4, 4), key=C_MAJOR, **more):
    return Piece(
        tracks=tracks, metres=(Metre(numerator=metre[0], denominator=metre[1]),), keys=(key,), **more
    )


def test_a_voice_is_struck_held_and_rests():
    line = Track(role="lead", notes=(note(0, 4, 60), note(6, 2, 62)))
    grid = grid_of(piece(line))
    assert grid.mono_BVS.shape == (1, 4, 16)
    struck = {60: 2 + 24, 62: 2 + 26}
    assert grid.mono_BVS[0, 0].tolist() == [struck[60], 1, 1, 1, 0, 0, struck[62], 1] + [0] * 8
    assert (grid.mono_BVS[0, 1:] == 0).all()
    assert grid.present_R.tolist() == [True, False, False, False, False, False]


def test_the_bass_starts_an_octave_below_the_others():
    line = Track(role="bass", notes=(note(0, 1, 24),))
    assert grid_of(piece(line)).mono_BVS[0, 3, 0] == 2


def test_a_note_goes_on_over_the_bar_line():
    line = Track(role="lead", notes=(note(14, 4, 60),))
    grid = grid_of(piece(line))
    assert grid.bars == 2
    assert grid.mono_BVS[1, 0, :3].tolist() == [HOLD, HOLD, 0]


@pytest.mark.parametrize("metre", list(METRES))
def test_short_bars_are_padded(metre):
    line = Track(role="lead", notes=(note(0, METRES[metre] + 1, 60),))
    grid = grid_of(piece(line, metre=metre))
    assert grid.bars == 2
    assert (grid.mono_BVS[:, :, METRES[metre] :] == PAD).all()
    assert (grid.mono_BVS[:, :, : METRES[metre]] != PAD).all()
    assert grid.mono_BVS[1, 0, :2].tolist() == [HOLD, 0]


def test_harmony_strikes_again_what_still_sounds():
    first = Track(role="harmony", notes=(note(0, 4, 48), note(0, 2, 55)))
    second = Track(role="harmony", notes=(note(2, 2, 48),))
    states = grid_of(piece(first, second)).harmony_BSP[0, :5]
    assert states[:, 12].tolist() == [1, 2, 1, 2, 0]
    assert states[:, 19].tolist() == [1, 2, 0, 0, 0]


def test_drums_are_nine_classes_and_others_are_left_out():
    kit = Track(
        role="drums", drums=True, notes=(note(0, 1, 36), note(4, 1, 40), note(4, 1, 22), note(5, 1, 34))
    )
    grid = grid_of(piece(kit))
    assert np.argwhere(grid.drums_BSD).tolist() == [[0, 0, 0], [0, 4, 1], [0, 4, 2]]


def test_of_several_notes_a_voice_keeps_the_highest_and_a_bass_the_lowest():
    both = (note(0, 4, 60), note(0, 8, 64))
    assert grid_of(piece(Track(role="lead", notes=both))).mono_BVS[0, 0, 0] == 2 + 64 - 36
    assert grid_of(piece(Track(role="bass", notes=both))).mono_BVS[0, 3, 0] == 2 + 60 - 24


def test_a_new_note_of_a_voice_ends_the_one_before():
    line = Track(role="lead", notes=(note(0, 8, 64), note(4, 2, 60)))
    assert grid_of(piece(line)).mono_BVS[0, 0, :7].tolist() == [30, 1, 1, 1, 26, 1, 0]


def test_pitches_outside_the_range_move_by_octaves():
    line = Track(role="lead", notes=(note(0, 1, 23), note(1, 1, 108), note(2, 1, 127)))
    found = grid_of(piece(line)).mono_BVS[0, 0, :3] - 2 + 36
    assert found.tolist() == [47, 96, 103]


def test_keys_go_home_and_come_back():
    line = Track(role="lead", notes=(note(0, 4, 62), note(4, 4, 66)))
    grid = grid_of(piece(line, key=Key(tonic=2)))
    assert grid.shift == -2
    assert grid.mono_BVS[0, 0, [0, 4]].tolist() == [2 + 60 - 36, 2 + 64 - 36]
    assert [n.pitch for n in piece_of(grid).tracks[0].notes] == [62, 66]
    assert grid_of(piece(line, key=Key(tonic=2, mode="minor"))).shift == -5


def test_swung_eighths_are_straight_inside_and_swing_outside():
    swung = Track(role="lead", notes=tuple(Note(start=s, duration=8, pitch=60) for s in (0, 32, 48, 80)))
    grid = grid_of(piece(swung), swing=2.0)
    assert np.flatnonzero(grid.mono_BVS[0, 0] == 26).tolist() == [0, 2, 4, 6]
    assert [n.start for n in piece_of(grid).tracks[0].notes] == [0, 32, 48, 80]
    assert [n.start for n in piece_of(replace(grid, swing=1.0)).tracks[0].notes] == [0, 24, 48, 72]


def test_notes_between_steps_go_to_the_nearest():
    line = Track(
        role="lead", notes=(Note(start=5, duration=10, pitch=60), Note(start=18, duration=1, pitch=62))
    )
    assert grid_of(piece(line)).mono_BVS[0, 0, :4].tolist() == [26, 0, 28, 0]


def test_loudness_is_the_mean_of_what_is_struck_in_a_bar():
    line = Track(role="lead", notes=(note(0, 1, 60, 50), note(1, 1, 60, 61), note(16, 1, 60, 100)))
    grid = grid_of(piece(line))
    assert grid.loudness_BR[:, 0].tolist() == [56, 100]
    assert [n.velocity for n in piece_of(grid).tracks[0].notes] == [56, 56, 100]


def test_the_tempo_is_the_one_that_lasts_longest_in_time():
    line = Track(role="lead", notes=(note(0, 40, 60),))
    slow_and_fast = (Tempo(qpm=60.0), Tempo(tick=16 * STEP, qpm=200.0))
    assert main_tempo(piece(line, tempos=slow_and_fast)) == 60.0
    assert main_tempo(piece(line, tempos=(Tempo(qpm=60.0), Tempo(tick=4 * STEP, qpm=100.0)))) == 100.0


def test_other_metres_and_changing_ones_are_refused():
    line = Track(role="lead", notes=(note(0, 40, 60),))
    with pytest.raises(DataError, match="5/4"):
        grid_of(piece(line, metre=(5, 4)))
    changing = Piece(tracks=(line,), metres=(Metre(), Metre(tick=16 * STEP, numerator=3)))
    with pytest.raises(DataError, match="changes its metre"):
        grid_of(changing)


def test_what_a_generator_writes_amiss_reads_as_rest():
    grid = empty_grid(1)
    grid.present_R[:] = True
    grid.mono_BVS[0, 0, :3] = [HOLD, HOLD, 26]
    grid.harmony_BSP[0, :3, 5] = [HELD, 0, HELD]
    notes = {track.role: track.notes for track in piece_of(grid).tracks}
    assert [(n.start, n.duration, n.pitch, n.velocity) for n in notes["lead"]] == [(24, 12, 60, 80)]
    assert notes["harmony"] == ()


def test_a_window_strikes_again_what_sounds_across_its_beginning():
    lead = Track(role="lead", notes=(note(14, 4, 60, 33), note(20, 2, 62, 99)))
    chord = Track(role="harmony", notes=(note(15, 3, 48, 44),))
    window = grid_of(piece(lead, chord)).window(1, 1)
    assert window.mono_BVS[0, 0, :7].tolist() == [26, HOLD, 0, 0, 28, HOLD, 0]
    assert window.harmony_BSP[0, :3, 12].tolist() == [ONSET, HELD, 0]
    assert window.loudness_BR[0, [0, 4]].tolist() == [99, 44]
    with pytest.raises(DataError, match="not in a grid"):
        window.window(0, 2)


def test_a_grid_refuses_arrays_of_another_shape_type_or_range():
    good = empty_grid(2)
    for wrong in (
        {"mono_BVS": good.mono_BVS[:, :3]},
        {"mono_BVS": good.mono_BVS.astype(np.int64)},
        {"mono_BVS": good.mono_BVS - 1},
        {"mono_BVS": good.mono_BVS + np.int16(PAD + 1)},
        {"harmony_BSP": good.harmony_BSP + np.uint8(3)},
        {"drums_BSD": good.drums_BSD + np.uint8(2)},
        {"present_R": good.present_R[:4]},
        {"metre": (7, 8)},
    ):
        with pytest.raises(DataError):
            replace(good, **wrong)


# ── the slow twin: one step after another ────────────────────────────────────────────────────────


def notes_step_by_step(grid):
    """Return (role, step, end, pitch) of every note, found by asking each step what it says."""
    found = set()
    for voice, role in enumerate(VOICES):
        sounding = None
        for time in range(grid.bars * grid.steps + 1):
            over = time == grid.bars * grid.steps
            token = 0 if over else int(grid.mono_BVS[time // grid.steps, voice, time % grid.steps])
            if sounding is not None and token != 1:
                found.add((role, sounding[0], time, sounding[1]))
                sounding = None
            if token >= 2:
                sounding = (time, token - 2 + (24 if role == "bass" else 36))
    for place in range(60):
        struck = None
        for time in range(grid.bars * grid.steps + 1):
            over = time == grid.bars * grid.steps
            state = 0 if over else int(grid.harmony_BSP[time // grid.steps, time % grid.steps, place])
            if struck is not None and state != 2:
                found.add(("harmony", struck, time, place + 36))
                struck = None
            if state == 1:
                struck = time
    for time in range(grid.bars * grid.steps):
        for drum in range(9):
            if grid.drums_BSD[time // grid.steps, time % grid.steps, drum]:
                found.add(("drums", time, time + 1, drum))
    return found


def random_grid(seed, *, swing=1.0):
    """Return a grid as music gives them: no hold without a note, loudness where something is struck."""
    dice = np.random.default_rng(seed)
    metre = list(METRES)[seed % len(METRES)]
    grid = empty_grid(int(dice.integers(1, 6)), metre=metre, tempo=float(dice.integers(40, 240)))
    key = Key(tonic=int(dice.integers(12)), mode=("major", "minor")[seed % 2])
    for voice in range(4):
        holding = False
        for bar in range(grid.bars):
            for step in range(grid.steps):
                token = int(dice.choice([0, 1, int(dice.integers(2, PAD))]))
                token = 0 if token == HOLD and not holding else token
                holding = token != 0
                grid.mono_BVS[bar, voice, step] = token
    ringing = np.zeros(HARMONY_PITCHES, dtype=bool)
    for bar in range(grid.bars):
        for step in range(grid.steps):
            state = dice.choice([0, 1, 2], p=[0.8, 0.05, 0.15], size=HARMONY_PITCHES)
            state[(state == HELD) & ~ringing] = 0
            ringing = state != 0
            grid.harmony_BSP[bar, step] = state
    grid.drums_BSD[:, : grid.steps] = dice.random((grid.bars, grid.steps, 9)) < 0.2
    grid.mono_BVS[-1, 0, grid.steps - 1] = 20  # so that the last bar is not empty
    grid.present_R[:] = True
    grid.derived_R[:] = dice.random(6) < 0.5
    heard = grid.mono_BVS[:, :, : grid.steps] >= 2
    struck = [*(heard[:, v].any(axis=1) for v in range(4)), (grid.harmony_BSP == 1).any(axis=(1, 2))]
    struck.append(grid.drums_BSD.any(axis=(1, 2)))
    grid.loudness_BR[:] = np.stack(struck, axis=1) * dice.integers(1, 128, size=(grid.bars, 6))
    return replace(grid, key=key, shift=shift_home(key), swing=swing, title=f"no. {seed}")


@pytest.mark.parametrize("seed", range(16))
def test_notes_are_those_that_a_walk_from_step_to_step_finds(seed):
    grid = random_grid(seed)
    fast = {
        (
            track.role,
            n.start // STEP,
            n.end // STEP,
            [DRUM_PITCHES[drum] for drum in DRUMS].index(n.pitch) if track.drums else n.pitch + grid.shift,
        )
        for track in piece_of(grid).tracks
        for n in track.notes
    }
    assert fast == notes_step_by_step(grid)


@pytest.mark.parametrize("swing", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("seed", range(8))
def test_a_grid_comes_back_exactly_from_its_piece(seed, swing):
    grid = random_grid(seed, swing=swing)
    assert grid_of(piece_of(grid), swing=swing).equals(grid)


@pytest.mark.parametrize("seed", range(8))
def test_a_piece_on_steps_comes_back_exactly_from_its_grid(seed):
    there = piece_of(random_grid(seed, swing=2.0))
    assert piece_of(grid_of(there, swing=2.0)) == there


def test_equality_notices_every_array_and_number():
    grid = random_grid(3)
    assert grid.equals(replace(grid))
    changed = grid.drums_BSD.copy()
    changed[0, 0, 0] ^= 1
    assert not grid.equals(replace(grid, drums_BSD=changed))
    assert not grid.equals(replace(grid, tempo=grid.tempo + 1))


def test_ranges_hold_six_octaves_above_the_lowest_pitch():
    assert {role: LOWEST[role] for role in VOICES} == {"lead": 36, "counter": 36, "inner": 36, "bass": 24}
    assert isinstance(empty_grid(1), Grid)
    assert (STEPS, PAD, len(ROLES)) == (16, 74, 6)
