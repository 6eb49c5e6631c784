"""Tables of texts: JSON lines, JSON lists, CSV and TSV, each also packed with gzip."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from huohua.arts.text.datasets.decoding import MOST_BYTES, decode, tidy
from huohua.arts.text.datasets.rows import Row, row_of, text_column
from huohua.arts.text.datasets.work import Problem
from huohua.errors import DataError

ENDINGS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv")
MOST_FAULTS = 20  # rows whose faults are told one by one


def is_table(name: str) -> bool:
    """Return whether a file is read as a table of texts."""
    return name.casefold().removesuffix(".gz").endswith(ENDINGS)


def read_table(path: Path, name: str) -> Iterator[Row | Problem]:
    """Yield each text of a table, or what is wrong with its row.

    Raises:
        DataError: the table as a whole cannot be read.
    """
    decoded = decode(_bytes(path))
    if decoded.remark:
        yield Problem(name=name, reason=decoded.remark, lost=False)
    kind = name.casefold().removesuffix(".gz").rsplit(".", 1)[-1]
    records = _json(decoded.text) if kind in {"jsonl", "ndjson", "json"} else _csv(decoded.text, kind)
    faults = 0
    for number, record in enumerate(records, start=1):
        row = row_of(record, name=f"{name}:{number}") if isinstance(record, dict) else None
        if row is not None:
            yield replace(row, text=tidy(row.text))
            continue
        faults += 1
        if faults <= MOST_FAULTS:
            yield Problem(name=f"{name}:{number}", reason="the row holds no text")
    if faults > MOST_FAULTS:
        yield Problem(name=name, reason=f"{faults - MOST_FAULTS} more rows hold no text")


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        DataError: it is empty, cannot be read, or is larger than `MOST_BYTES`.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DataError(f"the file is larger than {MOST_BYTES >> 20} MiB")
        if not size:  # and never opened: files of the system say so and then never end
            raise DataError("the file is empty")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror or error}") from error


def _bytes(path: Path) -> bytes:
    packed = read_bytes(path)
    if not path.name.casefold().endswith(".gz"):
        return packed
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"the file cannot be unpacked: {error}") from error
    if len(content) > MOST_BYTES:
        raise DataError(f"the file is larger than {MOST_BYTES >> 20} MiB when unpacked")
    return content


def _json(text: str) -> Iterator[Any]:
    """Yield the records of JSON lines, or of one list, or of a list under some key."""
    first = text.lstrip()[:1]
    try:
        whole = json.loads(text) if first == "[" or (first == "{" and "\n{" not in text) else None
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict) and text_column(list(whole)) is None:
        whole = next((value for value in whole.values() if isinstance(value, list)), [whole])
    if whole is not None:
        yield from whole if isinstance(whole, list) else [whole]
        return
    for line in text.split("\n"):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield None


def _csv(text: str, kind: str) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(MOST_BYTES)
    head = text[: text.find("\n") if "\n" in text else len(text)]
    delimiter = "\t" if kind == "tsv" or "\t" in head else ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = list(reader.fieldnames or [])
        if text_column(names) is None:
            raise DataError(
                f"the table has no column of texts; its columns are {', '.join(map(str, names[:12]))}"
            )
        yield from reader
    except csv.Error as error:
        raise DataError(f"the table cannot be read: {error}") from error
