"""MIDI files: what is written is what every other library reads, and bad files get one clear message each."""

from __future__ import annotations

import io
import random
import struct

import pytest

from huohua.arts.music.limits import Limits
from huohua.arts.music.midi_reading import read_midi, texts_of
from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.piece import TICKS, Chord, Key, Metre, Note, Piece, Tempo, Track
from huohua.errors import DataError

mido = pytest.importorskip("mido")
pytest.importorskip("symusic")


def a_piece(seed=1, tracks=4, notes=60):
    """Return a piece with everything in it: odd metres, changes of tempo and key, drums, chords, 中文."""
    dice = random.Random(seed)
    made = []
    for number in range(tracks):
        drums = number == tracks - 1
        made.append(
            Track(
                name=f"声部 {number}",
                program=0 if drums else dice.randrange(128),
                drums=drums,
                role="drums" if drums else ("lead", "counter", "inner", "bass")[number % 4],
                derived=number == 1,
                notes=tuple(
                    Note(
                        start=dice.randrange(0, 40 * TICKS),
                        duration=dice.randrange(1, 3 * TICKS),
                        pitch=dice.randrange(35, 82) if drums else dice.randrange(128),
                        velocity=dice.randrange(1, 128),
                    )
                    for _ in range(notes)
                ),
            )
        )
    return Piece(
        title="Étude 火花",
        tracks=tuple(made),
        tempos=(Tempo(qpm=97), Tempo(tick=5 * TICKS, qpm=240.5), Tempo(tick=9 * TICKS, qpm=43.21)),
        metres=(
            Metre(numerator=7, denominator=8),
            Metre(tick=168, numerator=11, denominator=32),
            Metre(tick=234, numerator=3, denominator=4),
        ),
        keys=(Key(tonic=10, mode="major"), Key(tick=96, tonic=3, mode="minor")),
        chords=(Chord(start=0, end=96, name="Bb/D"),),
    )


def rows(track):
    return sorted((n.start, n.duration, n.pitch, n.velocity) for n in track.notes)


@pytest.mark.parametrize("seed", range(4))
def test_a_piece_comes_back_from_its_file_as_it_was(seed):
    piece = a_piece(seed)
    assert read_midi(midi_bytes(piece), source="a.mid") == piece


def test_the_same_piece_gives_the_same_bytes():
    assert midi_bytes(a_piece()) == midi_bytes(a_piece())


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("mode", ["major", "minor"])
def test_every_key_is_written_and_read(tonic, mode):
    piece = Piece(tracks=a_piece().tracks, keys=(Key(tonic=tonic, mode=mode),))
    assert read_midi(midi_bytes(piece), source="a.mid").keys == piece.keys


def test_pretty_midi_reads_the_same_notes(tmp_path):
    pretty_midi = pytest.importorskip("pretty_midi")
    piece = a_piece()
    path = tmp_path / "a.mid"
    path.write_bytes(midi_bytes(piece))
    read = pretty_midi.PrettyMIDI(str(path))
    assert [i.is_drum for i in read.instruments] == [t.drums for t in piece.tracks]
    assert [i.program for i in read.instruments] == [t.program for t in piece.tracks]
    for instrument, track in zip(read.instruments, piece.tracks, strict=True):
        heard = sorted((n.start, n.end, n.pitch, n.velocity) for n in instrument.notes)
        meant = sorted(
            (piece.seconds_at(n.start), piece.seconds_at(n.end), n.pitch, n.velocity) for n in track.notes
        )
        assert [note[2:] for note in heard] == [note[2:] for note in meant]
        assert [t for note in heard for t in note[:2]] == pytest.approx(
            [t for note in meant for t in note[:2]], abs=2e-3
        )


def test_music21_reads_the_same_notes():
    music21 = pytest.importorskip("music21")
    piece = a_piece()
    file = music21.midi.MidiFile()
    file.readstr(midi_bytes(piece))
    assert file.ticksPerQuarterNote == 480
    found = []
    for track in file.tracks[1:]:
        now, open_, notes = 0, {}, []
        for event in track.events:
            if event.isDeltaTime():
                now += event.time
            elif event.isNoteOn():
                open_[event.pitch] = (now, event.velocity)
            elif event.isNoteOff():
                start, velocity = open_.pop(event.pitch)
                notes.append((start // 10, (now - start) // 10, event.pitch, velocity))
        assert not open_, "every key that goes down comes up"
        found.append(sorted(notes))
    assert found == [rows(track) for track in piece.tracks]


def test_mido_reads_tempo_metre_key_and_texts():
    piece = a_piece()
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(piece, texts=("hello",))), charset="utf-8")
    head = [message for message in file.tracks[0] if message.is_meta]
    assert [m.tempo for m in head if m.type == "set_tempo"] == [618557, 249480, 1388567]
    assert [(m.numerator, m.denominator) for m in head if m.type == "time_signature"] == [
        (7, 8),
        (11, 32),
        (3, 4),
    ]
    assert [m.key for m in head if m.type == "key_signature"] == ["Bb", "Ebm"]
    assert next(m.text for m in head if m.type == "text") == "hello"
    assert next(m.name for m in head if m.type == "track_name") == "Étude 火花"


def test_fifteen_instruments_keep_channels_of_their_own_and_drums_have_the_tenth():
    note = Note(start=0, duration=48, pitch=60)
    tracks = [Track(name=str(n), program=n, notes=(note,)) for n in range(15)]
    drums = Track(name="drums", drums=True, notes=(note,))
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(Piece(tracks=(*tracks, drums)))))
    channels = [next(m.channel for m in track if m.type == "note_on") for track in file.tracks[1:]]
    assert sorted(channels[:15]) == [n for n in range(16) if n != 9]
    assert channels[15] == 9


