from __future__ import annotations

import base64
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from huohua.adversarial.events import Previewed
from huohua.studio.history import settle
from huohua.studio.sheets import WIDEST, choose, load_sheets


def draw(run_folder, shown, size=(12, 8)):
    path = run_folder / "previews" / f"{shown:09d}.png"
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", size, (shown % 256, 0, 0)).save(path)
    return Previewed(seconds=shown / 10, shown=shown, round=shown, path=f"previews/{path.name}")


def opened(sheet):
    head, _, content = sheet.source.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(content)))


@given(st.lists(st.integers(0, 10**7), unique=True, max_size=60).map(sorted))
def test_the_first_and_the_last_are_always_chosen_and_never_twice(shown):
    chosen = choose(shown)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(len(shown), 6)
    if shown:
        assert chosen[0] == 0
        assert chosen[-1] == len(shown) - 1


def test_sheets_between_are_spaced_by_equal_factors():
    assert choose([2**power for power in range(11)], between=4) == [0, 2, 4, 6, 8, 10]


def test_sheets_are_embedded_as_they_are(tmp_path):
    events = [draw(tmp_path, shown) for shown in (100, 200)]
    first, last = load_sheets(tmp_path, settle(events))
    assert (first.shown, first.seconds, first.width, first.height) == (100, 10.0, 12, 8)
    assert last.shown == 200
    assert opened(last).getpixel((0, 0)) == (200, 0, 0)


def test_a_wide_sheet_is_made_smaller_in_proportion(tmp_path):
    events = [draw(tmp_path, 100, size=(2 * WIDEST, WIDEST))]
    (sheet,) = load_sheets(tmp_path, settle(events))
    assert (sheet.width, sheet.height) == (WIDEST, WIDEST // 2)
    assert opened(sheet).size == (WIDEST, WIDEST // 2)


def test_sheets_of_a_stretch_given_up_are_not_shown(tmp_path):
    draw(tmp_path, 300)
    (sheet,) = load_sheets(tmp_path, settle([draw(tmp_path, 100)]))
    assert sheet.shown == 100


def test_without_a_log_the_file_names_count_the_works(tmp_path):
    draw(tmp_path, 100)
    draw(tmp_path, 200)
    found = load_sheets(tmp_path, settle([]))
    assert [(sheet.shown, sheet.seconds) for sheet in found] == [(100, None), (200, None)]


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n torn"])
def test_a_damaged_sheet_is_left_out(tmp_path, content):
    events = [draw(tmp_path, 100), draw(tmp_path, 200)]
    (tmp_path / "previews" / "000000200.png").write_bytes(content)
    assert [sheet.shown for sheet in load_sheets(tmp_path, settle(events))] == [100]


def test_no_previews_are_no_sheets(tmp_path):
    assert load_sheets(tmp_path, settle([])) == []
