"""Looking at data before training on it."""

from __future__ import annotations

import pytest
from PIL import Image

from huohua.errors import DataError
from huohua.studio.inspect_data import inspect_data, licence_in_words, save_contact_sheet


@pytest.fixture
def pictures(tmp_path):
    """Return a folder of nine different pictures in two sub-folders, with a licence."""
    folder = tmp_path / "pictures"
    for number in range(9):
        place = folder / ("apple" if number % 2 else "lemon")
        place.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), (20 * number, 99, 255 - 20 * number)).save(place / f"{number}.png")
    (folder / "LICENSE").write_text("CC0-1.0\n")
    return folder


def test_works_and_licence_are_found_and_progress_is_told(pictures):
    told = []
    found = inspect_data(pictures, on_progress=lambda done, total: told.append((done, total)))
    assert (found.works, dict(found.labels["subject"])) == (9, {"lemon": 5, "apple": 4})
    assert licence_in_words(found).startswith("Creative Commons Zero 1.0")
    assert told == [(done, 9) for done in range(1, 10)]


def test_a_contact_sheet_is_a_picture(pictures, tmp_path):
    path = save_contact_sheet(inspect_data(pictures), tmp_path / "new" / "sheet.png")
    with Image.open(path) as sheet:
        assert sheet.format == "PNG"
        assert min(sheet.size) > 96


def test_a_place_without_pictures_is_a_clear_error(tmp_path):
    with pytest.raises(DataError):
        inspect_data(tmp_path)
