"""Where files go: what `--out` means, and names that are still free."""

from __future__ import annotations

from pathlib import Path

import pytest

from huohua.cli.places import destination, free, plain_name
from huohua.errors import UsageError

SUFFIXES = (".png", ".jpg")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("out", "count", "path"),
    [
        (None, 1, "name.png"),
        (Path("a.jpg"), 1, "a.jpg"),
        (Path("a.JPG"), 1, "a.JPG"),
        (Path("x/a.jpg"), 2, "x/name.jpg"),
        (Path("x"), 1, "x/name.png"),
        (Path("v1.0"), 1, "v1.0/name.png"),
    ],
)
def test_out_is_a_file_or_a_folder(out, count, path):
    Path("v1.0").mkdir()
    assert destination(out, SUFFIXES, count=count).path("name") == Path(path)


def test_a_kind_of_file_that_is_not_made_is_refused():
    with pytest.raises(UsageError, match=r"not saved as '\.gif'"):
        destination(Path("a.gif"), SUFFIXES)


def test_a_made_up_name_is_never_taken_twice_and_a_named_file_is():
    Path("name.png").touch()
    Path("name-2.png").touch()
    assert free(Path("name.png")) == Path("name-3.png")
    assert destination(None, SUFFIXES).path("name") == Path("name-3.png")
    assert destination(Path("name.png"), SUFFIXES).path("other") == Path("name.png")


def test_an_ending_of_two_parts_stays_whole():
    suffixes = (".mid", ".png", ".score.png")
    several = destination(Path("no.1.Score.png"), suffixes, count=2)
    assert (several.stem, several.path("no.1-0")) == ("no.1", Path("no.1-0.Score.png"))
    several.path("no.1-0").touch()
    assert several.path("no.1-0") == Path("no.1-0-2.Score.png")
    assert destination(Path("no.1.png"), suffixes, count=2).stem == "no.1"


@pytest.mark.parametrize(
    ("words", "name"),
    [(["red apple"], "red-apple"), (["a/b\\c:d", "é"], "a-b-c-d-é"), (["../.."], "work"), ([], "work")],
)
def test_words_become_a_file_name(words, name):
    assert plain_name(words) == name


def test_a_long_name_is_cut():
    assert len(plain_name(["x" * 500])) == 60
