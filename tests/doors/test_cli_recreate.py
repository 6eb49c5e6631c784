"""`huohua recreate`: the same bytes, or a clear word why not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from huohua.studio.recreate import open_artwork


@pytest.fixture
def work(huohua, fruit):
    """Return a file that the small model made."""
    return Path(huohua("create", "image", "--seed", 7, "--subject", "lemon", "--style", "monet").lines[0])


def test_a_file_comes_out_again_byte_for_byte(huohua, work):
    answer = huohua("recreate", work)
    assert (answer.code, answer.lines) == (0, ["lemon-monet-seed7-0-again.png"])
    assert Path(answer.lines[0]).read_bytes() == work.read_bytes()


def test_a_check_compares_and_writes_nothing(huohua, work):
    answer = huohua("recreate", work, "--check")
    assert (answer.code, answer.out) == (0, "")
    assert "The same: all 384 pixels are equal." in answer.err
    assert list(Path().iterdir()) == [work]


def test_a_check_of_a_changed_picture_fails(huohua, work):
    original = open_artwork(work)
    changed = original.image.copy()
    changed.putpixel((0, 0), tuple(255 - value for value in changed.getpixel((0, 0))))
    replace(original, image=changed).save(work)
    answer = huohua("recreate", work, "--check", "--json", "--out", "again.png")
    assert answer.code == 1
    assert (answer.record["same"], answer.record["different"]) == (False, 1)
    assert answer.record["saved"] == "again.png"
    assert "Different: 1 of 384 pixels" in huohua("recreate", work, "--check").err


def test_the_kind_of_file_is_kept_or_chosen(huohua, fruit):
    huohua("create", "image", "--seed", 1, "--out", "a.webp")
    assert huohua("recreate", "a.webp").lines == ["a-again.webp"]
    assert huohua("recreate", "a.webp", "--out", "b.png").lines == ["b.png"]
    assert Image.open("b.png").tobytes() == Image.open("a.webp").tobytes()


def test_a_photo_a_missing_file_and_a_lost_model_are_clear_messages(huohua, work, fruit):
    Image.new("RGB", (4, 4)).save("photo.png")
    answer = huohua("recreate", "photo.png")
    assert (answer.code, "photo.png carries no Huohua recipe." in answer.err) == (3, True)
    answer = huohua("recreate", "nothing.png")
    assert (answer.code, "There is no file nothing.png" in answer.err) == (3, True)
    fruit.rename(fruit.parent / "moved")
    answer = huohua("recreate", work)
    assert (answer.code, "that made this work is not here" in answer.err) == (4, True)
    assert huohua("recreate", work, "--check", "--model", fruit.parent / "moved").code == 0
