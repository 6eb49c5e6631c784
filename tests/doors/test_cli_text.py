"""`huohua create text` and the editing of texts: files, names, JSON, and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from huohua.arts.text.artwork import TextArtwork
from huohua.zoo import catalogue
from toys.small_texts import train_small

POEM = "月江春花山，\n水风雪夜云。\n松石鸟雨门，\n灯月江春花。"


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUOHUA_HOME", str(tmp_path_factory.mktemp("home")))
        return train_small(tmp_path_factory.mktemp("poems")).folder


@pytest.fixture
def poems(huohua, trained) -> Path:
    """Return the folder of a small model named "poems" that the catalogue knows, beside a poem."""
    catalogue.remember("poems", trained)
    Path("poem.txt").write_text(POEM, encoding="utf-8")
    return trained


def test_a_text_is_shown_and_saved_with_its_recipe(huohua, poems, fruit):
    answer = huohua("create", "text", "--style", "old", "--keywords", "月,江", "--drafts", 2, "--seed", 7)
    assert answer.code == 0, answer.err
    assert answer.lines[-1] == "自由诗-seed7-0.txt"
    work = TextArtwork.open(answer.lines[-1])
    assert answer.lines[:-1] == work.text.split("\n")
    assert work.recipe.words["keywords"] == ("月", "江")
    again = huohua("recreate", answer.lines[-1], "--check")
    assert (again.code, "bytes are equal" in again.err) == (0, True)


def test_programs_get_texts_and_recipes_as_json(huohua, poems):
    line = "create text --form 自由诗 --title 夜 -p 春江 --drafts 3 --keep 2 --seed 1 --json -o out/a.md"
    record = huohua(*line.split()).record
    assert [work["path"] for work in record["works"]] == ["out/a-0.md", "out/a-0-draft2.md"]
    assert record["works"][0]["words"] == {"form": ["自由诗"], "title": ["夜"], "keywords": ["春江"]}
    assert record["works"][1]["options"]["rank"] == 1.0


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("transform continue poem.txt --tokens 5 --drafts 2 --seed 1", "poem-continue-seed1-0.txt"),
        ("transform fill poem.txt --line 2 --drafts 4 --seed 1", "poem-fill-seed1-0.txt"),
        ("transform fill poem.txt --at 3-4 --drafts 6 --seed 1", "poem-fill-seed1-0.txt"),
        ("transform rewrite poem.txt --lock 1,3 --drafts 4 --seed 1", "poem-rewrite-seed1-0.txt"),
        ("transform polish poem.txt --lock 1-3 --drafts 3 --seed 1", "poem-polish-seed1-0.txt"),
    ],
)
def test_a_text_is_edited_and_made_again_without_the_given_one(huohua, poems, line, name):
    answer = huohua(*line.split())
    assert answer.code == 0, answer.err
    assert answer.lines[-1] == name
    Path("poem.txt").unlink()
    assert huohua("recreate", name, "--check").code == 0


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("create text --form ode", 2, "ode"),
        ("create text --style baroque", 2, "no style 'baroque'"),
        ("create text --drafts 0 --keep 0", 2, "drafts is 0"),
        ("create text -o poem.docx", 2, "Works are not saved as '.docx'"),
        ("create text --model fruit", 2, "makes image, not text"),
        ("transform fill poem.txt", 2, "What is to be filled in"),
        ("transform fill poem.txt --line 9", 2, "no line 9"),
        ("transform rewrite poem.txt --lock x", 2, "'x' is no line"),
        ("transform polish nowhere.txt", 3, "cannot be read"),
        ("transform continue empty.txt", 3, "empty"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(huohua, poems, fruit, line, code, words):
    Path("empty.txt").write_bytes(b"")
    answer = huohua(*line.split())
    assert answer.code == code, answer.err
    assert words in answer.err
    assert "Traceback" not in answer.err


def test_texts_are_trained_with_the_same_words(huohua, monkeypatch, poems):
    from huohua.studio import train as training

    given = {}

    def standin(art, data, **options):
        given.update(options, art=art, data=data)
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "train", standin)
    huohua("train", "text", "poems.jsonl", "--size", "64", "--kimg", 2)
    assert (given["art"], given["preset"], given["size"], given["kimg"]) == ("text", "imitation", "64", 2.0)
