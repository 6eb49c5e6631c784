from __future__ import annotations

import pytest

from huohua.arts.music.datasets.metadata import read_table, stated_key, style_name
from huohua.arts.music.piece import Key
from huohua.errors import DataError


def test_known_columns_are_read_and_others_left_alone():
    table = "\ufefffile,style,substyle,split,title,composer,key,licence,bars\n"
    table += 'a/b.mid,classical,chorale,Validation,"O, du",Bach,Bb:min,PD,12\n'
    entries, problems = read_table(table.encode("utf-8"), where="metadata.csv")
    entry = entries["a/b.mid"]
    assert (entry.style, entry.split, entry.title, entry.composer) == ("chorale", "valid", "O, du", "Bach")
    assert (entry.key, entry.licence) == (Key(tonic=10, mode="minor"), "PD")
    assert problems == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("C major", (0, "major")),
        ("F# minor", (6, "minor")),
        ("B- major", (10, "major")),
        ("Gb:maj", (6, "major")),
        ("a minor", (9, "minor")),
        ("Cb:maj", (11, "major")),
        ("beat", None),
        ("", None),
    ],
)
def test_keys_are_read_in_the_ways_that_people_write_them(text, key):
    assert stated_key(text) == (None if key is None else Key(tonic=key[0], mode=key[1]))


def test_styles_get_one_name():
    assert style_name("classical", "string quartet") == "string quartet"
    assert style_name("classical", "piano") == "classical"
    assert style_name("popular-song", "rock") == "song"
    assert style_name("jazz", "jazz") == "jazz song"
    assert style_name("jazz", "solo with chords and bass") == "jazz"
    assert style_name("drums", "") == "drums"


def test_rows_without_a_file_and_rows_said_twice_are_problems():
    table = b"file;style\n;jazz\na.mid;jazz\na.mid;pop\n"
    entries, problems = read_table(table, where="metadata.csv")
    assert entries["a.mid"].style == "jazz"
    assert [problem.reason for problem in problems] == [
        "the row names no file",
        "metadata.csv names it twice; the first row counts",
    ]


def test_a_table_that_only_knows_major_says_scales_and_not_modes():
    rows = "".join(f"{i}.mid,C major\n" for i in range(20))
    entries, _ = read_table(f"file,key\n{rows}".encode(), where="metadata.csv")
    assert not any(entry.mode_known for entry in entries.values())
    entries, _ = read_table(f"file,key\n{rows}x.mid,a minor\n".encode(), where="metadata.csv")
    assert all(entry.mode_known for entry in entries.values())


@pytest.mark.parametrize("content", [b"name,style\na,b\n", b"\xff\xfe\x00", b""])
def test_tables_that_cannot_be_understood_are_refused(content):
    with pytest.raises(DataError):
        read_table(content, where="metadata.csv")


@pytest.mark.parametrize(("tempo", "known"), [("80", False), ("90", True)])
def test_one_metre_and_one_tempo_for_all_were_not_meant(tempo, known):
    rows = "".join(f"{i}.mid,4/4,80\n" for i in range(20))
    entries, _ = read_table(
        f"file,time_sig,tempo_qpm\n{rows}x.mid,4/4,{tempo}\n".encode(), where="metadata.csv"
    )
    assert {entry.metre_known for entry in entries.values()} == {known}
