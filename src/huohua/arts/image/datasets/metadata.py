"""The table beside the pictures: `metadata.csv` or `metadata.jsonl` in the `imagefolder` layout.

Each row names a file and says what it shows. Columns that Huohua knows become labels or a caption;
the others are left alone, so a table made for another program can be used as it is.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from huohua.arts.image.datasets.entry import Labels
from huohua.arts.image.datasets.problem import Problem
from huohua.errors import DataError

NAMES = ("metadata.csv", "metadata.jsonl")

# Column -> the group its values belong to, in the order in which groups are listed.
GROUPS = {
    "label": "subject",
    "subject": "subject",
    "style": "style",
    "category": "category",
    "tags": "tags",
    "tag": "tags",
    "color": "tags",
    "colour": "tags",
}
CAPTIONS = ("caption", "text")
FILES = ("file_name", "filename", "file")
_NOTHING = {"", "nan", "none", "null", "n/a"}
_SEPARATORS = re.compile("[,;，；、]")


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a table says about one file."""

    labels: Labels
    caption: str


def read_table(name: str, content: bytes) -> tuple[dict[str, Row], list[Problem]]:
    """Return the rows of a metadata file by normalised file name, and what was wrong with it.

    Args:
        name: the file's name; its ending says whether it holds CSV or JSON lines.
        content: the bytes of the file, in UTF-8 (with or without a mark), UTF-16 or GB18030.

    Raises:
        DataError: the text cannot be decoded, or there is no `file_name` column.
    """
    text = _decoded(name, content)
    problems: list[Problem] = []
    records = _json_rows(name, text, problems) if name.endswith(".jsonl") else _csv_rows(name, text)
    rows: dict[str, Row] = {}
    for number, record in records:
        file = next((str(record[key]) for key in FILES if record.get(key)), "")
        if not file:
            problems.append(Problem(name=f"{name}, line {number}", reason="the row names no file"))
        elif normalised(file) in rows:
            problems.append(Problem(name=file, reason=f"{name} names it twice; the first row counts"))
        else:
            rows[normalised(file)] = Row(labels=_labels(record), caption=_caption(record))
    return rows, problems


def normalised(name: str) -> str:
    """Return a file name with forward slashes, composed letters and no leading './'."""
    name = unicodedata.normalize("NFC", name.strip().replace("\\", "/"))
    return name.removeprefix("./")


def _decoded(name: str, content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(f"The text of {name} cannot be decoded.", advice="Save it again as UTF-8.")


def _csv_rows(name: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [column.strip().casefold() for column in next(reader, [])]
        _check_columns(name, columns)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(columns, cells, strict=False))
    except csv.Error as error:
        raise DataError(
            f"{name} is not a proper CSV table: line {reader.line_num}: {error}.",
            advice="Save it again as comma-separated UTF-8.",
        ) from error


def _check_columns(name: str, columns: list[str]) -> None:
    if not any(key in columns for key in FILES):
        found = ", ".join(column for column in columns if column) or "none"
        raise DataError(
            f"{name} has no column 'file_name'. Its columns: {found}.",
            advice="Name the column that holds the names of the picture files 'file_name'.",
        )


def _json_rows(name: str, text: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            record = None
        if isinstance(record, dict):
            yield number, {str(key).strip().casefold(): value for key, value in record.items()}
        else:
            problems.append(Problem(name=f"{name}, line {number}", reason="the line is no JSON object"))


def _labels(record: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    labels: dict[str, tuple[str, ...]] = {}
    for column, group in GROUPS.items():
        values = _many(record.get(column)) if group == "tags" else _few(record.get(column))
        # A table with both `label` and `subject` means the first; tags of several columns add up.
        if group == "tags":
            values = tuple(dict.fromkeys(labels.get(group, ()) + values))
        elif group in labels:
            continue
        if values:
            labels[group] = values
    return labels


def _few(value: Any) -> tuple[str, ...]:
    """Return the values of a cell that is one value, or a list in JSON."""
    parts = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(word for word in map(_word, parts) if word))


def _many(value: Any) -> tuple[str, ...]:
    """Return the values of a cell of tags: a list, a list written as JSON, or words with separators."""
    if isinstance(value, str):
        value = _written_list(value) or _SEPARATORS.split(value)
    return _few(value)


def _written_list(text: str) -> list[Any] | None:
    if not text.lstrip().startswith("["):
        return None
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    return value if isinstance(value, list) else None


def _word(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = " ".join(unicodedata.normalize("NFC", str(value)).split())
    return "" if word.casefold() in _NOTHING else word


def _caption(record: Mapping[str, Any]) -> str:
    for column in CAPTIONS:
        value = record.get(column)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())
    return ""
