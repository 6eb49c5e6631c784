from __future__ import annotations

import contextlib
import errno
import os
import resource
import threading
import zipfile

import numpy as np
import pytest
from PIL import Image

from huohua.arts.image.datasets import cache as caching
from huohua.arts.image.datasets import dataset as opening
from huohua.arts.image.datasets.dataset import open_dataset
from huohua.arts.image.datasets.decoding import Canvas, decode
from huohua.errors import DataError, StorageError, UsageError

NAMES = [f"{subject}/{place}.png" for subject in ("apple", "pear") for place in range(6)]


def opened(root, **options):
    return open_dataset(root, **{"height": 8, "width": 8, **options})


def test_a_folder_becomes_pixels_conditions_and_entries(folder_of):
    root = folder_of(*NAMES)
    dataset = opened(root, height=12, width=16)
    assert dataset.images_NHWC.shape == (12, 12, 16, 3)
    assert dataset.images_NHWC.dtype == np.uint8
    assert [entry.name for entry in dataset.entries] == NAMES
    assert dataset.conditions.groups == {"subject": ("apple", "pear")}
    assert dataset.condition_NC.tolist() == [[1, 0]] * 6 + [[0, 1]] * 6
    assert dataset.name == "pictures"
    assert len(dataset) == 12
    with Image.open(root / NAMES[3]) as image:
        assert np.array_equal(dataset.images_NHWC[3], decode(image, Canvas(height=12, width=16)))


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_number_of_channels_is_a_choice(folder_of, channels):
    assert opened(folder_of(*NAMES), channels=channels).images_NHWC.shape == (12, 8, 8, channels)


def test_a_second_opening_reads_the_cache_and_no_picture(folder_of, monkeypatch):
    root = folder_of(*NAMES)
    first = opened(root)
    monkeypatch.setattr(opening, "decode", None)
    second = opened(root)
    assert isinstance(second.images_NHWC, np.memmap)
    assert np.array_equal(first.images_NHWC, second.images_NHWC)
    assert (second.entries, second.problems, second.fingerprint) == (
        first.entries,
        first.problems,
        first.fingerprint,
    )


def test_a_changed_source_is_decoded_again(folder_of, picture):
    root = folder_of(*NAMES)
    first = opened(root)
    picture(99).save(root / NAMES[0])
    second = opened(root)
    assert second.fingerprint != first.fingerprint
    assert not np.array_equal(second.images_NHWC[0], first.images_NHWC[0])
    assert np.array_equal(second.images_NHWC[1:], first.images_NHWC[1:])


def test_the_fingerprint_is_that_of_the_works_and_not_of_their_place(folder_of, tmp_path):
    root = folder_of(*NAMES)
    with zipfile.ZipFile(tmp_path / "pictures.zip", "w") as archive:
        for name in NAMES:
            archive.write(root / name, name)
    assert opened(root).fingerprint == opened(tmp_path / "pictures.zip").fingerprint
    assert opened(root).fingerprint != opened(root, crop="squash").fingerprint


def test_the_order_is_the_same_with_one_thread_and_with_many(folder_of, tmp_path, monkeypatch):
    root = folder_of(*[f"{place:03d}.png" for place in range(60)])
    results = []
    for threads in (1, 7):
        monkeypatch.setattr("huohua.arts.image.datasets.pool.processors", lambda threads=threads: threads)
        results.append(opened(root, cache=tmp_path / f"cache{threads}"))
    assert results[0].fingerprint == results[1].fingerprint
    assert np.array_equal(results[0].images_NHWC, results[1].images_NHWC)


