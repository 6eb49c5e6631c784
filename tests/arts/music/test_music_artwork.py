"""A piece with its record: every kind of file carries it, and MIDI and MusicXML give the piece back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from huohua.arts.music.artwork import ENCODERS, MusicArtwork, ending, record_of
from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.piece import Chord, Key, Note, Piece, Tempo, Track
from huohua.arts.table import art_of
from huohua.errors import DataError, UsageError
from huohua.provenance.labels import read_aigc, read_source_type
from huohua.provenance.record import Origin, Recipe

pytest.importorskip("mido")
pytest.importorskip("symusic")


@pytest.fixture
def work():
    notes = tuple(Note(start=48 * n, duration=48, pitch=60 + n, velocity=70 + n) for n in range(12))
    bass = tuple(Note(start=96 * n, duration=96, pitch=36 + n, velocity=64) for n in range(6))
    piece = Piece(
        title="火花 No. 1",
        tracks=(
            Track(name="lead", program=73, role="lead", notes=notes),
            Track(name="bass", program=32, role="bass", derived=True, notes=bass),
        ),
        tempos=(Tempo(qpm=100),),
        keys=(Key(tonic=9, mode="minor"),),
        chords=(Chord(start=0, end=576, name="Am"),),
    )
    recipe = Recipe(
        art="music",
        model="m",
        model_sha256="a" * 64,
        seed=7,
        version="1",
        conditions={"style": {"jazz": 1.0}},
    )
    return MusicArtwork(
        piece=piece,
        recipe=recipe,
        origin=Origin(producer="Huohua 1", created="2026-01-01T00:00:00+00:00", data="火"),
    )


@pytest.mark.parametrize("name", ["a.mid", "a.MIDI", "a.musicxml"])
def test_a_saved_piece_is_opened_as_it_was(tmp_path, work, name):
    if name.endswith("xml"):
        pytest.importorskip("music21")
    path = work.save(tmp_path / name)
    assert MusicArtwork.open(path) == work


@pytest.mark.parametrize("suffix", [".mid", ".musicxml", ".abc", ".png", ".svg"])
def test_files_carry_record_and_labels_and_are_the_same_each_time(tmp_path, work, suffix):
    if suffix == ".svg":
        pytest.importorskip("verovio")
    path = work.save(tmp_path / f"a{suffix}")
    assert record_of(path) == work.record
    text = path.read_bytes().decode("utf-8", "ignore").replace("&lt;", "<").replace("&gt;", ">")
    text = text.replace("&quot;", '"').replace("&amp;", "&")
    assert read_source_type(text) == "trainedAlgorithmicMedia"
    label = read_aigc(text)
    assert label is not None and label.produce_id == work.work_id
    assert work.encode(suffix) == path.read_bytes()


def test_the_picture_is_the_piano_roll(tmp_path, work):
    with Image.open(work.save(tmp_path / "a.png")) as picture:
        assert picture.convert("RGB").tobytes() == work.image.tobytes()


@pytest.mark.parametrize("name", ["a.score.png", "a.abc", "a.mid"])
def test_a_file_is_compared_with_what_its_whole_ending_says(tmp_path, work, name):
    pytest.importorskip("verovio")
    path = work.save(tmp_path / name)
    assert art_of(path).compare(path, work).same
    (tmp_path / name).write_bytes(path.read_bytes()[:-3] + b"xyz")
    assert art_of(path).compare(path, work).different == 3


def test_the_long_ending_is_that_of_the_score(tmp_path, work):
    pytest.importorskip("verovio")
    path = work.save(tmp_path / "a.score.png")
    assert record_of(path) == work.record
    with Image.open(path) as page:
        assert page.size == (1654, 2339)
    assert ending(path) == ".score.png"


def test_the_number_of_a_work_changes_with_a_note_and_with_its_recipe(work):
    track = work.piece.tracks[0]
    other = replace(track.notes[0], velocity=1)
    changed = replace(
        work.piece, tracks=(replace(track, notes=(other, *track.notes[1:])), work.piece.tracks[1])
    )
    numbers = {work.work_id, replace(work, piece=changed).work_id}
    numbers.add(work.told(recipe=work.recipe.model_copy(update={"seed": 8}), origin=work.origin).work_id)
    assert len(numbers) == 3
    assert work.work_id == replace(work).work_id


def test_the_description_says_that_an_ai_made_it(work):
    assert work.description == "jazz, made by an AI (Huohua 1)"


def test_an_unknown_ending_names_those_that_are_known(work, tmp_path):
    with pytest.raises(UsageError, match=r"not saved as '\.xyz'") as caught:
        work.save(tmp_path / "a.xyz")
    assert all(suffix in caught.value.advice for suffix in ENCODERS)


def test_music_of_others_carries_no_recipe(tmp_path, work):
    path = tmp_path / "a.mid"
    path.write_bytes(midi_bytes(work.piece))
    with pytest.raises(DataError, match="carries no Huohua recipe"):
        MusicArtwork.open(path)


def test_a_picture_of_music_is_not_opened_as_music(tmp_path, work):
    with pytest.raises(DataError, match="does not hold its notes"):
        MusicArtwork.open(work.save(tmp_path / "a.png"))


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.mid", None, "There is no file"),
        ("a.txt", b"", "no ending of a work of music"),
        ("a.png", b"no picture", "cannot be read as a picture"),
        ("a.mid", b"MThd", "carries no Huohua recipe"),
        ("a.svg", b"<svg/>", "carries no Huohua recipe"),
    ],
)
def test_what_carries_no_record_is_told(tmp_path, name, content, complaint):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=complaint):
        record_of(path)