def test_a_long_text_comes_back_whole():
    text = "x" * 200_000
    assert (1, text) in texts_of(midi_bytes(a_piece(), texts=(text,)))


# ── files of others ───────────────────────────────────────────────────────────────────────────────
def foreign(ticks=480, type_=1, tracks=1, notes=((0, 480, 60),), names=(), encoding="utf-8"):
    file = mido.MidiFile(type=type_, ticks_per_beat=ticks, charset=encoding)
    for number in range(tracks):
        track = mido.MidiTrack()
        if number < len(names):
            track.append(mido.MetaMessage("track_name", name=names[number]))
        now = 0
        for start, end, pitch in notes:
            track.append(mido.Message("note_on", note=pitch, velocity=64, time=start - now))
            track.append(mido.Message("note_off", note=pitch, time=end - start))
            now = end
        file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("ticks", [24, 96, 120, 384, 480, 1024, 15360])
def test_any_resolution_becomes_forty_eight_ticks_to_a_quarter(ticks):
    piece = read_midi(foreign(ticks, notes=((0, ticks, 60), (ticks, 3 * ticks // 2, 62))), source="a.mid")
    assert rows(piece.tracks[0]) == [(0, 48, 60, 64), (48, 24, 62, 64)]


def test_a_note_too_short_for_a_tick_lasts_one():
    piece = read_midi(foreign(9600, notes=((0, 1, 60),)), source="a.mid")
    assert rows(piece.tracks[0]) == [(0, 1, 60, 64)]


def test_a_file_in_a_riff_wrapping_is_read():
    content = foreign()
    wrapped = b"RIFF" + struct.pack("<I", len(content) + 12) + b"RMIDdata" + struct.pack("<I", len(content))
    assert read_midi(wrapped + content, source="a.mid") == read_midi(content, source="a.mid")


def test_the_name_of_a_track_with_notes_is_no_title():
    assert read_midi(foreign(tracks=2, names=("melody", "bass")), source="a.mid").title == ""


def test_a_name_in_an_old_encoding_does_not_stop_reading():
    piece = read_midi(foreign(names=("Gesäng",), encoding="latin-1"), source="a.mid")
    assert piece.tracks[0].name.startswith("Ges")


def test_roles_do_not_outlive_a_track_that_another_program_renamed():
    piece = a_piece()
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(piece)), charset="utf-8")
    for message in file.tracks[1]:
        if message.type == "track_name":
            message.name = "something else"
    buffer = io.BytesIO()
    file.save(file=buffer)
    read = read_midi(buffer.getvalue(), source="a.mid")
    assert [track.role for track in read.tracks] == [None] * 4
    assert read.chords == piece.chords


HEADER = b"MThd" + struct.pack(">IHHH", 6, 1, 1, 480)
BAD = {
    "empty": (b"", "is empty"),
    "not MIDI": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is not a MIDI file"),
    "a header cut off": (HEADER[:10], "header is not whole"),
    "no ticks to a quarter": (b"MThd" + struct.pack(">IHHH", 6, 1, 1, 0) + bytes(20), "header is not whole"),
    "frames of a film": (b"MThd" + struct.pack(">IHHH", 6, 1, 1, 0xE728), "frames of a film"),
    "no tracks": (HEADER, "holds no notes|is damaged"),
    "damaged inside": (HEADER + b"MTrk\0\0\0\x09\x00\x90\x3c\x40\xff\xff\xff\xff\xff", "damaged"),
    "cut off": (foreign(notes=[(n * 480, n * 480 + 400, 60) for n in range(50)])[:150], "damaged|no notes"),
    "no notes": (foreign(notes=()), "holds no notes"),
    "sixty-four tracks": (foreign(tracks=64), "has 64 tracks; up to 32"),
    "an hour": (foreign(notes=((0, 480, 60), (480 * 7199, 480 * 7200, 60))), "lasts 60 minutes"),
    "a thousand years": (foreign(ticks=1, notes=((0, 2**27, 60), (2**27, 2**28, 60))), "minutes|damaged"),
    "damaged roles": (midi_bytes(a_piece()).replace(b'[["', b'{["'), "roles and chords"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_gets_one_clear_message_that_names_it(bad):
    content, complaint = BAD[bad]
    with pytest.raises(DataError, match=complaint) as caught:
        read_midi(content, source="song.mid")
    assert caught.value.message.startswith(("song.mid", "The roles and chords in song.mid"))
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("limits", "complaint"),
    [
        (Limits(bytes=100), "takes 0.0 MB"),
        (Limits(tracks=3), "has 5 tracks"),
        (Limits(notes=100), "notes; up to 100"),
        (Limits(seconds=10), "minutes"),
    ],
)
def test_every_limit_is_checked(limits, complaint):
    with pytest.raises(DataError, match=complaint):
        read_midi(midi_bytes(a_piece()), source="a.mid", limits=limits)


def test_a_piece_just_under_an_hour_is_read():
    content = foreign(notes=((0, 480, 60), (480 * 7198, 480 * 7199, 60)))
    assert read_midi(content, source="a.mid").seconds == 3599.5


def test_damage_anywhere_is_a_clear_message_or_a_piece():
    """Files with random bytes changed, cut and inserted: nothing but a `DataError` ever comes out."""
    dice = random.Random(3)
    whole = midi_bytes(a_piece())
    read = refused = 0
    for _ in range(400):
        content = bytearray(whole[: dice.choice((len(whole), dice.randrange(len(whole))))])
        for _ in range(dice.choice((0, 1, 3, 20))):
            content[dice.randrange(len(content))] = dice.randrange(256)
        try:
            read_midi(bytes(content), source="a.mid")
            read += 1
        except DataError:
            refused += 1
    assert read > 20 and refused > 20
