"""MusicXML and ABC: what is written is what an independent reader reads; bad files get one clear message."""

from __future__ import annotations

import io
import random
import warnings
import zipfile
from dataclasses import replace

import pytest

from huohua.arts.music.limits import Limits
from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.musicxml_writing import musicxml_bytes
from huohua.arts.music.piece import Chord, Key, Metre, Note, Piece, Tempo, Track
from huohua.arts.music.reading import read_piece, read_piece_bytes
from huohua.errors import DataError

music21 = pytest.importorskip("music21")


def on_grid(seed, *, ticks=40 * 48, grid=12, drums=False, count=40):
    dice = random.Random(seed)
    return tuple(
        Note(
            start=dice.randrange(0, ticks, grid),
            duration=dice.randrange(grid, 200, grid),
            pitch=dice.choice((36, 38, 42, 46, 49)) if drums else dice.randrange(40, 85),
            velocity=dice.randrange(1, 128),
        )
        for _ in range(count)
    )


def a_piece():
    return Piece(
        title="Étude 火花 <1> & more",
        tracks=(
            Track(name="melody", program=73, role="lead", notes=on_grid(1)),
            Track(name="piano", program=0, role="harmony", notes=on_grid(2)),
            Track(name="bass", program=33, role="bass", derived=True, notes=on_grid(3)),
            Track(name="drums", drums=True, role="drums", notes=on_grid(4, drums=True)),
        ),
        tempos=(Tempo(qpm=97), Tempo(tick=5 * 192, qpm=140.5)),
        metres=(
            Metre(numerator=1, denominator=4),
            Metre(tick=48, numerator=3, denominator=4),
            Metre(tick=48 + 3 * 144, numerator=7, denominator=8),
        ),
        keys=(Key(tonic=3), Key(tick=48 + 144, tonic=6, mode="minor")),
        chords=(Chord(start=0, end=48, name="Eb"), Chord(start=48, end=200, name="F#m7/A")),
    )


def rows(track):
    return sorted((n.start, n.duration, n.pitch, n.velocity) for n in track.notes)


def test_a_piece_on_the_grid_comes_back_from_musicxml_as_it_was():
    piece = a_piece()
    read = read_piece_bytes(musicxml_bytes(piece), "a.musicxml")
    assert [rows(track) for track in read.tracks] == [rows(track) for track in piece.tracks]
    assert [(t.name, t.program, t.drums) for t in read.tracks] == [
        (t.name, t.program, t.drums) for t in piece.tracks
    ]
    assert read.title == piece.title
    assert read.tempos == piece.tempos
    assert read.metres == piece.metres
    assert read.keys == piece.keys
    assert [(c.start, c.name) for c in read.chords] == [(0, "Eb"), (48, "F#m7/A")]


@pytest.mark.parametrize("grid", [16, 6, 3])
def test_triplets_and_small_values_come_back_exactly(grid):
    notes = on_grid(5, ticks=16 * 48, grid=grid, count=12)
    piece = Piece(tracks=(Track(name="a", notes=notes),))
    read = read_piece_bytes(musicxml_bytes(piece), "a.musicxml")
    assert rows(read.tracks[0]) == rows(piece.tracks[0])


def test_two_parts_of_one_name_stay_two():
    piece = Piece(tracks=tuple(Track(name="violin", notes=on_grid(n)) for n in (6, 7)))
    read = read_piece_bytes(musicxml_bytes(piece), "a.musicxml")
    assert [rows(track) for track in read.tracks] == [rows(track) for track in piece.tracks]


def test_the_same_piece_gives_the_same_bytes():
    assert musicxml_bytes(a_piece()) == musicxml_bytes(a_piece())


def test_times_off_every_grid_move_by_no_more_than_half_a_sixteenth():
    dice = random.Random(2)
    notes = tuple(
        Note(start=48 * n + dice.randrange(-3, 4) + 4, duration=40, pitch=60 + n) for n in range(12)
    )
    read = read_piece_bytes(musicxml_bytes(Piece(tracks=(Track(notes=notes),))), "a.musicxml")
    assert len(read.tracks[0].notes) == 12
    moved = [abs(a.start - b.start) for a, b in zip(read.tracks[0].notes, notes, strict=True)]
    assert max(moved) <= 6


def test_fields_travel_in_the_head():
    content = musicxml_bytes(a_piece(), fields={"huohua": '{"a": "<b>&"}'})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = music21.converter.parseData(content.decode(), format="musicxml")
    assert dict(score.metadata.all())["huohua"] == '{"a": "<b>&"}' or any(
        str(value) == '{"a": "<b>&"}' for _, value in score.metadata.all()
    )


