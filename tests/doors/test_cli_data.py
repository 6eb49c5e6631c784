"""`huohua data show`: what is in a dataset, for people and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from huohua.arts.music.midi_writing import midi_bytes
from huohua.arts.music.piece import Note, Piece, Track
from toys.small_texts import write_poems


@pytest.fixture
def pictures(huohua):
    """Make a folder with nine pictures, one of them broken."""
    for number in range(9):
        place = Path("pictures") / ("apple" if number % 2 else "lemon")
        place.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), (20 * number, 99, 255 - 20 * number)).save(place / f"{number}.png")
    Path("pictures/lemon/broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")


def test_people_see_counts_labels_licence_and_problems(huohua, pictures):
    answer = huohua("data", "show", "pictures", "--sheet", "sheet.png")
    assert answer.code == 0
    facts = {line.split("  ")[0].strip(): " ".join(line.split()) for line in answer.lines if "  " in line}
    assert facts["works"] == "works 9, 1 left out"
    assert facts["subject"] == "subject lemon 5, apple 4"
    assert facts["licence"].startswith("licence Unknown.")
    assert "lemon/broken.png" in facts["problems"]
    assert answer.lines[-1] == "sheet.png"
    assert Image.open("sheet.png").width > 96


def test_programs_get_everything_as_json(huohua, pictures):
    record = huohua("data", "show", "pictures", "--json").record
    assert (record["files"], record["works"]) == (10, 9)
    assert record["labels"]["subject"] == {"lemon": 5, "apple": 4}
    assert (record["problems"][0]["name"], record["sheet"]) == ("lemon/broken.png", None)


def test_a_place_without_pictures_is_one_clear_message(huohua):
    Path("empty").mkdir()
    for place in ("empty", "nowhere"):
        answer = huohua("data", "show", place)
        assert answer.code == 3
        assert answer.err.startswith("Error: ")
        assert "Traceback" not in answer.err


@pytest.fixture
def tunes(huohua):
    """Make a folder with twelve tunes in two styles, one of them broken."""
    for number in range(12):
        notes = tuple(
            Note(start=48 * beat, duration=48, pitch=60 + (beat * (number + 3)) % 12) for beat in range(64)
        )
        place = Path("tunes") / ("jig" if number % 2 else "reel")
        place.mkdir(parents=True, exist_ok=True)
        track = Track(name="melody", role="lead", notes=notes)
        (place / f"{number}.mid").write_bytes(midi_bytes(Piece(tracks=(track,))))
    Path("tunes/reel/0.mid").write_bytes(b"MThd nothing")


def test_music_is_known_by_its_files_and_shown_in_its_own_words(huohua, tunes):
    answer = huohua("data", "show", "tunes", "--sheet", "sheet.png")
    assert answer.code == 0, answer.err
    facts = {line.split("  ")[0].strip(): " ".join(line.split()) for line in answer.lines if "  " in line}
    assert facts["style"] == "style jig 6, reel 5"
    assert facts["files"] == "files 12, 1 left out"
    assert facts["roles"] == "roles lead 100%"
    assert "reel/0.mid" in facts["problems"]
    assert Image.open("sheet.png").width > 96
    record = huohua("data", "show", "tunes", "--json").record
    assert (record["songs"], record["windows"] > 0) == (11, True)


def test_the_art_can_be_named_and_an_unknown_one_is_refused(huohua, tunes):
    assert huohua("data", "show", "tunes", "--art", "image").code == 3
    answer = huohua("data", "show", "tunes", "--art", "sculpture")
    assert answer.code == 2
    assert "Data of 'sculpture' cannot be shown" in answer.err


def test_texts_are_known_by_their_files_and_shown_in_their_own_words(huohua):
    write_poems(Path("poems.jsonl"))
    answer = huohua("data", "show", "poems.jsonl", "--sheet", "sheet.png")
    assert answer.code == 0, answer.err
    facts = {line.split("  ")[0].strip(): " ".join(line.split()) for line in answer.lines if "  " in line}
    assert facts["texts"].startswith("texts 60: ")
    assert facts["style"] == "style old 30, new 30"
    assert facts["form"] == "form 自由诗 60"
    assert facts["length"] == "length 27 to 27 characters, half below 27"
    assert "60 texts are few" in answer.err
    assert Image.open("sheet.png").width > 96
    record = huohua("data", "show", "poems.jsonl", "--json").record
    assert (record["works"], record["languages"]) == (60, {"zh": 60})
