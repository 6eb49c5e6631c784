from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

from huohua.arts.image.datasets import idx
from huohua.arts.image.datasets.idx import open_idx, read_idx
from huohua.errors import DataError

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(array):
    head = struct.pack(">HBB", 0, CODES[array.dtype.str[1:]], array.ndim) + struct.pack(
        f">{array.ndim}I", *array.shape
    )
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write_pair(folder, *, zipped=False, stem="train", count=4):
    images = np.random.default_rng(0).integers(0, 256, (count, 5, 6), dtype=np.uint8)
    labels = (np.arange(count) % 3).astype(np.uint8)
    pack, ending = (gzip.compress, ".gz") if zipped else (bytes, "")
    (folder / f"{stem}-images-idx3-ubyte{ending}").write_bytes(pack(idx_bytes(images)))
    (folder / f"{stem}-labels-idx1-ubyte{ending}").write_bytes(pack(idx_bytes(labels)))
    return images


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "."])
def test_a_pair_is_found_from_either_file_or_their_folder(tmp_path, zipped, name):
    images = write_pair(tmp_path, zipped=zipped)
    write_pair(tmp_path, zipped=zipped, stem="t10k")
    source = open_idx(tmp_path / (name + ".gz" if zipped and name != "." else name))
    assert [entry.labels["subject"] for entry in source.entries()] == [("0",), ("1",), ("2",), ("0",)]
    assert np.array_equal(np.asarray(source.read(source.entries()[3])), images[3])
    assert source.name == "train"


def test_a_zipped_file_finds_its_plain_partner(tmp_path):
    write_pair(tmp_path)
    path = tmp_path / "train-images-idx3-ubyte"
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    source = open_idx(path.with_name(path.name + ".gz"))
    assert source.entries()[1].labels["subject"] == ("1",)


def test_class_names_replace_numbers(tmp_path):
    write_pair(tmp_path)
    source = open_idx(tmp_path, class_names=("zero", "one", "two"))
    assert source.entries()[2].labels["subject"] == ("two",)


def test_images_without_a_labels_file_have_no_labels(tmp_path):
    write_pair(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    assert [entry.labels for entry in open_idx(tmp_path).entries()] == [{}] * 4


def test_labels_without_images_are_one_clear_error(tmp_path):
    write_pair(tmp_path)
    (tmp_path / "train-images-idx3-ubyte").unlink()
    with pytest.raises(DataError, match=r"no IDX file of images"):
        open_idx(tmp_path / "train-labels-idx1-ubyte")


@pytest.mark.parametrize("kind", list(CODES))
def test_numbers_of_every_kind_are_read(tmp_path, kind):
    array = np.array([[1, 2, 3], [4, 5, 6]], dtype=kind)
    (tmp_path / "x").write_bytes(idx_bytes(array))
    assert np.array_equal(read_idx(tmp_path / "x"), array)
    assert read_idx(tmp_path / "x").dtype == np.dtype(kind)


@pytest.mark.parametrize(
    "content", [b"", b"\0\0", b"text and more", b"\0\0\x07\x01\0\0\0\1\0", b"\0\0\x08\x09"]
)
def test_what_is_no_idx_file_is_one_clear_error(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(DataError, match=r"is not an IDX file"):
        read_idx(tmp_path / "x")


@pytest.mark.parametrize("change", [-1, 1])
def test_a_file_of_another_length_than_it_says_is_refused(tmp_path, change):
    content = idx_bytes(np.zeros((3, 4, 5), np.uint8))
    (tmp_path / "x").write_bytes(content[:change] if change < 0 else content + b"\0")
    with pytest.raises(DataError, match=r"should hold 60 bytes"):
        read_idx(tmp_path / "x")


def test_a_header_cut_short_is_one_clear_error(tmp_path):
    (tmp_path / "x").write_bytes(b"\0\0\x08\x03\0\0")
    with pytest.raises(DataError, match=r"cannot be read"):
        read_idx(tmp_path / "x")


def test_a_truncated_gzip_is_one_clear_error(tmp_path):
    content = gzip.compress(idx_bytes(np.random.default_rng(0).integers(0, 256, (9, 9, 9), dtype=np.uint8)))
    (tmp_path / "x.gz").write_bytes(content[:-50])
    with pytest.raises(DataError, match=r"cannot be read"):
        read_idx(tmp_path / "x.gz")


def test_sizes_beyond_all_reason_are_refused_before_reading(tmp_path):
    (tmp_path / "x").write_bytes(b"\0\0\x08\x03" + b"\xff" * 12)
    with pytest.raises(DataError, match=f"more than {idx.MOST_BYTES >> 30} GiB"):
        read_idx(tmp_path / "x")


def test_images_and_labels_that_do_not_belong_together_are_refused(tmp_path):
    write_pair(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx_bytes(np.zeros(9, np.uint8)))
    with pytest.raises(DataError, match=r"9 labels for 4 works"):
        open_idx(tmp_path).entries()
