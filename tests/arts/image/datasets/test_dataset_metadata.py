from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.arts.image.datasets.metadata import normalised, read_table
from huohua.errors import DataError

CSV = "metadata.csv"


def rows_of(text: str, name: str = CSV):
    return read_table(name, text.encode())[0]


def test_known_columns_become_labels_and_a_caption_and_others_are_left_alone():
    rows = rows_of(
        "file_name,style,label,category,tags,color,artist,caption\n"
        "1.jpg,watercolor,lemon,fruit,yellow;sour,green,Muller,a lemon\n"
    )
    assert dict(rows["1.jpg"].labels) == {
        "style": ("watercolor",),
        "subject": ("lemon",),
        "category": ("fruit",),
        "tags": ("yellow", "sour", "green"),
    }
    assert rows["1.jpg"].caption == "a lemon"


def test_a_subject_column_is_a_subject_and_a_text_column_a_caption():
    row = rows_of("file_name,subject,text\n1.jpg,actor,  an actor \n")["1.jpg"]
    assert row.labels["subject"] == ("actor",)
    assert row.caption == "an actor"


def test_label_wins_over_subject():
    assert rows_of("file_name,subject,label\n1.jpg,b,a\n")["1.jpg"].labels["subject"] == ("a",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_tables_in_common_encodings_are_read(encoding):
    content = "file_name,label,caption\n苹果.jpg,苹果,一个苹果\n".encode(encoding)
    rows, problems = read_table(CSV, content)
    assert rows["苹果.jpg"].labels == {"subject": ("苹果",)}
    assert rows["苹果.jpg"].caption == "一个苹果"
    assert not problems


def test_text_in_no_known_encoding_is_one_clear_error():
    with pytest.raises(DataError, match=r"cannot be decoded.*UTF-8"):
        read_table(CSV, b"file_name\n\xff\xfa\xff")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_from_other_programs_are_read(delimiter):
    text = delimiter.join(["file_name", "label"]) + "\r\n" + delimiter.join(["1.jpg", "pear"]) + "\r\n"
    assert rows_of(text)["1.jpg"].labels == {"subject": ("pear",)}


def test_json_lines_hold_lists_and_numbers():
    text = "\n".join(
        [
            json.dumps({"file_name": "1.jpg", "label": 7, "tags": ["red", "round", None]}),
            "",
            json.dumps(
                {"file_name": "2.jpg", "label": 3.0, "tags": "red, round", "text": ["first", "second"]}
            ),
        ]
    )
    rows = rows_of(text, "metadata.jsonl")
    assert rows["1.jpg"].labels == {"subject": ("7",), "tags": ("red", "round")}
    assert rows["2.jpg"].labels == {"subject": ("3",), "tags": ("red", "round")}
    assert rows["2.jpg"].caption == "first"


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("red; round", ("red", "round")),
        ('"red,round,red"', ("red", "round")),
        ('"[""red"", ""very round""]"', ("red", "very round")),
        ("[red", ("[red",)),
        ("红；圆", ("红", "圆")),
        ("nan", ()),
        ("", ()),
    ],
)
def test_tags_are_split_on_separators_or_read_as_a_list(cell, tags):
    labels = rows_of(f"file_name,tags\n1.jpg,{cell}\n")["1.jpg"].labels
    assert labels.get("tags", ()) == tags


def test_a_table_without_file_names_is_an_error_that_lists_its_columns():
    with pytest.raises(DataError, match=r"no column 'file_name'. Its columns: image, label"):
        rows_of("image,label\n1.jpg,pear\n")


def test_an_empty_table_is_an_error():
    with pytest.raises(DataError, match=r"Its columns: none"):
        rows_of("")


def test_a_broken_table_is_an_error_that_names_the_line():
    with pytest.raises(DataError, match=r"line 2"):
        rows_of("file_name,label\n1.jpg," + "x" * 200_000 + "\n")


def test_bad_lines_are_reported_and_the_rest_is_read():
    text = 'no json\n["a list"]\n{"label": "pear"}\n{"file_name": "1.jpg", "label": "pear"}'
    rows, problems = read_table("metadata.jsonl", text.encode())
    assert list(rows) == ["1.jpg"]
    assert [problem.name for problem in problems] == [f"metadata.jsonl, line {n}" for n in (1, 2, 3)]


def test_a_file_named_twice_keeps_its_first_row():
    rows, problems = read_table(CSV, b"file_name,label\n1.jpg,pear\n./1.jpg,plum\n")
    assert rows["1.jpg"].labels == {"subject": ("pear",)}
    assert "twice" in problems[0].reason


def test_names_are_compared_without_regard_to_slashes_and_ways_of_writing_letters():
    assert normalised(".\\e\u0301toile\\1.jpg ") == "\u00e9toile/1.jpg"


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=",;，；、[\"'"), min_size=1),
        max_size=6,
    )
)
def test_tags_written_to_a_table_come_back(tags):
    tags = [
        tag
        for tag in dict.fromkeys(map(normalised, tags))
        if tag.casefold() not in ("nan", "none", "null", "n/a", "")
    ]
    table = io.StringIO()
    csv.writer(table).writerows([["file_name", "tags"], ["1.jpg", ";".join(tags)]])
    found = rows_of(table.getvalue())["1.jpg"].labels.get("tags", ())
    assert [normalised(tag) for tag in found] == tags
