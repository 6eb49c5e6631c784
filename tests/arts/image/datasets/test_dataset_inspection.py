from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from huohua.arts.image.datasets import advice
from huohua.arts.image.datasets.advice import Facts, suggested_size, warn
from huohua.arts.image.datasets.inspection import inspect
from huohua.errors import DataError

NAMES = [f"{subject}/{place}.png" for subject in ("apple", "pear") for place in range(6)]


def test_an_inspection_counts_what_is_there(folder_of, picture):
    root = folder_of(*NAMES, "fig/0.png")
    picture(90, (90, 30), "L").save(root / "wide.jpg")
    (root / "apple" / "copy.png").write_bytes((root / "pear/0.png").read_bytes())
    (root / "apple" / "broken.png").write_bytes(b"broken")
    (root / "dataset.json").write_text('{"licence": "CC0", "origin": "my garden"}')
    found = inspect(root)
    assert (found.name, found.licence, found.origin) == ("pictures", "CC0", "my garden")
    assert (found.files, found.works, found.duplicates) == (16, 14, 1)
    assert found.labels == {"subject": {"apple": 7, "pear": 5, "fig": 1}}
    assert found.conditions == {"subject": ("apple", "pear")}
    assert found.dropped == {"subject": {"fig": 1}}
    assert found.modes == {"RGB": 13, "L": 1}
    assert found.formats == {"PNG": 13, "JPEG": 1}
    assert (found.width.smallest, found.width.median, found.width.largest) == (40, 40, 90)
    assert (found.height.smallest, found.height.largest) == (30, 30)
    assert found.aspect.largest == 3
    reasons = {problem.name: problem.reason for problem in found.problems}
    assert reasons == {
        "apple/broken.png": "it is not a picture that can be read",
        "pear/0.png": "it is the same picture as apple/copy.png, but with other labels",
    }
    assert found.captions == 0


def test_a_photo_on_its_side_is_measured_upright(folder_of, picture):
    root = folder_of()
    root.mkdir()
    exif = Image.Exif()
    exif[0x0112] = 6
    picture(0, (60, 20)).save(root / "a.jpg", exif=exif)
    found = inspect(root)
    assert (found.width.median, found.height.median) == (20, 60)


def test_the_record_is_plain_data(folder_of):
    record = inspect(folder_of(*NAMES)).as_record()
    again = json.loads(json.dumps(record))
    assert again["works"] == 12
    assert again["width"] == {"smallest": 40.0, "median": 40.0, "largest": 40.0}
    assert again["conditions"] == {"subject": ["apple", "pear"]}
    assert "rows" not in again


def test_near_copies_are_named_with_whether_their_labels_agree(folder_of):
    root = folder_of(*NAMES)
    with Image.open(root / "apple/0.png") as image:
        image.resize((80, 60), Image.Resampling.BICUBIC).save(root / "pear/near.png")
    (pair,) = inspect(root).near_duplicates
    assert (pair.first, pair.second, pair.same_labels) == ("apple/0.png", "pear/near.png", False)


def test_the_contact_sheet_has_a_row_for_each_subject(folder_of):
    found = inspect(folder_of(*NAMES))
    assert [row.label for row in found.rows] == ["apple", "pear"]
    assert [len(row.images) for row in found.rows] == [6, 6]
    page = found.contact_sheet()
    assert page.height == 2 + 2 * 98
    assert page.width > 2 + 8 * 98


def test_the_contact_sheet_of_works_without_subjects_is_a_plain_grid(folder_of):
    found = inspect(folder_of(*[f"{place}.png" for place in range(11)]))
    assert [len(row.images) for row in found.rows] == [8, 3]
    assert found.contact_sheet().size == (2 + 8 * 98, 2 + 2 * 98)


def test_of_many_works_only_some_are_held(folder_of):
    root = folder_of(*[f"{place:03d}.png" for place in range(150)])
    assert sum(len(row.images) for row in inspect(root).rows) == 64


def test_few_works_can_be_inspected_with_a_warning(folder_of):
    found = inspect(folder_of("1.png"))
    assert found.works == 1
    assert "too few to train on" in found.warnings[0]


def test_nothing_to_inspect_is_one_clear_error(tmp_path):
    with pytest.raises(DataError, match=r"There are no pictures"):
        inspect(tmp_path)


def test_inspecting_writes_nothing(folder_of, own_home):
    inspect(folder_of(*NAMES))
    assert list(own_home.iterdir()) == []


def test_progress_counts_every_work(folder_of):
    told = []
    inspect(folder_of(*NAMES), on_progress=lambda *numbers: told.append(numbers))
    assert told[-1] == (12, 12)


def sizes(*pairs, times=200):
    return np.array([pair for pair in pairs for _ in range(times)], dtype=float)


def facts(**changes):
    defaults = {
        "works": 200,
        "faults": 0,
        "duplicates": 0,
        "sizes_N2": sizes((128, 128)),
        "labels": {},
        "conditions": {},
        "licence": "CC0",
    }
    return Facts(**{**defaults, **changes})


def test_a_good_dataset_gets_no_warning():
    assert warn(facts()) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"works": 3}, "3 works: too few to train on; 8 are the least"),
        ({"works": 50}, "50 works only"),
        ({"faults": 2}, "2 files cannot be used"),
        ({"duplicates": 1}, "1 work left out"),
        ({"labels": {"subject": {"a": 190, "b": 10}}, "conditions": {"subject": ("a", "b")}}, "unbalanced"),
        ({"labels": {"subject": {str(n): 1 for n in range(200)}}}, "too few works to be asked for"),
        (
            {"labels": {"subject": {"a": 90, "b": 80}}, "conditions": {"subject": ("a", "b")}},
            "30 works without a subject",
        ),
        ({"sizes_N2": sizes((16, 20))}, "tiny"),
        ({"sizes_N2": sizes((128, 128), (70, 70), times=100)}, "100 works smaller than 96 pixels"),
        ({"sizes_N2": sizes((300, 200))}, "wider than high: --size 192x128"),
        ({"sizes_N2": sizes((115, 180))}, "higher than wide: --size 96x128"),
        ({"sizes_N2": sizes((400, 200))}, "--size 256x128"),
        ({"sizes_N2": sizes((128, 128), (128, 400), times=100)}, "100 works more than twice as long as wide"),
        ({"licence": advice.UNKNOWN_LICENCE}, "licence is not known"),
    ],
)
def test_each_weakness_is_named_in_words(changes, words):
    assert any(words in warning for warning in warn(facts(**changes))), warn(facts(**changes))


@pytest.mark.parametrize(
    ("found", "size"),
    [
        (sizes((28, 28)), 28),
        (sizes((32, 32)), 32),
        (sizes((115, 180)), 96),
        (sizes((256, 256)), 128),
        (sizes((4000, 3000)), 128),
        (sizes((5, 5)), 32),
        (sizes((28, 28), (64, 64)), 32),
    ],
)
def test_the_suggested_size_is_one_that_most_works_reach(found, size):
    assert suggested_size(found) == size
