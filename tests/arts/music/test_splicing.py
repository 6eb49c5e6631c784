"""New notes in a piece: what is free is replaced, what is not stays note for note."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huohua.arts.music.piece import Note, Piece, Track
from huohua.arts.music.splicing import spans_of, spliced

BAR = 192


def note(start, duration, pitch, velocity=80):
    return Note(start=start, duration=duration, pitch=pitch, velocity=velocity)


def track(role, *notes, **more):
    return Track(name=more.pop("name", role), role=role, drums=role == "drums", notes=notes, **more)


def test_written_notes_stand_where_a_role_is_free_and_old_ones_elsewhere():
    base = Piece(tracks=(track("lead", note(0, 48, 60, 99), note(BAR + 3, 48, 62), note(2 * BAR, 48, 64)),))
    written = Piece(tracks=(track("lead", note(0, 96, 72), note(BAR, 96, 74), note(2 * BAR, 96, 76)),))
    found = spliced(base, written, {"lead": [(BAR, 2 * BAR)]})
    assert found.tracks[0].notes == (note(0, 48, 60, 99), note(BAR, 96, 74), note(2 * BAR, 48, 64))


def test_a_note_that_would_sound_across_a_border_ends_there():
    base = Piece(tracks=(track("lead", note(96, 2 * BAR, 60), note(3 * BAR, 48, 61)),))
    written = Piece(tracks=(track("lead", note(BAR + 96, 2 * BAR, 72)),))
    found = spliced(base, written, {"lead": [(BAR, 2 * BAR)]})
    assert found.tracks[0].notes == (note(96, 96, 60), note(BAR + 96, 96, 72), note(3 * BAR, 48, 61))


def test_a_new_role_is_a_new_track_in_the_order_of_roles():
    base = Piece(tracks=(track("lead", note(0, 48, 60)), track("drums", note(0, 12, 36))))
    written = Piece(tracks=(track("bass", note(0, BAR, 36), program=32),))
    found = spliced(base, written, {"bass": [(0, BAR)]})
    assert [each.role for each in found.tracks] == ["lead", "bass", "drums"]
    assert found.tracks[1] == written.tracks[0]


def test_of_two_tracks_of_one_role_both_make_room_and_the_first_plays():
    hands = (track("harmony", note(0, 48, 60), name="right"), track("harmony", note(0, 48, 48), name="left"))
    written = Piece(tracks=(track("harmony", note(0, BAR, 55)),))
    found = spliced(Piece(tracks=hands), written, {"harmony": [(0, BAR)]})
    assert [each.notes for each in found.tracks] == [(note(0, BAR, 55),), ()]


def test_spans_join_neighbouring_bars():
    free_BR = np.zeros((5, 6), dtype=bool)
    free_BR[[0, 1, 3], 0] = True
    free_BR[4, 5] = True
    assert spans_of(free_BR, 10) == {"lead": [(0, 20), (30, 40)], "drums": [(40, 50)]}


STARTS = st.lists(
    st.tuples(st.integers(0, 8 * BAR - 1), st.integers(1, BAR), st.integers(40, 80)), max_size=30
)


@given(notes=STARTS, new=STARTS, first=st.integers(0, 6), length=st.integers(1, 2))
def test_what_begins_outside_keeps_its_start_pitch_and_loudness(notes, new, first, length):
    base = Piece(tracks=(track("lead", *(note(*each) for each in notes)),))
    written = Piece(tracks=(track("lead", *(note(*each, 50) for each in new)),))
    begin, end = first * BAR, (first + length) * BAR
    found = spliced(base, written, {"lead": [(begin, end)]}).tracks[0].notes
    outside = [n for n in base.tracks[0].notes if not begin <= n.start < end]
    kept = [n for n in found if not begin <= n.start < end]
    assert [(n.start, n.pitch, n.velocity) for n in kept] == [(n.start, n.pitch, n.velocity) for n in outside]
    assert all(n.velocity == 50 and n.end <= end for n in found if begin <= n.start < end)
