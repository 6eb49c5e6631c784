"""The gallery: a file and a row for each work, in both kinds of database."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from huohua.errors import MissingError, UsageError
from huohua.provenance.record import Recipe
from huohua.studio.database.gallery import Gallery, Search, written


@dataclass
class Note:
    """A work of one line."""

    text: str
    prompt: str = ""
    model: str = "pen"

    @property
    def description(self):
        return self.text

    @property
    def recipe(self):
        return Recipe(
            model=self.model, model_sha256="0" * 64, seed=2**63 - 1, prompt=self.prompt, version="1"
        )

    def encode(self, suffix):
        if suffix != ".txt":
            raise UsageError("no such file")
        return self.text.encode()


@pytest.fixture
def gallery(database, tmp_path):
    return Gallery(database, tmp_path / "works")


def texts(rows):
    return [row.title for row in rows]


def test_a_kept_work_is_a_file_and_a_row(gallery):
    row = gallery.keep(Note("a plum", prompt="梅花"), suffix=".txt")
    assert gallery.file(row).read_text() == "a plum"
    found = gallery.get(row.id)
    assert (found.bytes, found.prompt, found.recipe["seed"]) == (6, "梅花", 2**63 - 1)
    assert found.sha256 == "44122027186733473abdca80b06350565c39651bfc8f9710a3184de71e5e6bd0"


def test_a_work_with_an_id_of_its_own_is_kept_once(gallery, tmp_path):
    first = gallery.keep(Note("one"), suffix=".txt", id="a" * 32 + "-000001")
    again = gallery.keep(Note("one"), suffix=".txt", id="a" * 32 + "-000001")
    assert first.number == again.number
    assert len(gallery.search(Search())) == 1
    assert len(list((tmp_path / "works").iterdir())) == 1


def test_a_work_that_cannot_be_written_leaves_nothing(gallery, tmp_path):
    with pytest.raises(UsageError):
        gallery.keep(Note("one"), suffix=".exe")
    assert gallery.search(Search()) == []
    assert not (tmp_path / "works").exists()


def test_a_file_without_a_row_is_no_work(gallery, tmp_path):
    """This is what a kill between the two leaves behind."""
    row = written(Note("one"), tmp_path / "works", suffix=".txt")
    assert gallery.search(Search()) == []
    with pytest.raises(MissingError):
        gallery.get(row.id)


def test_works_are_found_by_words_in_any_case_and_any_place(gallery):
    for text, prompt in (("red plum", ""), ("a pear", "Plum tree"), ("50% off", ""), ("梅花", "")):
        gallery.keep(Note(text, prompt=prompt), suffix=".txt")
    assert texts(gallery.search(Search(words="PLUM"))) == ["a pear", "red plum"]
    assert texts(gallery.search(Search(words="plum red"))) == ["red plum"]
    assert texts(gallery.search(Search(words="%"))) == ["50% off"]
    assert texts(gallery.search(Search(words="花"))) == ["梅花"]
    assert gallery.search(Search(words="_")) == []


def test_works_are_listed_newest_first_and_page_by_page(gallery):
    for number in range(5):
        gallery.keep(Note(str(number), model="pen" if number % 2 else "brush"), suffix=".txt")
    first = gallery.search(Search(limit=2))
    assert texts(first) == ["4", "3"]
    assert texts(gallery.search(Search(limit=9, before=first[-1].number))) == ["2", "1", "0"]
    assert texts(gallery.search(Search(model="pen"))) == ["3", "1"]


def test_a_mark_is_kept_and_a_removed_work_is_gone(gallery, tmp_path):
    row = gallery.keep(Note("one"), suffix=".txt")
    assert gallery.mark(row.id, favourite=True).favourite
    assert texts(gallery.search(Search(favourite=True))) == ["one"]
    gallery.remove(row.id)
    assert list((tmp_path / "works").iterdir()) == []
    for move in (gallery.get, gallery.remove, lambda id: gallery.mark(id, favourite=True)):
        with pytest.raises(MissingError):
            move(row.id)


def test_a_work_whose_file_somebody_removed_says_so(gallery):
    row = gallery.keep(Note("one"), suffix=".txt")
    gallery.file(row).unlink()
    with pytest.raises(MissingError, match="gone"):
        gallery.file(row)
