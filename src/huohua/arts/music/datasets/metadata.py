"""The table beside the files: `metadata.csv`, whose known columns say what each piece is.

    file, style, substyle, title, composer, split, key, licence, time_sig, tempo_qpm

Other columns are left alone. A style and its substyle become one name. Keys, and metre and tempo, are doubted
where a table says the same of all.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from huohua.arts.music.datasets.entry import SPLITS, Entry
from huohua.arts.music.datasets.problem import Problem
from huohua.arts.music.piece import Key, Mode
from huohua.errors import DataError

NAME = "metadata.csv"
MANY = 20
FILES = ("file", "file_name", "filename")
_SPLITS: Mapping[str, str] = {
    **{split: split for split in SPLITS},
    "training": "train",
    "validation": "valid",
    "val": "valid",
    "dev": "valid",
    "testing": "test",
}
# A substyle that is the better name for its style, by the style it stands under.
_FINER: Mapping[str, Mapping[str, str]] = {
    "classical": {
        "chorale": "chorale",
        "art song (voice and piano)": "art song",
        "string quartet": "string quartet",
    },
    "popular-song": {},
    "jazz": {"jazz": "jazz song"},
}
_LETTERS: Mapping[str, int] = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_ACCIDENTALS: Mapping[str, int] = {"": 0, "b": -1, "-": -1, "♭": -1, "#": 1, "♯": 1}
_KEY = re.compile(r"([a-g])([b\-♭#♯]?)[\s:]*(maj|min)\w*", re.IGNORECASE)


def read_table(content: bytes, *, where: str) -> tuple[dict[str, Entry], list[Problem]]:
    """Return what a table says of each file, by normalised name, and what is wrong with it.

    Raises:
        DataError: it is not UTF-8, or has no column of file names.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{where} is not UTF-8 text.", advice="Save it again as UTF-8.") from error
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    times: set[tuple[str, str]] = set()
    for line, row in _rows(text, where):
        file = next((row[name] for name in FILES if row.get(name)), "")
        if not file:
            problems.append(Problem(name=f"{where}, line {line}", reason="the row names no file"))
        elif normalised(file) in entries:
            problems.append(Problem(name=file, reason=f"{where} names it twice; the first row counts"))
        else:
            entries[normalised(file)] = _entry(file, row)
            times.add((row.get("time_sig", ""), row.get("tempo_qpm", "")))
    entries = _with_modes(entries)
    # Nobody writes twenty pieces in one metre at one tempo: a program wrote what had to be written.
    if len(entries) >= MANY and len(times) == 1 and all(times.pop()):
        entries = {file: replace(entry, metre_known=False) for file, entry in entries.items()}
    return entries, problems


def normalised(name: str) -> str:
    """Return a file name with forward slashes, composed letters and no leading './'."""
    return unicodedata.normalize("NFC", name.strip().replace("\\", "/")).removeprefix("./")


def stated_key(text: str) -> Key | None:
    """Return the key that a few letters say, or None where they say none.

    Example:
        >>> stated_key("Gb:maj"), stated_key("B- minor"), stated_key("beat")
        (Key(tick=0, tonic=6, mode='major'), Key(tick=0, tonic=10, mode='minor'), None)
    """
    found = _KEY.fullmatch(text.strip())
    if not found:
        return None
    letter, accidental, mode = (part.casefold() for part in found.groups())
    named: Mode = "major" if mode == "maj" else "minor"
    return Key(tonic=(_LETTERS[letter] + _ACCIDENTALS[accidental]) % 12, mode=named)


def style_name(style: str, substyle: str) -> str:
    """Return the one name for a style and its substyle.

    Example:
        >>> style_name("classical", "chorale"), style_name("drums", "funk"), style_name("folk", "reels")
        ('chorale', 'funk drums', 'folk')
    """
    if style == "drums" and substyle:
        return f"{substyle} drums"
    if style == "popular-song":
        return "song"
    return _FINER.get(style, {}).get(substyle, style)


def _entry(file: str, row: Mapping[str, str]) -> Entry:
    return Entry(
        name=file,
        style=style_name(row.get("style", "").casefold(), row.get("substyle", "").casefold()),
        split=_SPLITS.get(row.get("split", "").casefold(), ""),
        title=row.get("title", ""),
        composer=row.get("composer", ""),
        key=stated_key(row.get("key", "")),
        licence=row.get("licence") or row.get("license") or "",
    )


def _with_modes(entries: dict[str, Entry]) -> dict[str, Entry]:
    """Doubt the modes of a table that knows many keys and all of them major: it was read off signatures."""
    modes = [entry.key.mode for entry in entries.values() if entry.key]
    if len(modes) < MANY or "minor" in modes:
        return entries
    return {file: replace(entry, mode_known=False) for file, entry in entries.items()}


def _rows(text: str, where: str) -> Iterator[tuple[int, dict[str, str]]]:
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [column.strip().casefold() for column in next(reader, [])]
        if not set(FILES) & set(columns):
            raise DataError(
                f"{where} has no column 'file'.", advice="Name the column that holds file names 'file'."
            )
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, {k: " ".join(v.split()) for k, v in zip(columns, cells, strict=False)}
    except csv.Error as error:
        raise DataError(f"{where} is no proper CSV table: line {reader.line_num}: {error}.") from error
