"""What happens to one file, from its bytes to its grids and the reasons for what was left out."""

from __future__ import annotations

from dataclasses import replace

from huohua.arts.music.datasets.entry import Entry
from huohua.arts.music.datasets.likeness import content_digest
from huohua.arts.music.datasets.preparing import prepare
from huohua.arts.music.grid import piece_of
from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.piece import Key, Metre, Note, Piece, Track


def prepared(piece, **said):
    return prepare(Entry(name="a.mid", **said), midi_bytes(piece))


def notes(piece, role):
    return [(n.start, n.duration, n.pitch) for track in piece.with_role(role) for n in track.notes]


def test_a_file_on_steps_comes_back_from_its_grid_note_for_note(tune):
    piece = tune(3, shift=4)
    found = prepared(piece, title="Said")
    assert found.problems == ()
    back = piece_of(found.grids[0])
    assert found.grids[0].title == "Said"
    assert notes(back, "lead") == [(n.start, n.duration, n.pitch) for n in piece.tracks[0].notes]
    assert notes(back, "harmony") == [(n.start, n.duration, n.pitch) for n in piece.tracks[1].notes]


def test_a_said_key_is_taken_and_a_doubted_one_gives_the_scale(tune):
    piece = replace(tune(1), keys=())
    assert prepared(piece, key=Key(tonic=5)).grids[0].key == Key(tonic=5)
    lines = tuple(
        Note(start=96 * i, duration=96, pitch=p) for i, p in enumerate((57, 60, 64, 57, 59, 56, 57, 57) * 4)
    )
    minor = Piece(tracks=(Track(name="melody", notes=lines),))
    assert prepared(minor, key=Key(tonic=0), mode_known=False).grids[0].key == Key(tonic=9, mode="minor")


def test_a_piece_is_cut_where_its_metre_changes_and_lost_bars_are_told(tune):
    piece = tune(1, bars=20)
    quarter = 48
    metres = (Metre(), Metre(tick=16 * quarter, numerator=5), Metre(tick=26 * quarter, numerator=3))
    found = prepared(replace(piece, metres=metres))
    assert [grid.metre for grid in found.grids] == [(4, 4), (3, 4)]
    assert [(p.reason, p.lost) for p in found.problems] == [
        ("left out: 2 bars of 5/4, a metre that grids lack", False)
    ]


def test_triplets_are_read_as_six_eight():
    line = tuple(Note(start=16 * i, duration=16, pitch=60 + i % 5) for i in range(3 * 40))
    found = prepared(Piece(tracks=(Track(name="melody", notes=line),)))
    assert found.grids[0].metre == (6, 8)
    assert found.grids[0].bars == 20
    assert found.grids[0].tempo == 180.0


def test_swung_eighths_are_straightened_and_the_swing_is_kept():
    line = tuple(Note(start=48 * b + p, duration=16, pitch=60) for b in range(32) for p in (0, 32))
    grid = prepared(Piece(tracks=(Track(name="melody", notes=line),))).grids[0]
    assert grid.swing == 2.0
    assert [n.start for n in piece_of(grid).tracks[0].notes] == [n.start for n in line]


def test_what_cannot_be_used_says_why(tune):
    for piece, reason in (
        (replace(tune(1, bars=8), metres=(Metre(numerator=5),)), "5/4"),
        (tune(1, bars=3), "fewer than 4 bars"),
        (
            Piece(
                tracks=(
                    Track(
                        name="melody",
                        notes=tuple(Note(start=8 * i, duration=6, pitch=60) for i in range(120)),
                    ),
                )
            ),
            "between sixteenths",
        ),
    ):
        found = prepared(piece)
        assert found.grids == ()
        assert any(reason in problem.reason and problem.lost for problem in found.problems)
    found = prepare(Entry(name="a.mid"), b"no music")
    assert found.grids == ()
    assert found.problems[0].lost


def test_the_digest_knows_transposed_and_delayed_music_and_no_other(tune):
    piece = tune(2)
    digest = content_digest(piece)
    assert content_digest(tune(2, shift=5)) == digest
    later = Piece(
        tracks=tuple(
            replace(t, name="x", notes=tuple(replace(n, start=n.start + 192, velocity=9) for n in t.notes))
            for t in piece.tracks
        )
    )
    assert content_digest(later) == digest
    assert content_digest(tune(3)) != digest
    first = piece.tracks[0].notes
    changed = (replace(first[0], pitch=first[0].pitch + 1), *first[1:])
    assert (
        content_digest(replace(piece, tracks=(replace(piece.tracks[0], notes=changed), piece.tracks[1])))
        != digest
    )
    assert content_digest(Piece()) == content_digest(Piece(title="other"))
