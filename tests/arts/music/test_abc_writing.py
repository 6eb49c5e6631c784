"""ABC: what is written is what the reader of another library reads."""

from __future__ import annotations

import pytest

from huohua.arts.music.abc_writing import abc_bytes
from huohua.arts.music.piece import Chord, Key, Metre, Note, Piece, Tempo, Track
from huohua.arts.music.reading import read_piece_bytes


def line(*spans, name="tune"):
    notes = tuple(Note(start=start, duration=end - start, pitch=pitch) for start, end, pitch in spans)
    return Track(name=name, notes=notes)


def test_a_bar_is_written_as_people_write_it():
    track = line((0, 48, 62), (48, 72, 66), (72, 96, 73), (96, 192, 61), (192, 384, 86))
    piece = Piece(
        title="Ayre", tracks=(track,), keys=(Key(tonic=2),), chords=(Chord(start=48, end=96, name="D"),)
    )
    assert abc_bytes(piece, transcription="an AI").decode().splitlines() == [
        "%abc-2.1",
        "X:1",
        "T:Ayre",
        "Z:an AI",
        "M:4/4",
        "L:1/16",
        "Q:1/4=120",
        "K:D",
        'V:1 clef=treble name="tune"',
        "%%MIDI program 0",
        'D4 "D"F2c2 C8 | d\'16 |]',
    ]


def rows(track):
    return sorted((n.start, n.duration, n.pitch) for n in track.notes)


def test_accidentals_ties_chords_and_triplets_come_back():
    pytest.importorskip("music21")
    spans = [
        (0, 24, 61),
        (24, 48, 60),
        (48, 64, 72),
        (64, 80, 73),
        (80, 96, 72),
        (96, 240, 48),
        (240, 252, 85),
    ]
    spans += [(252, 300, 36), (300, 336, 60), (300, 336, 64), (384, 576, 67), (576, 768, 66)]
    piece = Piece(
        title="Étude",
        tracks=(line(*spans), line((0, 768, 40), name="bass")),
        keys=(Key(tonic=9, mode="minor"),),
        tempos=(Tempo(qpm=84),),
    )
    read = read_piece_bytes(abc_bytes(piece), "a.abc")
    assert [rows(track) for track in read.tracks] == [rows(track) for track in piece.tracks]
    assert (read.title, read.keys, read.tempos, read.metres) == (
        piece.title,
        piece.keys,
        piece.tempos,
        piece.metres,
    )


@pytest.mark.parametrize("metre", ["3/4", "6/8", "7/8"])
def test_metres_come_back(metre):
    pytest.importorskip("music21")
    top, bottom = map(int, metre.split("/"))
    bar = Metre(numerator=top, denominator=bottom)
    spans = [(start, start + 24, 60 + start // 24 % 12) for start in range(0, 4 * bar.bar, 24)]
    read = read_piece_bytes(abc_bytes(Piece(tracks=(line(*spans),), metres=(bar,))), "a.abc")
    assert read.metres == (bar,)
    assert rows(read.tracks[0]) == sorted((start, 24, pitch) for start, _, pitch in spans)
