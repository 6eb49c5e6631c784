from __future__ import annotations

import json

import numpy as np
import pytest

from huohua.arts.image.datasets import cache
from huohua.arts.image.datasets.cache import ArrayWriter, Index, cache_folder, load, save_index, spot_check
from huohua.arts.image.datasets.decoding import Canvas
from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.problem import Problem

INDEX = Index(
    left_out=1,
    entries=tuple(
        Entry(name=f"{place}\udcff.png", labels={"tags": ("红", "b")}, caption="c") for place in range(3)
    ),
    problems=(Problem(name="x", reason="broken"),),
    near=((0, 2),),
    fingerprint="f" * 64,
)


def write(folder, count=3):
    images = np.random.default_rng(0).integers(0, 256, (count, 4, 5, 3), dtype=np.uint8)
    with ArrayWriter(folder / "images.npy", (4, 5, 3)) as writer:
        for image_HWC in images:
            writer.append(image_HWC)
    save_index(folder, INDEX)
    return images


def test_what_is_written_row_by_row_comes_back_mapped(tmp_path):
    images = write(tmp_path)
    found, index = load(tmp_path)
    assert isinstance(found, np.memmap)
    assert not found.flags.writeable
    assert np.array_equal(found, images)
    assert index == INDEX


@pytest.mark.parametrize("count", [1, 9, 10, 12_345])
def test_the_header_has_room_for_any_number_of_rows(tmp_path, count):
    with ArrayWriter(tmp_path / "x.npy", (1, 1, 1)) as writer:
        for _ in range(count):
            writer.append(np.ones((1, 1, 1), np.uint8))
    assert np.load(tmp_path / "x.npy").shape == (count, 1, 1, 1)


def test_rows_of_another_shape_or_kind_are_refused(tmp_path):
    with ArrayWriter(tmp_path / "x.npy", (4, 5, 3)) as writer:
        for wrong in (np.zeros((5, 4, 3), np.uint8), np.zeros((4, 5, 3), np.float32)):
            with pytest.raises(ValueError, match=r"is needed"):
                writer.append(wrong)


def test_the_fingerprint_follows_pixels_and_settings(tmp_path):
    def fingerprint(value, settings):
        with ArrayWriter(tmp_path / "x.npy", (1, 1, 1)) as writer:
            writer.append(np.full((1, 1, 1), value, np.uint8))
            return writer.fingerprint(settings)

    assert fingerprint(1, "a") == fingerprint(1, "a")
    assert len({fingerprint(1, "a"), fingerprint(2, "a"), fingerprint(1, "b")}) == 3


def flip(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


DAMAGES = {
    "no folder": lambda f: [item.unlink() for item in f.iterdir()],
    "no index": lambda f: (f / "index.json").unlink(),
    "no pixels": lambda f: (f / "images.npy").unlink(),
    "index cut short": lambda f: (f / "index.json").write_text((f / "index.json").read_text()[:40]),
    "index of another kind": lambda f: (f / "index.json").write_text("[1, 2]"),
    "an entry lost": lambda f: (f / "index.json").write_text(
        json.dumps({**json.loads((f / "index.json").read_text()), "entries": []})
    ),
    "pixels cut short": lambda f: (f / "images.npy").write_bytes((f / "images.npy").read_bytes()[:-1]),
    "pixels longer": lambda f: (f / "images.npy").write_bytes((f / "images.npy").read_bytes() + b"x"),
    "a pixel changed": lambda f: flip(f / "images.npy", -1),
    "the header changed": lambda f: flip(f / "images.npy", 20),
    "empty files": lambda f: [item.write_bytes(b"") for item in f.iterdir()],
}


@pytest.mark.parametrize("damage", list(DAMAGES))
def test_a_damaged_cache_counts_as_none(tmp_path, damage):
    write(tmp_path)
    assert load(tmp_path) is not None
    DAMAGES[damage](tmp_path)
    assert load(tmp_path) is None


def test_pixels_of_another_kind_count_as_none(tmp_path):
    write(tmp_path)
    np.save(tmp_path / "images.npy", np.zeros((3, 4, 5, 3), np.float32))
    save_index(tmp_path, INDEX)
    assert load(tmp_path) is None


def test_a_large_file_is_checked_at_its_ends_and_at_spread_places(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_BLOCK", 10)
    path = tmp_path / "x"
    path.write_bytes(bytes(10_000))
    whole = spot_check(path)
    noticed = 0
    for place in (0, 9_999, *range(0, 10_000, 137)):
        flip(path, place)
        noticed += spot_check(path) != whole
        if place in (0, 9_999):
            assert spot_check(path) != whole
        flip(path, place)
    assert 2 <= noticed < 40
    assert spot_check(path) == whole
    path.write_bytes(bytes(10_001))
    assert spot_check(path) != whole


def test_a_small_file_is_checked_in_full(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_BLOCK", 10)
    path = tmp_path / "x"
    path.write_bytes(bytes(605))
    whole = spot_check(path)
    for place in (*range(0, 605, 7), 604):
        flip(path, place)
        assert spot_check(path) != whole
        flip(path, place)


def test_each_source_and_canvas_has_a_folder_of_its_own(tmp_path):
    canvases = [Canvas(height=8, width=8), Canvas(height=8, width=9), Canvas(height=8, width=8, channels=1)]
    canvases.append(Canvas(height=8, width=8, crop="pad"))
    folders = {
        cache_folder(tmp_path, "a/..b 果", identity, canvas) for canvas in canvases for identity in "xy"
    }
    assert len(folders) == 8
    assert all(folder.parent == tmp_path and folder.name.isascii() for folder in folders)
