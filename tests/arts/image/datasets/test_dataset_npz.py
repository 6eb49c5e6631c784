from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.image.datasets import npz
from huohua.arts.image.datasets.arrays import as_images, as_subjects
from huohua.arts.image.datasets.npz import open_npz
from huohua.errors import DataError


def grey(count=4, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 5, 6), dtype=np.uint8)


def saved(tmp_path, **arrays):
    np.savez(tmp_path / "set.npz", **arrays)
    return tmp_path / "set.npz"


def subjects_of(source):
    return [entry.labels.get("subject") for entry in source.entries()]


def test_keras_archives_give_their_training_part(tmp_path):
    images = grey()
    path = saved(tmp_path, x_train=images, y_train=np.arange(4), x_test=grey(2), y_test=np.arange(2))
    source = open_npz(path)
    assert subjects_of(source) == [("0",), ("1",), ("2",), ("3",)]
    assert np.array_equal(np.asarray(source.read(source.entries()[2])), images[2])
    assert source.notes == ("Its test works are left out, as is usual.",)
    assert source.name == "set"


def test_class_names_replace_numbers(tmp_path):
    names = np.array(["coat", "bag"])
    source = open_npz(saved(tmp_path, images=grey(3), labels=np.array([1, 0, 7]), class_names=names))
    assert subjects_of(source) == [("bag",), ("coat",), ("7",)]


def test_works_without_labels_are_read(tmp_path):
    assert subjects_of(open_npz(saved(tmp_path, images=grey(2)))) == [None, None]


def test_an_empty_label_is_no_label(tmp_path):
    assert subjects_of(open_npz(saved(tmp_path, images=grey(2), labels=np.array(["", "a"])))) == [
        None,
        ("a",),
    ]


def test_python_objects_are_never_opened(tmp_path):
    path = saved(tmp_path, images=np.array([{"a": 1}], dtype=object))
    with pytest.raises(DataError, match=r"holds Python objects, which are not opened"):
        open_npz(path).entries()


def test_an_archive_without_pictures_names_its_arrays(tmp_path):
    with pytest.raises(DataError, match=r"no array of pictures. Its arrays: a, b"):
        open_npz(saved(tmp_path, a=np.arange(3), b=np.arange(3)))


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04cut"])
def test_what_is_no_archive_is_one_clear_error(tmp_path, content):
    (tmp_path / "set.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be read as a NumPy archive"):
        open_npz(tmp_path / "set.npz")


def test_a_damaged_array_is_one_clear_error(tmp_path):
    path = saved(tmp_path, images=grey(40))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be read as a NumPy archive"):
        open_npz(path).entries()


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(npz, "MOST_BYTES", 100)
    with pytest.raises(DataError, match=r"would unpack to more than"):
        open_npz(saved(tmp_path, images=grey()))


def test_the_identity_follows_the_content(tmp_path):
    first = open_npz(saved(tmp_path, images=grey())).identity()
    assert open_npz(saved(tmp_path, images=grey())).identity() == first
    assert open_npz(saved(tmp_path, images=grey(seed=1))).identity() != first


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([0, 7, 255], np.uint8), [0, 7, 255]),
        (np.array([False, True, True]), [0, 255, 255]),
        (np.array([0, 257, 65535], np.uint16), [0, 1, 255]),
        (np.array([0, 100, 200], np.int64), [0, 100, 200]),
        (np.array([0.0, 0.5, 1.0]), [0, 128, 255]),
        (np.array([-1.0, 0.0, 1.0]), [0, 128, 255]),
        (np.array([0.0, 99.6, 255.0], np.float32), [0, 100, 255]),
    ],
)
def test_numbers_of_every_kind_become_bytes(values, expected):
    assert as_images(values.reshape(1, 1, 3), name="x")[0, 0, :, 0].tolist() == expected


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((2, 5, 6), (2, 5, 6, 1)),
        ((2, 5, 6, 3), (2, 5, 6, 3)),
        ((2, 3, 5, 6), (2, 5, 6, 3)),
        ((2, 1, 5, 6), (2, 5, 6, 1)),
        ((2, 5, 6, 4), (2, 5, 6, 4)),
    ],
)
def test_channels_may_come_first_or_last(shape, expected):
    assert as_images(np.zeros(shape, np.uint8), name="x").shape == expected


def test_channels_first_keeps_each_pixel_together():
    planes = np.stack([np.full((1, 5, 6), value, np.uint8) for value in (1, 2, 3)], axis=1)
    assert as_images(planes, name="x")[0, 4, 5].tolist() == [1, 2, 3]


@pytest.mark.parametrize("shape", [(3,), (3, 4), (2, 5, 6, 7), (2, 0, 5, 3), (1, 2, 3, 4, 5)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(DataError, match=r"not a set of pictures"):
        as_images(np.zeros(shape, np.uint8), name="x")


@pytest.mark.parametrize(
    "values",
    [np.array([-300, 7, 9]), np.array([np.nan, 0, 0]), np.array(["a", "b", "c"]), np.array([0, 0, 1e9])],
)
def test_values_without_a_clear_meaning_are_refused(values):
    with pytest.raises(DataError):
        as_images(values.reshape(1, 1, 3), name="x")


def test_labels_may_be_one_hot_fractions_columns_or_words():
    assert as_subjects(np.eye(3)[[2, 0]], 2, (), where="x") == ("2", "0")
    assert as_subjects(np.array([1.0, 2.0]), 2, (), where="x") == ("1", "2")
    assert as_subjects(np.array([[1], [2]]), 2, ("a", "b", "c"), where="x") == ("b", "c")
    assert as_subjects(np.array([b"red  apple", b"pear"]), 2, (), where="x") == ("red apple", "pear")


@pytest.mark.parametrize("labels", [np.arange(3), np.array(5)])
def test_another_number_of_labels_than_works_is_refused(labels):
    with pytest.raises(DataError, match=f"{labels.size} labels for 2 works"):
        as_subjects(labels, 2, (), where="x")
