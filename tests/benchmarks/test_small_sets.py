"""Small sets: chosen once for all, changed as they say, and judged by what the logs tell."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import replace

import pytest
import small_sets
from PIL import Image, UnidentifiedImageError
from results_page import Page
from sheet_rows import read_row, stacked, write_row
from small_sets import SETS, doubts, ended_well, find, outcomes, story
from subsets import CHANGES, choose, write_subset

from huohua.adversarial.events import Finished, Measured, Progress, RolledBack, Started, Warned, as_record
from huohua.arts.image.datasets.table import open_source

RECORD = {
    "exit_code": 0, "finite": True, "light": "good", "summary": "Fine.", "works": 50, "left_out": 0,
    "shown": 900, "roll_backs": 0, "figures": {"diversity_ratio": 0.8}, "change": "grey", "size": "",
}  # fmt: skip


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    rows = ["file_name,subject,tags,caption"]
    for number in range(12):
        Image.new("RGB", (30, 20 + number), (20 * number, 10, 200)).save(folder / f"{number}.png")
        rows.append(f'{number}.png,{"plum" if number % 2 else "lemon"},"small;round",Number {number}')
    (folder / "metadata.csv").write_text("\n".join(rows))
    return folder


def looked_at(path):
    with Image.open(path) as picture:
        picture.load()
        return picture.mode, picture.size


def test_there_are_enough_sets_of_every_kind():
    assert len(SETS) >= 14
    assert {each.change for each in SETS.values()} == set(CHANGES)
    assert all(50 <= each.count <= 500 for each in SETS.values())
    assert any(each.size == "96x64" for each in SETS.values())


def test_the_same_works_are_chosen_every_time(pictures):
    first = choose(pictures, 5, seed=3)
    assert first == choose(pictures, 5, seed=3)
    assert len(set(first)) == 5
    assert first != choose(pictures, 5, seed=4)
    assert len(choose(pictures, 99, seed=3)) == 12


def test_a_subset_keeps_labels_and_captions(pictures, tmp_path):
    names = choose(pictures, 5, seed=0)
    target = write_subset(pictures, names, tmp_path / "subset")
    with_labels = {entry.name: entry for entry in open_source(pictures).entries()}
    wanted = [(with_labels[name].labels, with_labels[name].caption) for name in names]
    found = [(entry.labels, entry.caption) for entry in open_source(target).entries()]
    assert sorted(map(repr, found)) == sorted(map(repr, wanted))


@pytest.mark.parametrize(
    ("change", "modes"),
    [("as they are", {"RGB"}), ("grey", {"L"}), ("transparent", {"RGBA"}), ("CMYK", {"CMYK"})],
)
def test_a_change_gives_files_of_its_mode(pictures, tmp_path, change, modes):
    target = write_subset(pictures, choose(pictures, 4, 0), tmp_path / "subset", change)
    files = [path for path in target.iterdir() if path.suffix != ".csv"]
    assert len(files) == 4
    assert {looked_at(path)[0] for path in files} == modes


def test_mixed_pictures_have_different_sizes_and_formats(pictures, tmp_path):
    target = write_subset(pictures, choose(pictures, 12, 0), tmp_path / "subset", "mixed sizes and formats")
    files = [path for path in target.iterdir() if path.suffix != ".csv"]
    assert len({path.suffix for path in files}) == 6
    sizes = {looked_at(path)[1] for path in files}
    assert len(sizes) > 9
    assert all(40 <= side <= 400 for size in sizes for side in size)


def test_broken_files_cannot_be_read_and_the_others_can(pictures, tmp_path):
    target = write_subset(pictures, choose(pictures, 12, 0), tmp_path / "subset", "with broken files")
    broken = sorted(target.glob("*-broken.jpg"))
    assert len(broken) == 3
    for path in broken:
        with pytest.raises((UnidentifiedImageError, OSError)):
            looked_at(path)
    for path in set(target.glob("*.jpg")) - set(broken):
        looked_at(path)


def test_a_dataset_is_found_beside_or_inside_its_folder(tmp_path):
    (tmp_path / "monet").mkdir()
    (tmp_path / "monet" / "monet.zip").write_bytes(b"")
    (tmp_path / "mnist.npz").write_bytes(b"")
    (tmp_path / "van_gogh").mkdir()
    assert find("monet", [tmp_path]) == tmp_path / "monet" / "monet.zip"
    assert find("mnist", [tmp_path]) == tmp_path / "mnist.npz"
    assert find("van_gogh", [tmp_path]) == tmp_path / "van_gogh"
    assert find("flowers", [tmp_path]) is None


def log(folder, *events):
    folder.mkdir()
    lines = [json.dumps(as_record(event)) for event in events]
    (folder / "events.jsonl").write_text("\n".join(lines).replace("NaN", "null") + "\n")
    return folder


START = Started(seconds=0.0, shown=0, round=0, settings={"works": 50})
GOING = Progress(seconds=1.0, shown=16, round=1, costs={"generator/adversarial": 1.0})


def test_the_story_of_a_run_that_went_well(tmp_path):
    figures = Measured(seconds=2.0, shown=32, round=2, figures={"diversity_ratio": 0.9})
    end = Finished(seconds=2.0, shown=32, round=2, reason="budget")
    told = story(log(tmp_path / "run", START, GOING, figures, end))
    assert (told["works"], told["shown"], told["roll_backs"], told["problems"]) == (50, 32, 0, [])
    assert told["finite"]
    assert told["figures"] == {"diversity_ratio": 0.9}
    assert told["light"] in {"good", "watch"}


def test_the_story_of_a_run_that_diverged(tmp_path):
    ill = Warned(seconds=1.5, shown=16, round=1, problem="divergence", message="", remedy="")
    back = RolledBack(seconds=1.5, shown=16, round=1, problem="divergence", to_shown=0)
    bad = replace(GOING, seconds=3.0, costs={"generator/adversarial": math.nan})
    told = story(log(tmp_path / "run", START, GOING, ill, back, bad))
    assert (told["roll_backs"], told["problems"], told["finite"]) == (1, ["divergence"], False)
    assert told["light"] == "trouble"


def test_a_run_without_a_log_has_not_ended_well(tmp_path):
    told = story(tmp_path)
    assert not told["finite"]
    assert not ended_well({"exit_code": 0, **told})


def test_outcomes_say_how_each_set_ended():
    records = {
        "a": RECORD,
        "b": RECORD | {"finite": False, "size": "96x64", "figures": {"precision": 0.25}},
        "c": RECORD | {"exit_code": 1},
    }
    lines = outcomes(records).splitlines()
    assert lines[2] == "| a | grey | normally | good | 50 | 0 | 900 | 0 | 0.80 | – |"
    assert "| b | grey, 96x64 | NaN |" in lines[3]
    assert lines[3].endswith("| – | 0.25 |")
    assert "| with an error |" in lines[4]


def test_doubtful_runs_are_named_the_worst_first():
    records = {
        "a": RECORD,
        "b": RECORD | {"light": "watch", "summary": "Young."},
        "c": RECORD | {"light": "trouble", "summary": "Alike."},
    }
    assert doubts(records).splitlines() == ["- **c** (trouble): Alike.", "- **b** (watch): Young."]
    assert doubts({"a": RECORD}) == "No report doubts its run."


def test_the_page_counts_who_ended_well_and_shows_the_rows(tmp_path, made):
    write_row(tmp_path / "a" / "row.png", [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")])
    page = Page(name="small-sets", title="Small sets", made=made)
    options = argparse.Namespace(minutes=3.0, work=tmp_path)
    records = {"a": RECORD, "b": RECORD | {"finite": False, "roll_backs": 2}}
    small_sets.fill(page, records, {"c": "ValueError: x"}, ["d"], options)
    text = page.write(tmp_path / "out", records).read_text(encoding="utf-8")
    assert "1 of 2 ended normally, with numbers; 2 roll-back(s)" in text
    assert "not there: d." in text
    assert "ValueError: x" in text
    assert page.pictures["sheet"].height == 8 + 2 * 1 + 2 * 2  # the row's own edge, and the sheet's


def test_a_row_that_was_never_kept_is_nothing(tmp_path):
    assert read_row(tmp_path / "row.png") is None
    row = Image.new("RGB", (30, 10), "red")
    assert stacked({"x": row, "y": row}).height == 2 * 10 + 3 * 2