def test_bad_files_are_skipped_and_reported_in_words(folder_of, picture, tmp_path):
    root = folder_of(*NAMES)
    (root / "apple" / "empty.jpg").write_bytes(b"")
    (root / "apple" / "page.html").write_text("<html>")
    (root / "apple" / "notes.txt").write_text("a known side file")
    whole = (root / NAMES[0]).read_bytes()
    (root / "pear" / "cut.png").write_bytes(whole[: len(whole) // 2])
    bomb = Image.new("1", (20_000, 20_000))
    bomb.save(root / "pear" / "bomb.png")
    dataset = opened(root)
    assert [entry.name for entry in dataset.entries] == NAMES
    reasons = {problem.name: problem.reason for problem in dataset.problems}
    assert set(reasons) == {"apple/empty.jpg", "apple/page.html", "pear/cut.png", "pear/bomb.png"}
    assert reasons["apple/empty.jpg"] == "the file is empty"
    assert reasons["apple/page.html"] == "it is not a picture that can be read"
    assert "cut short" in reasons["pear/cut.png"]
    assert "million pixels" in reasons["pear/bomb.png"]


def test_a_wrong_ending_does_not_matter(folder_of, picture):
    root = folder_of(*NAMES)
    picture(50).save(root / "photo.txt.jpg", "PNG")
    picture(51).save(root / "noending", "JPEG")
    assert {"photo.txt.jpg", "noending"} <= {entry.name for entry in opened(root).entries}


def test_every_mode_can_lie_in_one_folder(folder_of, picture):
    root = folder_of(*NAMES)
    for seed, (mode, ending) in enumerate(
        [
            ("1", "png"),
            ("L", "png"),
            ("LA", "png"),
            ("P", "gif"),
            ("RGBA", "webp"),
            ("CMYK", "jpg"),
            ("F", "tif"),
            ("I;16", "png"),
        ]
    ):
        image = picture(100 + seed)
        image = (
            Image.fromarray(np.asarray(image.convert("L"), np.uint16) * 257)
            if mode == "I;16"
            else image.convert(mode)
        )
        image.save(root / f"mode{seed}.{ending}")
    dataset = opened(root)
    assert not dataset.problems
    assert len(dataset) == len(NAMES) + 8


def test_an_exact_copy_is_skipped_and_its_labels_are_compared(folder_of):
    root = folder_of(*NAMES)
    for target in ("apple/copy.png", "pear/copy.png"):
        (root / target).write_bytes((root / "apple/0.png").read_bytes())
    dataset = opened(root)
    assert [entry.name for entry in dataset.entries] == NAMES
    assert {problem.name: problem.reason for problem in dataset.problems} == {
        "apple/copy.png": "it is the same picture as apple/0.png",
        "pear/copy.png": "it is the same picture as apple/0.png, but with other labels",
    }


def test_a_near_copy_is_kept_and_named(folder_of):
    root = folder_of(*NAMES)
    with Image.open(root / "apple/0.png") as image:
        image.resize((80, 60), Image.Resampling.BICUBIC).save(root / "apple/near.jpg", quality=92)
    dataset = opened(root, height=32, width=32)
    place = [entry.name for entry in dataset.entries].index("apple/near.jpg")
    assert dataset.near_duplicates == ((0, place),)


def test_terms_can_be_said_by_hand(folder_of):
    root = folder_of(*NAMES)
    assert opened(root).licence.startswith("unknown")
    said = opened(root, licence="CC0", origin="my garden")
    assert (said.licence, said.origin) == ("CC0", "my garden")


def test_a_style_that_all_share_is_recorded_but_no_condition(folder_of):
    root = folder_of(*NAMES)
    rows = "".join(f"{name},oil\n" for name in NAMES)
    (root / "metadata.csv").write_text("file_name,style\n" + rows)
    dataset = opened(root)
    assert dataset.constants == {"style": "oil"}
    assert list(dataset.conditions.groups) == ["subject"]


def test_progress_counts_every_work(folder_of):
    told = []
    opened(folder_of(*NAMES), on_progress=lambda done, total: told.append((done, total)))
    assert told == [(place + 1, 12) for place in range(12)]


def test_an_empty_folder_is_one_clear_error(tmp_path):
    with pytest.raises(DataError, match=r"There are no pictures in .*good start"):
        opened(tmp_path)


def test_a_folder_without_any_usable_picture_names_the_first_fault(tmp_path):
    (tmp_path / "a.doc").write_text("words")
    with pytest.raises(DataError, match=r"has no usable picture. a.doc: it is not a picture"):
        opened(tmp_path)


def test_one_picture_is_too_few(folder_of):
    with pytest.raises(DataError, match=r"has one usable picture; 8 are the fewest"):
        opened(folder_of("1.png"))


@pytest.mark.parametrize(("count", "enough"), [(7, False), (8, True)])
def test_eight_works_are_the_fewest(folder_of, count, enough):
    root = folder_of(*[f"{place}.png" for place in range(count)])
    with contextlib.nullcontext() if enough else pytest.raises(DataError, match=r"has 7 usable pictures"):
        assert len(opened(root)) == count


def test_copies_of_one_picture_do_not_count_as_many(folder_of):
    root = folder_of("0.png")
    for place in range(1, 9):
        (root / f"{place}.png").write_bytes((root / "0.png").read_bytes())
    with pytest.raises(DataError, match=r"one usable picture"):
        opened(root)


def test_an_impossible_canvas_is_a_usage_error(folder_of):
    with pytest.raises(UsageError):
        opened(folder_of(*NAMES), channels=2)


def cached(root):
    return [item for item in (root / "cache" / "images").rglob("*") if item.is_file()]


def test_a_failed_opening_leaves_no_cache_behind(folder_of, own_home):
    with pytest.raises(DataError):
        opened(folder_of("1.png"))
    assert list((own_home / "cache" / "images").iterdir()) == []


def test_interrupting_leaves_no_cache_behind(folder_of, own_home):
    def interrupt(done, total):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened(folder_of(*NAMES), on_progress=interrupt)
    assert list((own_home / "cache" / "images").iterdir()) == []


def test_a_damaged_cache_is_made_anew(folder_of, own_home):
    root = folder_of(*NAMES)
    first = opened(root)
    before = np.array(first.images_NHWC)
    (pixels,) = (path for path in cached(own_home) if path.name == "images.npy")
    pixels.write_bytes(pixels.read_bytes()[:-40])
    again = opened(root)
    assert np.array_equal(again.images_NHWC, before)
    assert again.fingerprint == first.fingerprint
    assert len(list((own_home / "cache" / "images").iterdir())) == 1


@contextlib.contextmanager
def full_disk():
    """Let no file grow beyond 2 KiB, as on a disk that is almost full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_a_storage_error_and_leaves_nothing(folder_of, own_home):
    root = folder_of(*NAMES)
    with full_disk(), pytest.raises(StorageError, match=r"No space left.*HUOHUA_HOME"):
        opened(root, height=64, width=64)
    assert list((own_home / "cache" / "images").iterdir()) == []
    assert len(opened(root, height=64, width=64)) == 12


def test_a_cache_that_cannot_be_written_is_a_storage_error(folder_of, tmp_path):
    (tmp_path / "wall").write_text("a file in the way")
    with pytest.raises(StorageError, match=r"HUOHUA_HOME"):
        opened(folder_of(*NAMES), cache=tmp_path / "wall" / "cache")


def test_a_closed_cache_is_a_storage_error(folder_of, monkeypatch):
    def closed(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    root = folder_of(*NAMES)
    monkeypatch.setattr("tempfile.mkdtemp", closed)
    with pytest.raises(StorageError, match=r"Permission denied.*HUOHUA_HOME"):
        opened(root)


def test_a_cache_finished_by_another_process_first_is_used(folder_of, monkeypatch, tmp_path):
    root = folder_of(*NAMES)
    replace = os.replace

    def beaten(source, target):
        # The other process puts its folder in place between our check and our move.
        if str(source).startswith(str(tmp_path / "cache")) and not os.path.exists(target):
            os.makedirs(target)
            for name in ("images.npy", "index.json"):
                replace(os.path.join(source, name), os.path.join(target, name))
            raise OSError(errno.ENOTEMPTY, "Directory not empty")
        replace(source, target)

    monkeypatch.setattr(os, "replace", beaten)
    dataset = opened(root, cache=tmp_path / "cache")
    assert len(dataset) == 12


def test_many_openers_at_once_agree(folder_of):
    root = folder_of(*NAMES)
    found, faults = [], []

    def work():
        try:
            found.append(opened(root).fingerprint)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(set(found)) == 1


def test_a_cache_that_cannot_be_read_back_is_one_clear_error(folder_of, monkeypatch):
    monkeypatch.setattr(caching, "load", lambda folder: None)
    with pytest.raises(DataError, match=r"cannot be read back"):
        opened(folder_of(*NAMES))


def test_the_archive_is_closed_even_after_an_error(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.png", b"no picture")
    closed = []
    close = zipfile.ZipFile.close
    monkeypatch.setattr(zipfile.ZipFile, "close", lambda self: (closed.append(1), close(self))[1])
    with pytest.raises(DataError):
        opened(tmp_path / "x.zip")
    assert closed


def test_attributes_become_conditions_beside_the_labels(folder_of):
    root = folder_of(*NAMES)
    plain, rich = opened(root), opened(root, attributes=True)
    assert next(iter(rich.conditions.groups)) == "subject"
    assert "look" in rich.conditions.groups
    assert rich.condition_NC.shape == (12, rich.conditions.size)
    assert rich.condition_NC[:, :2].tolist() == plain.condition_NC.tolist()
    assert np.abs(rich.condition_NC).max() <= 1
    assert rich.fingerprint == plain.fingerprint
    assert plain.conditions.scales == {}
