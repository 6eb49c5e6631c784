"""Result pages: what they say of their circumstances, and files of a bounded size."""

from __future__ import annotations

import io
import json
import sys

import numpy as np
import pytest
from PIL import Image
from results_page import (
    Circumstances,
    Page,
    circumstances,
    command_line,
    small_png,
    strict,
    table,
    without_places,
)

MADE = Circumstances(
    date="2026-01-02",
    command="python benchmarks/some.py",
    machine="a processor, 2 cores",
    versions={"Huohua": "1.0"},
    commit="abc1234",
    load=0.25,
)


def noise(side):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8))


def test_circumstances_name_machine_versions_and_commit():
    made = circumstances("pillow", "no-such-package")
    assert {"Huohua", "Python", "torch", "numpy", "pillow"} == set(made.versions)
    assert "cores" in made.machine
    assert made.commit
    assert made.load >= 0


def test_a_command_does_not_tell_where_folders_lie(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["some/folder/b.py", str(tmp_path / "c.zip"), "--eyes", "Two words."])
    assert command_line() == "python benchmarks/b.py c.zip --eyes 'Two words.'"


def test_a_table_sets_words_to_the_left_and_numbers_to_the_right():
    assert table(["a", "b"], [["x", 1], ["y", "2.5"]]).splitlines() == [
        "| a | b |", "| --- | --: |", "| x | 1 |", "| y | 2.5 |",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("of /a/b-c/run.1/model.", "of model."),
        ("'/a/some/x.zip' and 12 works/s", "'x.zip' and 12 works/s"),
        ("ours / theirs at a/b, 12 works/s", "ours / theirs at a/b, 12 works/s"),
        ("https://example.org/a/b", "https://example.org/a/b"),
    ],
)
def test_a_result_does_not_tell_where_folders_lie(text, left, tmp_path):
    assert without_places(text) == left
    page = Page(name="some", title="Something", made=MADE)
    page.add(text)
    path = page.write(tmp_path, {"complaint": text})
    assert left in path.read_text(encoding="utf-8")
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["complaint"] == left


def test_numbers_that_are_none_are_null():
    assert strict({"a": float("nan"), "b": [float("inf"), 1], "c": (0.5,)}) == {
        "a": None, "b": [None, 1], "c": [0.5],
    }  # fmt: skip


@pytest.mark.parametrize("most", [3_000, 30_000, 10**6])
def test_a_picture_fits_into_the_bytes_it_is_given(most):
    content = small_png(noise(100), most)
    assert len(content) <= most
    width, height = Image.open(io.BytesIO(content)).size
    assert width == height
    assert (width == 100) == (most > 3_000)


def test_a_page_is_written_with_its_record_and_its_pictures(tmp_path):
    page = Page(name="some", title="Something", made=MADE)
    page.add("One.", "", "Two.\n")
    page.show("sheet", noise(20), "Some noise.")
    path = page.write(tmp_path, {"numbers": [1.0, float("nan")]})
    assert path.name == "2026-01-02-some.md"
    assert path.read_text(encoding="utf-8").split("\n\n") == [
        "# Something",
        "```bash\npython benchmarks/some.py\n```",
        "2026-01-02, a processor, 2 cores; load before: 0.2; Huohua 1.0; commit abc1234.",
        "One.",
        "Two.",
        "![Some noise.](2026-01-02-some-sheet.png)",
        "Some noise.\n",
    ]
    record = json.loads((tmp_path / "2026-01-02-some.json").read_text(encoding="utf-8"))
    assert record["numbers"] == [1.0, None]
    assert record["made"]["commit"] == "abc1234"
    with Image.open(tmp_path / "2026-01-02-some-sheet.png") as picture:
        assert picture.size == (20, 20)


def test_all_pictures_of_a_page_together_are_bounded(tmp_path):
    page = Page(name="many", title="Many", made=MADE)
    for number in range(3):
        page.show(f"sheet{number}", noise(450), "Noise.")
    page.write(tmp_path, {})
    assert sum(path.stat().st_size for path in tmp_path.glob("*.png")) <= 1_400_000
