from __future__ import annotations

import gzip
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from huohua.arts.image.datasets.drawn import DrawnSource
from huohua.arts.image.datasets.folder import FolderSource
from huohua.arts.image.datasets.table import READERS, dataset_names, open_source
from huohua.errors import DataError


def test_a_path_is_opened_by_what_it_holds(tmp_path, folder_of, picture):
    root = folder_of("1.png")
    assert open_source(root).name == "pictures"
    assert open_source(str(root)).name == "pictures"
    with zipfile.ZipFile(tmp_path / "odd.dat", "w") as archive:
        archive.write(root / "1.png", "1.png")
    source = open_source(tmp_path / "odd.dat")
    assert [entry.name for entry in source.entries()] == ["1.png"]
    source.close()
    np.savez(tmp_path / "set.npz", images=np.zeros((2, 3, 4), np.uint8))
    (tmp_path / "set.npz").rename(tmp_path / "set.bin")
    assert len(open_source(tmp_path / "set.bin").entries()) == 2
    content = struct.pack(">HBBIII", 0, 8, 3, 2, 4, 5) + bytes(40)
    (tmp_path / "digits").write_bytes(content)
    assert len(open_source(tmp_path / "digits").entries()) == 2
    (tmp_path / "digits-images.idx3.gz").write_bytes(gzip.compress(content))
    assert len(open_source(tmp_path / "digits-images.idx3.gz").entries()) == 2


def test_a_folder_of_idx_files_is_no_folder_of_pictures(tmp_path):
    content = struct.pack(">HBBIII", 0, 8, 3, 2, 4, 5) + bytes(40)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(content)
    assert len(open_source(tmp_path).entries()) == 2


def test_naming_the_table_means_its_folder(folder_of):
    root = folder_of("1.png")
    (root / "metadata.csv").write_text("file_name,label\n1.png,pear\n")
    source = open_source(root / "metadata.csv")
    assert isinstance(source, FolderSource)
    assert source.entries()[0].labels == {"subject": ("pear",)}


def test_sample_is_a_name_but_a_folder_of_that_name_comes_first(folder_of, monkeypatch):
    assert isinstance(open_source("sample"), DrawnSource)
    root = folder_of("1.png", root="sample")
    monkeypatch.chdir(root.parent)
    assert isinstance(open_source("sample"), FolderSource)


def test_opening_a_named_dataset_fetches_nothing_yet():
    source = open_source("mnist")
    assert source.licence.startswith("CC BY-SA")
    assert source.notes


@pytest.mark.parametrize(
    ("source", "message", "advice"),
    [
        ("no/such/folder", "There is no file or folder 'no/such/folder'", "sample"),
        ("minst", "There is no file or folder 'minst'", "Did you mean 'mnist'?"),
        ("", "There is no file or folder ''", "sample"),
    ],
)
def test_a_wrong_path_or_name_is_one_clear_error_with_advice(source, message, advice):
    with pytest.raises(DataError) as caught:
        open_source(source)
    assert message in caught.value.message
    assert advice in caught.value.advice


def test_a_nul_in_a_path_is_one_clear_error():
    with pytest.raises(DataError):
        open_source("a\0b")


def test_a_single_picture_is_answered_with_advice(folder_of):
    with pytest.raises(DataError, match=r"is a single picture.*folder"):
        open_source(folder_of("1.png") / "1.png")


def test_a_file_of_an_unknown_kind_is_answered_with_advice(tmp_path):
    (tmp_path / "x.tar").write_bytes(b"what is this")
    with pytest.raises(DataError, match=r"of a kind that is not read"):
        open_source(tmp_path / "x.tar")


@pytest.mark.parametrize("name", ["x.zip", "x.npz"])
def test_a_damaged_archive_is_still_taken_for_one(tmp_path, name):
    (tmp_path / name).write_bytes(b"damaged")
    with pytest.raises(DataError, match=r"cannot be"):
        open_source(tmp_path / name)


def test_an_unreadable_path_is_one_clear_error(tmp_path, monkeypatch):
    def closed(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", closed)
    with pytest.raises(DataError, match=r"Permission denied.*permissions"):
        open_source(tmp_path)


def test_the_names_and_readers_are_those_that_are_promised():
    assert dataset_names() == ("mnist", "fashion_mnist", "cifar10", "sample")
    assert set(READERS) == {"folder", "zip", "npz", "idx", "cifar"}
