"""`huohua invert`: the work, the sheet and the figures, and mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from huohua.studio.recreate import open_artwork

HASTY = ["--steps", 4, "--starts", 1]


@pytest.fixture
def photo(huohua) -> str:
    Image.effect_mandelbrot((60, 40), (-2, -1, 1, 1), 50).convert("RGB").save("my photo.jpg")
    return "my photo.jpg"


def test_the_work_and_the_sheet_are_saved_and_the_figures_said(huohua, fruit, photo):
    answer = huohua("invert", photo, *HASTY, "--sheet")
    assert (answer.code, answer.lines) == (0, ["my-photo-inverted.png", "my-photo-inverted-sheet.png"])
    assert "dB of pixels" in answer.err
    assert open_artwork("my-photo-inverted.png").image.size == (24, 16)
    with Image.open("my-photo-inverted-sheet.png") as page:
        assert page.size == (2 + 2 * 26, 2 + 18)
    assert huohua("recreate", "my-photo-inverted.png", "--check").code == 0


def test_what_was_found_can_be_edited_and_walked_through(huohua, fruit, photo):
    found = huohua("invert", photo, *HASTY, "-o", "found.png", "--subject", "lemon", "--json").record
    assert (found["path"], found["sheet"], found["model"]) == ("found.png", None, "fruit")
    assert set(found["figures"]) == {"signal_to_noise", "similarity", "distance"}
    assert found["conditions"]["subject"] == {"lemon": 1.0}
    assert huohua("create", "image", "--start", "found.png", "--mix", 3, "-o", "mixed.png").code == 0
    walked = ["--through", "found.png", "--through", "mixed.png", "--seconds", 1, "--fps", 3, "-o", "a.gif"]
    assert huohua("walk", *walked).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nothing.png"], 3, "nothing.png cannot be read"),
        (["my photo.jpg", "--steps", "0"], 2, "steps is 0"),
        (["my photo.jpg", "--subject", "lemno"], 2, "This model knows no subject 'lemno'."),
        (["my photo.jpg", "--out", "a.gif"], 2, "Works are not saved as '.gif'."),
        (["my photo.jpg", "--model", "fruti"], 4, "There is no model 'fruti'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_clear_message_and_nothing_is_written(
    huohua, fruit, photo, arguments, code, message
):
    answer = huohua("invert", *arguments)
    assert answer.code == code
    assert answer.err.splitlines()[0].startswith(f"Error: {message}")
    assert [path.name for path in Path().iterdir()] == [photo]
