"""Files that are whole or absent."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from huohua import files
from huohua.errors import StorageError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_written_file_holds_its_content_and_leaves_nothing_else(tmp_path):
    target = tmp_path / "new" / "deeper" / "note.txt"
    files.write_text(target, "火花\n")
    assert target.read_bytes() == "火花\n".encode()
    assert names(target.parent) == ["note.txt"]


def test_a_write_that_fails_keeps_the_old_content(tmp_path, monkeypatch):
    target = tmp_path / "note.txt"
    files.write_bytes(target, b"old")

    def fail(source: str, destination: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(StorageError, match="No space left"):
        files.write_bytes(target, b"new")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["note.txt"]


def test_a_written_file_has_the_permissions_of_any_new_file(tmp_path):
    before = os.umask(0o027)
    try:
        files.write_bytes(tmp_path / "note.txt", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "note.txt").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "No space left"),
        (errno.EDQUOT, "No space left"),
        (errno.EFBIG, "No space left"),
        (errno.EACCES, "cannot be written"),
        (errno.EROFS, "cannot be written"),
        (errno.EPERM, "cannot be written"),
    ],
)
def test_what_the_system_says_becomes_an_error_that_names_the_target(number, words):
    with pytest.raises(StorageError, match=words) as caught, files.storage_errors(Path("pictures/a.png")):
        raise OSError(number, os.strerror(number))
    assert "pictures/a.png" in caught.value.message
    assert caught.value.advice


def test_another_error_of_the_system_passes_unchanged():
    with pytest.raises(ConnectionResetError), files.storage_errors(Path("a")):
        raise ConnectionResetError(errno.ECONNRESET, "reset")


def test_a_file_where_a_folder_should_be_is_a_clear_error(tmp_path):
    (tmp_path / "runs").write_text("in the way")
    with pytest.raises(StorageError, match="in the way"):
        files.write_bytes(tmp_path / "runs" / "a.png", b"")


def test_a_new_folder_appears_only_when_its_block_succeeds(tmp_path):
    target = tmp_path / "model"
    with pytest.raises(ValueError, match="half way"), files.new_folder(target) as folder:
        (folder / "a").write_text("a")
        raise ValueError("half way")
    assert names(tmp_path) == []
    with files.new_folder(target) as folder:
        assert not target.exists()
        (folder / "a").write_text("a")
    assert names(tmp_path) == ["model"]
    assert (target / "a").read_text() == "a"


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path):
    target = tmp_path / "model"
    target.mkdir()
    (target / "old").write_text("old")
    with files.new_folder(target) as folder:
        (folder / "new").write_text("new")
        assert names(target) == ["old"]
    assert names(target) == ["new"]
    assert names(tmp_path) == ["model"]


def test_a_failed_replacement_keeps_the_old_folder(tmp_path):
    target = tmp_path / "model"
    target.mkdir()
    (target / "old").write_text("old")
    with pytest.raises(ValueError, match="no"), files.new_folder(target):
        raise ValueError("no")
    assert names(target) == ["old"]
    assert names(tmp_path) == ["model"]


def test_the_old_folder_comes_back_when_the_new_one_cannot_take_its_place(tmp_path, monkeypatch):
    target = tmp_path / "model"
    target.mkdir()
    (target / "old").write_text("old")
    replace = os.replace

    def fail_second(source, destination):
        if Path(destination) == target and Path(source).name != "model":
            raise OSError(errno.EIO, "input/output error")
        replace(source, destination)

    monkeypatch.setattr(os, "replace", fail_second)
    with pytest.raises(OSError, match="input/output"), files.new_folder(target) as folder:
        (folder / "new").write_text("new")
    assert names(target) == ["old"]
    assert names(tmp_path) == ["model"]


def test_a_new_folder_has_the_permissions_of_any_new_folder(tmp_path):
    before = os.umask(0o022)
    try:
        with files.new_folder(tmp_path / "model"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "model").stat().st_mode) == 0o755


@pytest.mark.parametrize("content", [b"", b"abc", b"x" * ((1 << 20) + 3)])
def test_the_hash_of_a_file_is_the_hash_of_its_bytes(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert files.sha256(path) == hashlib.sha256(content).hexdigest()


def test_the_home_folder_is_the_one_that_is_named(monkeypatch):
    monkeypatch.setenv("HUOHUA_HOME", "~/fire")
    assert files.home() == Path.home() / "fire"


def test_the_home_folder_follows_the_desktop_convention(monkeypatch, tmp_path):
    monkeypatch.delenv("HUOHUA_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert files.home() == tmp_path / "huohua"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert files.home() == Path.home() / ".local" / "share" / "huohua"


def test_sweeping_removes_what_a_kill_left_and_nothing_else(tmp_path):
    target = tmp_path / "model"
    for folder in (target, tmp_path / ".model.abc", tmp_path / ".old-model.abc", tmp_path / ".models.abc"):
        folder.mkdir()
        (folder / "file").write_text("content")
    (tmp_path / ".model.tmp").write_text("half a file")
    files.sweep(target)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".models.abc", "model"]


def test_sweeping_puts_back_what_was_set_aside_when_nothing_took_its_place(tmp_path):
    aside = tmp_path / ".old-model.abc" / "model"
    aside.mkdir(parents=True)
    (aside / "weights").write_text("good")
    files.sweep(tmp_path / "model")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert (tmp_path / "model" / "weights").read_text() == "good"
