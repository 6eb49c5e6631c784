"""From one record of a table, or the head of a file, to what is known of a text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a column may be called, in lower case; the first found counts.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "content", "contents", "body", "poem", "paragraphs", "正文", "内容", "诗", "文本"),
    "title": ("title", "name", "标题", "题目", "诗名"),
    "author": ("author", "poet", "writer", "作者", "诗人"),
    "style": ("style", "genre", "风格", "流派"),
    "period": ("period", "dynasty", "era", "朝代", "时代"),
    "form": ("form", "rhythmic", "体裁", "词牌"),
    "keywords": ("keywords", "tags", "关键词", "标签"),
    "split": ("split", "part"),
}
SPLITS: Mapping[str, str] = {
    "train": "train",
    "training": "train",
    "valid": "valid",
    "val": "valid",
    "validation": "valid",
    "dev": "valid",
    "test": "test",
    "testing": "test",
}
LONGEST_FACT = 200
_COMMA = re.compile(r"[,，、;；|]+")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A text as its source has it, before anybody has looked at it closely."""

    name: str
    text: str
    title: str = ""
    author: str = ""
    style: str = ""
    period: str = ""
    form: str = ""
    keywords: tuple[str, ...] = ()
    split: str = ""


def text_column(columns: Sequence[str]) -> str | None:
    """Return the column that holds the texts, or None.

    Example:
        >>> text_column(["Title", "正文"])
        '正文'
    """
    return _column("text", {str(column).casefold().strip(): column for column in columns})


def _column(fact: str, columns: Mapping[str, str]) -> str | None:
    return next((columns[name] for name in COLUMNS[fact] if name in columns), None)


def row_of(record: Mapping[str, Any], *, name: str) -> Row | None:
    """Return what a record says, or None where it holds no text."""
    columns = {str(column).casefold().strip(): column for column in record if column is not None}
    found = {fact: record.get(column) for fact in COLUMNS if (column := _column(fact, columns)) is not None}
    text = found.get("text")
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "\n".join(text)
    if not isinstance(text, str):
        return None
    return Row(
        name=name,
        text=text,
        title=_fact(found.get("title")),
        author=_fact(found.get("author")),
        style=_fact(found.get("style")),
        period=_fact(found.get("period")),
        form=_fact(found.get("form")),
        keywords=_words(found.get("keywords")),
        split=SPLITS.get(_fact(found.get("split")).casefold(), ""),
    )


def _fact(value: Any) -> str:
    return " ".join(str(value).split())[:LONGEST_FACT] if isinstance(value, str | int) else ""


def _words(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else _COMMA.split(value) if isinstance(value, str) else []
    return tuple(word for part in parts[:32] if (word := _fact(part)))
