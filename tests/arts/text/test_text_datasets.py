"""Texts from folders and tables, in any encoding, with everything odd told and nothing lost."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from huohua.arts.text.datasets import decoding, tables
from huohua.arts.text.datasets.dataset import LONGEST, TextDataset, open_dataset
from huohua.arts.text.datasets.decoding import decode
from huohua.arts.text.datasets.markdown import read_markdown
from huohua.arts.text.datasets.shape import form_of, language_of
from huohua.errors import DataError

POEM = "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。"
OLD = "牀前明月光，疑是地上霜。\n舉頭望明月，低頭思故鄉。"
RUSSIAN = "Мороз и солнце; день чудесный!\nЕщё ты дремлешь, друг прелестный —\nПора, красавица, проснись."


def reasons(data: TextDataset) -> dict[str, str]:
    return {problem.name: problem.reason for problem in data.problems}


def folder(root: Path, files: dict[str, bytes | str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


# ── encodings ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk", "utf-32"]
)
def test_chinese_is_read_in_every_usual_encoding(encoding):
    content = (b"\xff\xfe" if encoding == "utf-16-le" else b"") + (POEM * 3).encode(encoding)
    assert decode(content).text == POEM * 3


def test_traditional_chinese_is_read_as_big5():
    assert decode((OLD * 3).encode("big5hkscs")).text == OLD * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "cp1251"), ("Déjà vu : l'été, où l'on rêve à la forêt.\n" * 3, "cp1252")],
)
def test_other_old_encodings_are_found(text, encoding):
    decoded = decode(text.encode(encoding))
    assert decoded.text == text.strip("\n")
    assert decoded.remark.startswith("it was read as")


def test_lines_in_another_encoding_are_read_in_theirs():
    lines = [f"{POEM.splitlines()[0]} {number}".encode() for number in range(20)]
    lines[7] = "欲穷千里目，更上一层楼。今日之日多烦忧".encode("gb18030")
    decoded = decode(b"\n".join(lines))
    assert decoded.text.split("\n")[7] == "欲穷千里目，更上一层楼。今日之日多烦忧"
    assert decoded.text.split("\n")[8].startswith("白日依山尽")
    assert decoded.remark == "line 8 and 0 others were read as gb18030"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text"),
        (bytes(range(1, 32)) * 40, "not a text"),
        (b"\xff\xfe\x00", "utf-16 and is not"),
    ],
)
def test_what_is_no_text_is_told(content, message):
    with pytest.raises(DataError, match=message):
        decode(content)


@pytest.mark.parametrize(
    "text", ["الليل يا ليلى يعاتبني", "I 😀 you 👩‍👩‍👧", "日本の歌", "लोक गीत", "e\u0301t\u00e9"]
)
def test_other_scripts_and_emoji_come_through_whole(text):
    assert decode(text.encode()).text == text.replace("e\u0301", "é")


# ── sources ──────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_of_texts_is_read_with_styles_from_folders_and_faults_told(tmp_path):
    files: dict[str, bytes | str] = {f"li-bai/{n}.txt": f"举头望明月 {n}" for n in range(6)}
    files |= {f"test/du-fu/{n}.md": f"# 春望 {n}\n\n国破山河在，{n}" for n in range(6)}
    files |= {
        "li-bai/again.txt": "举头望明月，3！",
        "empty.txt": "",
        "picture.txt": b"\x89PNG\0\0",
        "photo.jpg": b"x",
        "marks.txt": "……！？",
        "README.md": "about these texts",
        ".hidden.txt": "hidden",
        "dataset.json": json.dumps({"licence": "CC0-1.0", "origin": "ours"}),
    }
    data = open_dataset(folder(tmp_path, files))
    assert len(data) == 12
    assert (data.licence, data.origin, data.language) == ("CC0-1.0", "ours", "zh")
    assert data.conditions.groups == {"style": ("du-fu", "li-bai")}
    assert data.condition_NC.sum() == 12
    assert data.works[-1].title.startswith("春望")
    assert {work.split for work in data.works if work.style == "du-fu"} == {"test"}
    assert reasons(data) == {
        "photo.jpg": "it is of a kind that is not read",
        "empty.txt": "the file is empty",
        "picture.txt": "the file is not a text",
        "marks.txt": "it holds no letters",
        "li-bai/again.txt": "it is the same text as li-bai/3.txt",
    }


RECORDS = [
    {"text": f"A poem about the sea, number {n}.", "title": f"T{n}", "author": "Anon"} for n in range(9)
]


@pytest.mark.parametrize("ending", ["jsonl", "json", "csv", "tsv", "jsonl.gz", "csv.gz"])
def test_tables_of_every_kind_give_the_same_works(tmp_path, ending):
    comma = "\t" if ending.startswith("tsv") else ","
    content = {
        "jsonl": "\n".join(json.dumps(record) for record in RECORDS),
        "json": json.dumps(RECORDS),
        "csv": "\n".join(
            comma.join(f'"{value}"' for value in row)
            for row in [list(RECORDS[0]), *(r.values() for r in RECORDS)]
        ),
    }
    content["tsv"] = content["csv"]
    raw = content[ending.removesuffix(".gz")].encode()
    path = tmp_path / f"poems.{ending}"
    path.write_bytes(gzip.compress(raw) if ending.endswith("gz") else raw)
    data = open_dataset(path)
    assert [(work.text, work.title, work.author) for work in data.works] == [
        tuple(record.values()) for record in RECORDS
    ]
    assert data.constants == {"author": "Anon"}
    assert data.name == "poems"


def test_chinese_columns_lists_of_lines_and_keywords_are_understood(tmp_path):
    rows = [
        {"正文": [f"明月{n}", "清风"], "标题": "夜", "朝代": "唐", "关键词": "月，风"}
        for n in "一二三四五六七八"
    ]
    path = tmp_path / "poems.json"
    path.write_text(json.dumps({"poems": rows}, ensure_ascii=False), encoding="utf-8")
    work = open_dataset(path).works[0]
    assert (work.text, work.lines, work.keywords) == ("明月一\n清风", ("明月一", "清风"), ("月", "风"))
    assert (work.title, work.period) == ("夜", "唐")


def test_rows_without_a_text_are_told_and_the_rest_is_kept(tmp_path):
    lines = [json.dumps(record) for record in RECORDS]
    path = tmp_path / "poems.jsonl"
    path.write_text("\n".join([*lines, '{"title": "no text"}', "{broken", "7"]))
    data = open_dataset(path)
    assert len(data) == 9
    assert list(reasons(data)) == ["poems.jsonl:10", "poems.jsonl:11", "poems.jsonl:12"]
    path.write_text("\n".join([*lines, *["7"] * 50]))
    assert reasons(open_dataset(path))["poems.jsonl"] == "30 more rows hold no text"


def test_splits_are_kept_where_they_are_given_and_drawn_from_the_text_where_not(tmp_path):
    records = [{"text": f"a poem of the wind {n}", **({"split": "val"} if n < 5 else {})} for n in range(400)]
    path = tmp_path / "poems.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    data = open_dataset(path)
    assert [work.split for work in data.works[:5]] == ["valid"] * 5
    assert 320 < len(data.numbers("train")) < 380
    path.write_text("\n".join(map(json.dumps, reversed(records))))
    other = {work.text: work.split for work in open_dataset(path).works}
    assert other == {work.text: work.split for work in data.works}
    assert open_dataset(path).fingerprint != data.fingerprint


def test_a_long_text_is_cut_between_paragraphs_and_nothing_is_lost(tmp_path):
    paragraphs = [f"{number} " + "word " * 200 for number in range(100)]
    path = tmp_path / "novel.txt"
    path.write_text("\n".join(paragraphs))
    data = open_dataset(path)
    assert all(len(work.text) <= LONGEST for work in data.works)
    assert [work.name for work in data.works[:2]] == ["novel.txt#1", "novel.txt#2"]
    assert "\n".join(work.text for work in data.works).split() == " ".join(paragraphs).split()
    assert [problem.lost for problem in data.problems] == [False]


def test_traditional_works_become_simplified_and_get_their_form(tmp_path):
    records = [{"text": OLD.replace("霜", letter), "title": "靜夜思"} for letter in "霜雪冰雨風雲月日"]
    path = tmp_path / "poems.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records))
    data = open_dataset(path)
    assert "举头望明月" in data.works[0].text
    assert (data.works[0].title, data.works[0].form) == ("静夜思", "五绝")
    assert "舉頭" in open_dataset(path, simplify=False).works[0].text


@pytest.mark.parametrize(
    ("said", "text", "form"),
    [
        ("", POEM, "五绝"),
        ("五言绝句", POEM, "五绝"),
        ("七言绝句", POEM, ""),
        ("忆江南", "江南好，风景旧曾谙。日出江花红胜火，春来江水绿如蓝。能不忆江南？", "忆江南"),
        ("", "月落乌啼", ""),
    ],
)
def test_a_form_is_believed_only_where_the_lengths_agree(said, text, form):
    assert form_of(text, "zh", said) == form


def test_languages_are_told_by_letters():
    assert [language_of(text) for text in (POEM, "The moon.", "He said 月 and left.", "123")] == [
        *("zh", "en", "en", "en")
    ]


def test_markdown_loses_its_layout_and_keeps_its_words():
    head = "---\ntitle: Night\nauthor: Ann\n---\n# Ignored\n\n"
    text = head + "> The **moon**\\\nis *very* high,\n## Part\n2 * 3 * 4"
    row = read_markdown(text, name="a.md")
    assert (row.title, row.author) == ("Night", "Ann")
    assert row.text == "The moon\nis very high,\nPart\n2 * 3 * 4"


# ── what cannot be used ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "holds no texts"),
        ({"a.jpg": b"x"}, "holds no texts"),
        ({"a.txt": "one text"}, "has 1 usable text, too few"),
        ({"a.txt": b"\0\0\0"}, r"has 0 usable texts, too few to learn from: the file is not a text \(1\)"),
        ({"a.csv": "name,year\nx,1"}, "the table has no column of texts; its columns are name, year"),
    ],
)
def test_a_folder_that_cannot_be_used_is_one_clear_message(tmp_path, files, message):
    with pytest.raises(DataError, match=message):
        open_dataset(folder(tmp_path, files))


def test_a_path_that_is_not_there_and_a_file_of_another_kind_are_refused(tmp_path):
    with pytest.raises(DataError, match="There is no file or folder"):
        open_dataset(tmp_path / "nothing")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(DataError, match="of a kind that is not read"):
        open_dataset(tmp_path / "a.pdf")


def test_a_file_beyond_the_limit_is_one_clear_message(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_BYTES", 1 << 20)
    (tmp_path / "big.txt").write_bytes(b"word " * 300_000)
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(b" " * (3 << 20)))
    with pytest.raises(DataError, match="has 0 usable texts") as caught:
        open_dataset(tmp_path)
    assert "larger than 1 MiB (1)" in caught.value.message
    assert "larger than 1 MiB when unpacked (1)" in caught.value.message


def test_a_damaged_archive_is_told(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(b"\x1f\x8b\x08 damaged")
    with pytest.raises(DataError, match="cannot be unpacked"):
        open_dataset(tmp_path)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    folder(tmp_path, {"outside.txt": "secret", **{f"in/{n}.txt": f"a text {n}" for n in range(8)}})
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "outside.txt")
    data = open_dataset(tmp_path / "in")
    assert reasons(data) == {"link.txt": "the link leads out of the folder"}


@pytest.mark.slow
def test_a_text_of_ten_megabytes_is_read(tmp_path):
    line = "And the river ran on under the moon, and nobody said a word. {}\n"
    path = tmp_path / "big.txt"
    path.write_text("".join(line.format(number) for number in range(150_000)))
    assert path.stat().st_size > 9_500_000
    data = open_dataset(path)
    assert sum(len(work.text) for work in data.works) > 0.99 * path.stat().st_size - 150_000


def test_the_most_bytes_are_more_than_a_hundred_megabytes():
    assert decoding.MOST_BYTES > 100e6


@pytest.mark.parametrize(
    ("third", "parts"),
    [
        ("Two owls and a hen, four larks and a wren,", ["Two owls and a hen,", "four larks and a wren,"]),
        ("She sat on a stool and ate gooseberry-fool,", ["She sat on a stool", "and ate gooseberry-fool,"]),
        ("No rhyme within this line at all", ["No rhyme within this line at all"]),
    ],
)
def test_a_limerick_in_four_lines_is_set_in_five(tmp_path, third, parts):
    first, second, last = (
        "There was an old man with a beard",
        "Who said it is just as I feared",
        "In my beard",
    )
    records = [{"text": f"{first} {n},\n{second}.\n{third}\n{last}.", "form": "limerick"} for n in "abcdefgh"]
    path = tmp_path / "limericks.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    work = open_dataset(path).works[0]
    assert list(work.lines) == [f"{first} a,", f"{second}.", *parts, f"{last}."]
    assert work.form == ("limerick" if len(parts) == 2 else "")
