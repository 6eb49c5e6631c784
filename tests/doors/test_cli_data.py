"""`huohua data show`: what is in a dataset, for people and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def pictures(huohua):
    """Make a folder with nine pictures, one of them broken."""
    for number in range(9):
        place = Path("pictures") / ("apple" if number % 2 else "lemon")
        place.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), (20 * number, 99, 255 - 20 * number)).save(place / f"{number}.png")
    Path("pictures/lemon/broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")


def test_people_see_counts_labels_licence_and_problems(huohua, pictures):
    answer = huohua("data", "show", "pictures", "--sheet", "sheet.png")
    assert answer.code == 0
    facts = {line.split("  ")[0].strip(): " ".join(line.split()) for line in answer.lines if "  " in line}
    assert facts["works"] == "works 9, 1 left out"
    assert facts["subject"] == "subject lemon 5, apple 4"
    assert facts["licence"].startswith("licence Unknown.")
    assert "lemon/broken.png" in facts["problems"]
    assert answer.lines[-1] == "sheet.png"
    assert Image.open("sheet.png").width > 96


def test_programs_get_everything_as_json(huohua, pictures):
    record = huohua("data", "show", "pictures", "--json").record
    assert (record["files"], record["works"]) == (10, 9)
    assert record["labels"]["subject"] == {"lemon": 5, "apple": 4}
    assert (record["problems"][0]["name"], record["sheet"]) == ("lemon/broken.png", None)


def test_a_place_without_pictures_is_one_clear_message(huohua):
    Path("empty").mkdir()
    for place in ("empty", "nowhere"):
        answer = huohua("data", "show", place)
        assert answer.code == 3
        assert answer.err.startswith("Error: ")
        assert "Traceback" not in answer.err
