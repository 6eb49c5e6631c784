"""Where pieces are cut: hand-made bars, pick-ups, torn bars and metres that grids lack."""

from __future__ import annotations

import pytest

from huohua.arts.music.piece import Chord, Key, Metre, Note, Piece, Tempo, Track
from huohua.arts.music.sections import sections

Q = 48  # ticks of a quarter


def piece(metres, quarters, **more):
    """Return a piece with a note on every quarter, whose pitch counts it; metres: (quarter, over, under)."""
    notes = tuple(Note(start=Q * i, duration=Q, pitch=i) for i in range(quarters))
    changes = tuple(Metre(tick=round(Q * q), numerator=over, denominator=under) for q, over, under in metres)
    return Piece(tracks=(Track(notes=notes),), metres=changes, **more)


def starts(section):
    return {n.pitch: n.start // Q for track in section.piece.tracks for n in track.notes}


def metre(section):
    return section.piece.metres[0].numerator, section.piece.metres[0].denominator


def test_a_piece_of_one_metre_is_left_whole_however_short():
    found = sections(piece([(0, 3, 4)], 6))
    assert len(found.kept) == 1
    assert metre(found.kept[0]) == (3, 4)
    assert starts(found.kept[0]) == {i: i for i in range(6)}
    assert found.left_out == ()


def test_a_pick_up_fills_a_bar_that_begins_with_rests():
    found = sections(piece([(0, 1, 4), (1, 4, 4)], 21))
    assert len(found.kept) == 1
    assert starts(found.kept[0])[0] == 3
    assert starts(found.kept[0])[1] == 4
    assert found.kept[0].lead_in == 3 * Q
    assert found.left_out == ()


def test_a_pick_up_of_an_eighth_is_put_at_the_end_of_its_bar():
    notes = (
        Note(start=0, duration=24, pitch=60),
        *(Note(start=24 + 24 * i, duration=24, pitch=61) for i in range(30)),
    )
    metres = (Metre(numerator=1, denominator=8), Metre(tick=24, numerator=6, denominator=8))
    found = sections(Piece(tracks=(Track(notes=notes),), metres=metres))
    assert [n.start for n in found.kept[0].piece.tracks[0].notes][:2] == [120, 144]


def test_a_bar_that_a_repeat_tore_apart_is_whole_again():
    torn = piece([(0, 4, 4), (16, 3, 4), (19, 1, 4), (20, 4, 4)], 36)
    found = sections(torn)
    assert len(found.kept) == 1
    assert starts(found.kept[0]) == {i: i for i in range(36)}


def test_the_short_last_bar_of_a_piece_stays_with_it():
    found = sections(piece([(0, 1, 4), (1, 4, 4), (17, 3, 4)], 20))
    assert len(found.kept) == 1
    assert len(found.kept[0].piece.bars) == 6
    assert starts(found.kept[0])[19] == 22


def test_a_change_of_metre_is_a_cut_and_each_part_begins_on_its_bar():
    found = sections(piece([(0, 4, 4), (16, 1, 4), (17, 3, 4)], 17 + 12))
    assert [metre(section) for section in found.kept] == [(4, 4), (3, 4)]
    assert starts(found.kept[0]) == {i: i for i in range(16)}
    assert starts(found.kept[1])[16] == 2
    assert starts(found.kept[1])[17] == 3


def test_a_tail_and_a_pick_up_between_two_parts_go_to_their_own():
    found = sections(piece([(0, 4, 4), (16, 2, 4), (18, 1, 4), (19, 3, 4)], 31))
    assert starts(found.kept[0])[17] == 17
    assert starts(found.kept[1])[18] == 2
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("written", "read", "bars"),
    [
        ((2, 2), (4, 4), 6),
        ((12, 8), (6, 8), 8),
        ((3, 8), (6, 8), 8),
        ((6, 4), (3, 4), 8),
        ((4, 2), (4, 4), 6),
    ],
)
def test_kindred_metres_are_read_as_one_that_grids_have(written, read, bars):
    found = sections(piece([(0, *written)], 24))
    assert metre(found.kept[0]) == read
    assert len(found.kept[0].piece.bars) == bars


def test_metres_that_grids_lack_are_left_out_and_counted():
    found = sections(piece([(0, 4, 4), (16, 5, 4), (26, 4, 4)], 26 + 16))
    assert found.left_out == ("2 bars of 5/4, a metre that grids lack",)
    assert len(found.kept) == 2
    assert sections(piece([(0, 7, 8)], 14)).kept == ()


def test_a_few_bars_between_changes_are_too_few():
    found = sections(piece([(0, 4, 4), (16, 3, 4), (22, 4, 4)], 38))
    assert found.left_out == ("2 bars of 3/4 between changes of metre",)
    assert [starts(section) for section in found.kept][1] == {22 + i: i for i in range(16)}


def test_silent_bars_around_a_part_are_left_out():
    notes = tuple(Note(start=Q * (9 + i), duration=Q, pitch=i) for i in range(16))
    found = sections(Piece(tracks=(Track(notes=notes), Track(name="silent"))))
    assert found.kept[0].piece.tracks[0].notes[0].start == Q
    assert len(found.kept[0].piece.tracks) == 1


def test_tempo_key_and_chords_come_along():
    whole = piece(
        [(0, 4, 4), (16, 3, 4)],
        28,
        tempos=(Tempo(qpm=90.0), Tempo(tick=20 * Q, qpm=60.0)),
        keys=(Key(tonic=7),),
        chords=(Chord(start=16 * Q, end=19 * Q, name="G"),),
    )
    second = sections(whole).kept[1].piece
    assert [(t.tick, t.qpm) for t in second.tempos] == [(0, 90.0), (4 * Q, 60.0)]
    assert second.keys == (Key(tonic=7),)
    assert second.chords == (Chord(start=0, end=3 * Q, name="G"),)


def test_notes_end_where_their_part_ends():
    long = Piece(
        tracks=(
            Track(notes=(Note(start=0, duration=40 * Q, pitch=60), Note(start=16 * Q, duration=1, pitch=61))),
        ),
        metres=(Metre(), Metre(tick=16 * Q, numerator=3)),
    )
    assert sections(long).kept[0].piece.tracks[0].notes[0].duration == 16 * Q


def test_a_silent_piece_has_no_parts():
    assert sections(Piece()).kept == ()


def test_bars_of_no_metre_are_of_irregular_length():
    found = sections(piece([(0, 4, 4), (16, 23, 16), (21.75, 4, 4)], 38))
    assert found.left_out == ("1 bar of irregular length",)
