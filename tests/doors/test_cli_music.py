"""`huohua create music` and `huohua transform`: files of every kind, names, JSON, and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from huohua.arts.music.artwork import MusicArtwork
from huohua.zoo import catalogue
from toys.small_music import write_music_model, write_tune

pytest.importorskip("symusic")
pytest.importorskip("mido")


@pytest.fixture
def tunes(huohua, tmp_path) -> Path:
    """Return the folder of a small model named "tunes" that the catalogue knows."""
    folder = write_music_model(tmp_path / "tunes")
    catalogue.remember("tunes", folder)
    return folder


@pytest.fixture
def given(huohua) -> Path:
    """Return a tune of eight bars in the folder that commands run in."""
    return write_tune(Path("given.mid"))


def test_a_piece_is_written_with_the_model_of_music_trained_last(huohua, tunes, fruit):
    answer = huohua("create", "music", "--style", "jazz", "--bars", 2, "--seed", 7)
    assert (answer.code, answer.lines) == (0, ["jazz-seed7-0.mid"])
    assert "Model tunes, seed 7" in answer.err
    assert MusicArtwork.open("jazz-seed7-0.mid").recipe.seed == 7


def test_the_ending_says_what_is_saved(huohua, tunes):
    for name in ("tune.mid", "tune.musicxml", "tune.png"):
        answer = huohua("create", "music", "--bars", 1, "--seed", 1, "-o", name)
        assert (answer.code, answer.lines) == (0, [name])
    assert Path("tune.png").read_bytes().startswith(b"\x89PNG")
    refused = huohua("create", "music", "-o", "tune.docx")
    assert refused.code == 2
    assert "Works are not saved as '.docx'" in refused.err


def test_every_flag_reaches_the_recipe(huohua, tunes):
    line = (
        "create music --model tunes --style folk --metre 4/4 --bars 3 --tempo 77 --role lead --role bass "
        "--density 0.2 --condition mode=minor --temperature 0.8 --seed 3 -n 2 --json -o out/"
    )
    answer = huohua(*line.split(), "--key", "G minor")
    assert answer.code == 0, answer.err
    first, second = answer.record["works"]
    assert (first["path"], second["path"]) == ("out/folk-seed3-0.mid", "out/folk-seed3-1.mid")
    assert first["conditions"] == {
        "style": {"folk": 1.0}, "metre": {"4/4": 1.0}, "mode": {"minor": 1.0}, "control": {"density": 0.2},
    }  # fmt: skip
    assert (first["options"]["tempo"], first["options"]["temperature"], first["bars"] <= 3) == (
        77.0,
        0.8,
        True,
    )
    assert first["words"] == {"roles": ["lead", "bass"], "key": ["G minor"]}


def test_other_drafts_are_kept_beside_the_best(huohua, tunes):
    answer = huohua("create", "music", "--bars", 1, "--seed", 1, "--keep", 2, "-o", "tune.mid")
    assert answer.lines == ["tune-0.mid", "tune-0-draft2.mid"]


def test_words_in_chinese_are_understood_and_said_back(huohua, tunes):
    answer = huohua("create", "music", "-p", "缓慢的爵士", "--bars", 1, "--seed", 1)
    assert answer.code == 0
    assert "Understood '爵士' as style 'jazz'" in answer.err
    assert "Understood '缓慢' as 0.7 times the usual tempo" in answer.err


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("transform continue given.mid --bars 2 --seed 1", "given-continue-seed1-0.mid"),
        ("transform infill given.mid --at 3-4 --seed 1", "given-infill-seed1-0.mid"),
        ("transform accompany given.mid --role bass --seed 1", "given-accompany-seed1-0.mid"),
        ("transform vary given.mid --amount 0.5 --seed 1", "given-vary-seed1-0.mid"),
    ],
)
def test_a_piece_is_taken_further_and_made_again_without_the_given_one(huohua, tunes, given, line, name):
    answer = huohua(*line.split())
    assert (answer.code, answer.lines) == (0, [name]), answer.err
    given.unlink()
    again = huohua("recreate", name, "--check")
    assert again.code == 0
    assert "bytes are equal" in again.err


def test_a_changed_file_differs_and_the_command_fails(huohua, tunes):
    huohua("create", "music", "--bars", 1, "--seed", 1, "-o", "tune.mid")
    content = bytearray(Path("tune.mid").read_bytes())
    content[-5] ^= 1
    Path("tune.mid").write_bytes(content)
    answer = huohua("recreate", "tune.mid", "--check", "--json")
    assert answer.code == 1
    assert (answer.record["different"], answer.record["same"]) == (1, False)


BAD = {
    "empty.mid": b"",
    "broken.mid": b"MThd\0\0\0\6\0\1",
    "text.mid": b"once upon a time",
    "picture.mid": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
}


@pytest.mark.parametrize("name", [*BAD, "nowhere.mid", "folder.mid"])
def test_what_is_no_music_is_one_clear_message_and_nothing_is_written(huohua, tunes, name):
    Path("folder.mid").mkdir()
    for bad, content in BAD.items():
        Path(bad).write_bytes(content)
    before = sorted(Path().iterdir())
    answer = huohua("transform", "continue", name, "--seed", 1)
    assert answer.code == 3, (answer.code, answer.err)
    assert answer.err.startswith("Error: ")
    assert "Traceback" not in answer.err
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("create music --style polka", "no style 'polka'"),
        ("create music --density 2", "density is 2"),
        ("create music --bars 0", "bars is 0"),
        ("create music --key H", "'H' is no key"),
        ("create music --role kazoo", "no role 'kazoo'"),
        ("create music --metre 5/4", "no metre '5/4'"),
        ("create music -p purple", "understands nothing"),
        ("create music --model fruit", "makes image, not music"),
        ("create image --model tunes", "makes music, not image"),
        ("walk --model tunes", "makes music, not pictures"),
        ("transform infill given.mid --at nowhere", "no stretch of bars"),
        ("transform infill given.mid --at 9-12", "bars 1 to 8"),
        ("transform vary given.mid --amount 2", "amount is 2"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(huohua, tunes, fruit, given, line, words):
    answer = huohua(*line.split())
    assert answer.code == 2
    assert words in answer.err
    assert "Traceback" not in answer.err


def test_a_model_of_music_is_listed_and_shown_in_its_own_words(huohua, tunes):
    (listed,) = huohua("models", "list", "--json").record["models"]
    assert (listed["art"], listed["size"]) == ("music", "8")
    assert "8 bars" in huohua("models", "show", "tunes").out
