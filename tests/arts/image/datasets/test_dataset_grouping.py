from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.grouping import count_values, encode, group


def works(*labels, group_name="subject"):
    return [Entry(name=str(place), labels={group_name: tuple(values)}) for place, values in enumerate(labels)]


def test_values_that_enough_works_share_become_conditions():
    entries = works(*[["pear"]] * 5, *[["apple"]] * 6, *[["fig"]] * 4)
    grouping = group(entries)
    assert grouping.conditions.groups == {"subject": ("apple", "pear")}
    assert grouping.dropped == {"subject": {"fig": 4}}
    assert grouping.constants == {}


def test_a_value_that_all_works_share_is_a_constant_and_no_condition():
    grouping = group(works(*[["oil"]] * 9, group_name="style"))
    assert grouping.conditions.groups == {}
    assert grouping.constants == {"style": "oil"}
    assert grouping.dropped == {}


def test_a_group_with_one_frequent_value_is_dropped_whole():
    grouping = group(works(*[["oil"]] * 9, ["ink"]))
    assert grouping.conditions.groups == {}
    assert grouping.dropped == {"subject": {"oil": 9, "ink": 1}}


def test_labels_that_are_unique_to_each_work_do_not_become_conditions():
    grouping = group(works(*[[str(place)] for place in range(30)]))
    assert grouping.conditions.size == 0
    assert len(grouping.dropped["subject"]) == 30


def test_only_the_most_frequent_values_stay_when_there_are_too_many():
    entries = works(*[[f"t{value}"] for value in range(6) for _ in range(5 + value)], group_name="tags")
    grouping = group(entries, most=2)
    assert grouping.conditions.groups == {"tags": ("t4", "t5")}
    assert grouping.dropped["tags"] == {"t3": 8, "t2": 7, "t1": 6, "t0": 5}


def test_spellings_that_differ_in_case_are_one_value_under_the_most_frequent():
    entries = works(*[["Apple"]] * 3, *[["apple"]] * 2, *[["Pear"]] * 2, *[["pear"]] * 3)
    assert count_values(entries, "subject") == {"Apple": 5, "pear": 5}
    grouping = group(entries)
    assert grouping.conditions.groups == {"subject": ("Apple", "pear")}
    assert encode(entries, grouping.conditions).sum(axis=0).tolist() == [5, 5]


def test_a_work_that_names_a_value_twice_counts_once():
    assert count_values(works(["Red", "red"], ["red"]), "subject") == {"red": 2}
    assert count_values(works(["a"]), "style") == {}


def test_works_are_encoded_as_several_ones_in_float32():
    entries = [
        Entry(name="0", labels={"subject": ("apple",), "tags": ("red", "round")}),
        Entry(name="1", labels={"subject": ("pear",), "tags": ("rare",)}),
        Entry(name="2"),
    ]
    conditions = group(
        [
            *entries,
            *works(*[["apple"]] * 5, *[["pear"]] * 5),
            *works(*[["red", "round"]] * 5, group_name="tags"),
        ]
    ).conditions
    condition_NC = encode(entries, conditions)
    assert condition_NC.dtype == np.float32
    assert condition_NC.tolist() == [[1, 0, 1, 1], [0, 1, 0, 0], [0, 0, 0, 0]]


@given(st.lists(st.sets(st.sampled_from("abcdef"), max_size=3), min_size=1, max_size=40), st.integers(1, 6))
def test_each_row_agrees_with_encoding_its_wishes_one_by_one(rows, least):
    entries = works(*[sorted(row) for row in rows], group_name="tags")
    conditions = group(entries, min_works=least).conditions
    known = conditions.groups.get("tags", ())
    twin = [
        conditions.encode({"tags": [tag for tag in sorted(row) if tag in known]} if known else {})
        for row in rows
    ]
    assert encode(entries, conditions).tolist() == twin
    assert all(count >= least for count in encode(entries, conditions).sum(axis=0))
