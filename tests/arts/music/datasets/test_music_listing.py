from __future__ import annotations

import zipfile

import pytest

from huohua.arts.music.datasets.entry import Entry
from huohua.arts.music.datasets.listing import list_pieces
from huohua.arts.music.datasets.source import open_source
from huohua.arts.music.datasets.splitting import split_of
from huohua.arts.music.datasets.terms import UNKNOWN_LICENCE, Terms, joined, terms_of
from huohua.errors import DataError


def folder(root, names, table=None):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    if table:
        (root / "metadata.csv").write_text(table, encoding="utf-8")
    return root


def test_folders_are_splits_and_styles_and_other_files_are_no_music(tmp_path):
    names = ["train/folk_song/a.mid", "jazz/b.musicxml", "c.abc", "notes.txt", ".hidden/d.mid", "jazz/.e.mid"]
    found = list_pieces(open_source(folder(tmp_path, names)), style="own")
    assert {(e.name, e.style, e.split) for e in found.entries} == {
        ("train/folk_song/a.mid", "folk song", "train"),
        ("jazz/b.musicxml", "jazz", ""),
        ("c.abc", "own", ""),
    }


def test_the_one_folder_that_holds_all_others_says_nothing(tmp_path):
    found = list_pieces(open_source(folder(tmp_path, ["set/jazz/a.mid", "set/pop/b.mid"])))
    assert [entry.style for entry in found.entries] == ["jazz", "pop"]


def test_the_table_wins_and_what_does_not_fit_it_is_reported(tmp_path):
    table = "file,style\njazz/a.mid,blues\ngone.mid,x\n"
    found = list_pieces(open_source(folder(tmp_path, ["jazz/a.mid", "jazz/b.mid"], table)))
    assert [entry.style for entry in found.entries] == ["blues", "jazz"]
    assert {(p.name, p.lost) for p in found.problems} == {("gone.mid", True), ("jazz/b.mid", False)}


def test_a_zip_lists_like_a_folder_and_leaves_dangerous_names_alone(tmp_path):
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("jazz/a.mid", "../evil.mid", "/abs.mid", "__MACOSX/b.mid"):
            archive.writestr(name, b"x")
    source = open_source(path)
    assert [entry.name for entry in list_pieces(source).entries] == ["jazz/a.mid"]
    assert source.read("jazz/a.mid") == b"x"
    source.close()


def test_the_identity_changes_with_the_files(tmp_path):
    before = open_source(folder(tmp_path, ["a.mid"])).identity()
    assert open_source(tmp_path).identity() == before
    (tmp_path / "a.mid").write_bytes(b"xy")
    assert open_source(tmp_path).identity() != before


def test_links_that_lead_out_are_not_followed(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out.mid"
    outside.write_bytes(b"x")
    folder(inside, ["a.mid"])
    (inside / "b.mid").symlink_to(outside)
    assert open_source(inside).names() == ["a.mid"]


@pytest.mark.parametrize("name", ["missing", "text.txt"])
def test_what_is_no_source_is_refused(tmp_path, name):
    (tmp_path / "text.txt").write_text("x")
    with pytest.raises(DataError):
        open_source(tmp_path / name)


def test_a_broken_zip_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK nothing")
    with pytest.raises(DataError, match="cannot be opened"):
        open_source(tmp_path / "a.zip")


def test_splits_are_a_tenth_each_and_versions_of_a_work_stay_together():
    splits = [split_of(Entry(name=f"{i}.mid", title=f"Song {i}")) for i in range(2000)]
    assert 160 < splits.count("test") < 240
    assert 160 < splits.count("valid") < 240
    assert split_of(Entry(name="x.mid", title="Song 5")) == split_of(Entry(name="y.mid", title="SONG 5"))
    assert split_of(Entry(name="x.mid", title="Song 5", split="valid")) == "valid"


def test_terms_are_on_the_card_else_in_a_file_else_with_the_pieces():
    files = {"dataset.json": b'{"licence": "MIT", "origin": "here"}', "LICENSE": b"# BSD\nmore"}
    pieces = [
        Entry(name="a", licence="CC0-1.0"),
        Entry(name="b", licence="ODbL-1.0"),
        Entry(name="c", licence="CC0-1.0"),
    ]
    assert terms_of(files, files.__getitem__, pieces, origin="zip") == Terms(licence="MIT", origin="here")
    del files["dataset.json"]
    assert terms_of(files, files.__getitem__, pieces, origin="zip") == Terms(licence="BSD", origin="zip")
    assert terms_of({}, files.__getitem__, pieces, origin="zip").licence == "CC0-1.0; ODbL-1.0"
    assert terms_of({}, files.__getitem__, [], origin="zip").licence == UNKNOWN_LICENCE
    many = [Entry(name=str(i), licence=f"L{i}") for i in range(6)]
    assert terms_of({}, files.__getitem__, many, origin="zip").licence == "L0; L1; L2; L3; and 2 more"
    assert joined([Terms(licence="A", origin="x"), Terms(licence="A", origin="y")]) == Terms(
        licence="A", origin="x; y"
    )
