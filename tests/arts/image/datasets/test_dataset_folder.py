from __future__ import annotations

import os
import socket

import pytest

from huohua.arts.image.datasets.folder import open_folder
from huohua.arts.image.datasets.listing import folder_label, is_side_file
from huohua.errors import DataError


def names_of(source):
    return [entry.name for entry in source.entries()]


def reasons_of(source):
    return {problem.name: problem.reason for problem in source.problems}


def test_the_first_level_of_sub_folders_gives_the_subject(folder_of):
    source = open_folder(folder_of("apple/1.png", "apple/red/2.png", "pear/1.png", "3.png"))
    labels = {entry.name: dict(entry.labels) for entry in source.entries()}
    assert labels == {
        "3.png": {},
        "apple/1.png": {"subject": ("apple",)},
        "apple/red/2.png": {"subject": ("apple",)},
        "pear/1.png": {"subject": ("pear",)},
    }
    assert not source.problems


def test_parts_of_a_dataset_are_not_subjects(folder_of):
    source = open_folder(folder_of("train/apple/1.png", "test/pear/1.png", "train/2.png"))
    assert [entry.labels.get("subject") for entry in source.entries()] == [("pear",), None, ("apple",)]


def test_one_folder_around_all_the_others_is_no_subject(folder_of):
    source = open_folder(folder_of("images/apple/1.png", "images/pear/1.png"))
    assert [entry.labels["subject"] for entry in source.entries()] == [("apple",), ("pear",)]


def test_a_table_adds_labels_and_wins_over_the_folder(folder_of):
    root = folder_of("apple/1.png", "apple/2.png")
    (root / "metadata.csv").write_text("file_name,label,style\napple/1.png,quince,oil\n")
    entries = open_folder(root).entries()
    assert dict(entries[0].labels) == {"subject": ("quince",), "style": ("oil",)}
    assert dict(entries[1].labels) == {"subject": ("apple",)}


def test_a_table_in_a_sub_folder_names_files_beside_it(folder_of):
    root = folder_of("train/1.png")
    (root / "train" / "metadata.jsonl").write_text('{"file_name": "1.png", "text": "a pear"}\n')
    assert open_folder(root).entries()[0].caption == "a pear"


def test_rows_without_a_file_and_files_without_a_row_are_reported(folder_of):
    root = folder_of("1.png", "2.png")
    (root / "metadata.csv").write_text("file_name,label\n1.png,pear\n9.png,plum\n")
    source = open_folder(root)
    assert names_of(source) == ["1.png", "2.png"]
    assert "no such file" in reasons_of(source)["9.png"]
    assert "no metadata row" in reasons_of(source)["2.png"]


def test_known_side_files_are_passed_over_in_silence_and_others_are_tried(folder_of):
    root = folder_of("1.png")
    for name in (
        "notes.txt",
        "README.md",
        "Thumbs.db",
        ".DS_Store",
        "LICENSE",
        "dataset.json",
        "desktop.ini",
    ):
        (root / name).write_text("{}")
    (root / ".git").mkdir()
    (root / ".git" / "x.png").write_text("hidden")
    (root / "table.xlsx").write_text("no picture")
    assert names_of(open_folder(root)) == ["1.png", "table.xlsx"]
    assert not open_folder(root).problems


def test_archives_inside_a_folder_are_reported_with_what_to_do(folder_of):
    root = folder_of("1.png")
    (root / "more.zip").write_bytes(b"PK")
    assert "name it by itself" in reasons_of(open_folder(root))["more.zip"]


def test_links_that_lead_out_are_not_followed(folder_of, tmp_path):
    root = folder_of("1.png")
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"x")
    (root / "out.png").symlink_to(secret)
    (root / "up").symlink_to(tmp_path)
    (root / "nowhere.png").symlink_to(root / "gone.png")
    source = open_folder(root)
    assert names_of(source) == ["1.png"]
    assert "out of the folder" in reasons_of(source)["out.png"]
    assert "out of the folder" in reasons_of(source)["up"]
    assert "leads nowhere" in reasons_of(source)["nowhere.png"]


def test_loops_of_links_end(folder_of):
    root = folder_of("a/1.png")
    (root / "a" / "again").symlink_to(root, target_is_directory=True)
    (root / "self").symlink_to(root / "self")
    source = open_folder(root)
    assert names_of(source) == ["a/1.png"]
    assert set(reasons_of(source)) == {"a/again", "self"}


def test_a_link_to_a_file_inside_counts_as_a_work(folder_of):
    root = folder_of("a/1.png")
    (root / "b.png").symlink_to(root / "a" / "1.png")
    assert names_of(open_folder(root)) == ["a/1.png", "b.png"]


def test_pipes_and_sockets_are_not_read(folder_of, monkeypatch):
    root = folder_of("1.png")
    os.mkfifo(root / "pipe.png")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("socket.png")
        source = open_folder(root)
    assert names_of(source) == ["1.png"]
    assert set(reasons_of(source)) == {"pipe.png", "socket.png"}


def test_an_unreadable_sub_folder_is_reported_and_the_rest_is_read(folder_of, monkeypatch):
    root = folder_of("1.png", "closed/2.png")
    scandir = os.scandir

    def guarded(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    source = open_folder(root)
    assert names_of(source) == ["1.png"]
    assert reasons_of(source) == {"closed": "the folder cannot be read: Permission denied"}


def test_an_unreadable_folder_is_one_clear_error(folder_of, monkeypatch):
    root = folder_of("1.png")

    def closed(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(DataError, match=r"cannot be read: Permission denied.*permissions"):
        open_folder(root)


def test_an_unreadable_file_is_a_problem_of_that_work_alone(folder_of):
    root = folder_of("1.png")
    source = open_folder(root)
    (root / "1.png").unlink()
    with pytest.raises(DataError, match=r"the file cannot be read: No such file"):
        source.read(source.entries()[0])


def test_folders_too_deep_are_reported(folder_of):
    root = folder_of("/".join("d" * 1 for _ in range(40)) + "/1.png")
    assert list(reasons_of(open_folder(root)).values()) == ["the folder lies too deep"]


def test_the_identity_follows_the_files(folder_of):
    root = folder_of("1.png", "2.png")
    before = open_folder(root).identity()
    assert open_folder(root).identity() == before
    os.utime(root / "2.png", ns=(1, 1))
    assert open_folder(root).identity() != before


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("a/1.png", "a"),
        ("Validation/a/1.png", "a"),
        ("train/1.png", ""),
        ("1.png", ""),
        ("red  apple/1.png", "red apple"),
    ],
)
def test_the_label_of_a_file_is_its_first_folder(name, label):
    assert folder_label(name) == label


@pytest.mark.parametrize("name", ["a/.hidden/1.png", "__MACOSX/a/._1.png", "a/metadata.csv", "A/NOTES.TXT"])
def test_side_files_are_known_at_any_depth(name):
    assert is_side_file(name)