# ── files of others ───────────────────────────────────────────────────────────────────────────────
HEAD = '<?xml version="1.0"?><score-partwise version="4.0"><part-list><score-part id="P1"><part-name>Flute'
PART = "</part-name></score-part></part-list><part id='P1'>{}</part></score-partwise>"
QUARTER = (
    "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration><type>quarter</type></note>"
)
MEASURE = "<measure number='{}'>{}{}{}</measure>"
FIRST = (
    "<attributes><divisions>1</divisions><time><beats>2</beats><beat-type>4</beat-type></time></attributes>"
)
REPEAT = "<barline location='right'><repeat direction='backward'/></barline>"


def small_score(*measures):
    return (HEAD + PART.format("".join(measures))).encode()


def test_repeats_are_played_out():
    content = small_score(
        MEASURE.format(1, FIRST, QUARTER * 2, ""), MEASURE.format(2, "", QUARTER * 2, REPEAT)
    )
    piece = read_piece_bytes(content, "a.xml")
    assert [note.start for note in piece.tracks[0].notes] == [48 * n for n in range(8)]
    assert piece.metres == (Metre(numerator=2, denominator=4),)


def test_a_packed_score_is_read_as_the_plain_one():
    content = small_score(MEASURE.format(1, FIRST, QUARTER * 2, ""))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("META-INF/container.xml", "<container/>")
        packed.writestr("score.xml", content)
    assert read_piece_bytes(buffer.getvalue(), "a.mxl") == read_piece_bytes(content, "a.musicxml")


TUNE = b'X:1\nT:A Tune\nM:3/4\nL:1/8\nQ:1/4=90\nK:D\n|:"D"D2 F2 A2|"A7"c2 e2 g2:|\nd6|d6|d6|d6|]\n'


def test_a_tune_in_abc_is_read_with_its_chords_and_repeats():
    piece = read_piece_bytes(TUNE, "a.abc")
    assert (piece.title, piece.keys, piece.tempos[0].qpm) == ("A Tune", (Key(tonic=2),), 90)
    # D F# A, C# E G, both twice, then four dotted halves D.
    assert [n.pitch for n in piece.tracks[0].notes] == [62, 66, 69, 73, 76, 79] * 2 + [74] * 4
    assert [n.start for n in piece.tracks[0].notes] == [*range(0, 576, 48), *range(576, 1152, 144)]
    assert piece.metres == (Metre(numerator=3, denominator=4),)
    assert [chord.name for chord in piece.chords] == ["D", "A7", "D", "A7"]


MIDI = midi_bytes(Piece(tracks=(Track(notes=(Note(start=0, duration=48, pitch=60),)),)))
BILLION = small_score().replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)
BAD = {
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.mid", "a.mid is not MIDI"),
    "MIDI under another name": (MIDI, "a.xml", "a.xml holds MIDI and not MusicXML"),
    "ABC under another name": (TUNE, "a.mid", "a.mid holds ABC and not MIDI"),
    "an ending of no music": (MIDI, "a.docx", "a.docx is no kind of file that notes are read from"),
    "no ending": (MIDI, "a", "a is no kind of file"),
    "empty": (b"", "a.abc", "a.abc is empty"),
    "prose": ("Dear Élise, how are you?".encode(), "a.abc", "a.abc is not ABC"),
    "XML cut off": (small_score(MEASURE.format(1, FIRST, QUARTER, ""))[:-40], "a.xml", "a.xml is damaged"),
    "no notes": (small_score(MEASURE.format(1, FIRST, "", "")), "a.xml", "a.xml holds no notes"),
    "entities": (BILLION, "a.xml", "a.xml declares entities"),
    "letters that are no notes": (TUNE.replace(b"c2 e2", b"W2 q2"), "a.abc", "a.abc is damaged"),
    "a broken packing": (b"PK\x03\x04" + bytes(60), "a.mxl", "a.mxl is damaged"),
    "two tunes": (TUNE + b"\n" + TUNE.replace(b"X:1", b"X:2"), "a.abc", "a.abc holds 2 tunes"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_gets_one_clear_message_that_names_it(bad):
    content, name, complaint = BAD[bad]
    with pytest.raises(DataError, match=complaint):
        read_piece_bytes(content, name)


def test_a_packing_without_a_score_and_one_that_swells_are_refused():
    for name, text, complaint in (("notes.txt", b"hi", "holds no score"), ("a.xml", b" " * 4000, "up to")):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(name, text)
        with pytest.raises(DataError, match=complaint):
            read_piece_bytes(buffer.getvalue(), "a.mxl", limits=Limits(bytes=2000))


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(DataError, match="There is no file"):
        read_piece(tmp_path / "a.mid")
    (tmp_path / "b.mid").mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        read_piece(tmp_path / "b.mid")


def test_a_file_is_read_from_its_place(tmp_path):
    path = tmp_path / "a.MID"
    path.write_bytes(MIDI)
    assert read_piece(path) == replace(read_piece_bytes(MIDI, "a.mid"))
