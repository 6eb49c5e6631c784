"""The places that texts come from: one file, or a folder with files and tables in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from huohua.arts.text.datasets.decoding import decode
from huohua.arts.text.datasets.markdown import read_markdown
from huohua.arts.text.datasets.rows import SPLITS, Row
from huohua.arts.text.datasets.tables import is_table, read_bytes, read_table
from huohua.arts.text.datasets.work import Problem
from huohua.errors import DataError

TEXTS = (".txt", ".text", ".md", ".markdown")
_SIDE_NAMES = {"readme", "readme.md", "readme.txt", "licence", "license", "licence.txt", "license.txt"}
_SIDE_NAMES |= {
    "licence.md",
    "license.md",
    "copying",
    "dataset.json",
    "sources.md",
    "thumbs.db",
    "notice.txt",
}
MOST_FILES = 500_000


@dataclass(frozen=True, kw_only=True)
class TextSource:
    """An opened place where texts come from.

    Attributes:
        name: short, without any path.
        root: the folder that files are named from.
        files: the files, by their names below the root, in a fixed order.
        problems: what was found wrong while listing.
    """

    name: str
    root: Path
    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    def read(self) -> Iterator[Row | Problem]:
        """Yield every text, and every fault, in the order of the files."""
        for name in self.files:
            try:
                if is_table(name):
                    yield from self._with_folder_facts(name)
                else:
                    yield from self._text(name)
            except DataError as error:
                yield Problem(name=name, reason=error.message)

    def _with_folder_facts(self, name: str) -> Iterator[Row | Problem]:
        yield from read_table(self.root / name, name)

    def _text(self, name: str) -> Iterator[Row | Problem]:
        decoded = decode(read_bytes(self.root / name))
        if decoded.remark:
            yield Problem(name=name, reason=decoded.remark, lost=False)
        style, split = _folder_facts(name)
        if name.casefold().endswith((".md", ".markdown")):
            row = read_markdown(decoded.text, name=name)
        else:
            row = Row(name=name, text=decoded.text, title=Path(name).stem)
        yield Row(**{**vars(row), "style": row.style or style, "split": row.split or split})


def open_source(source: str | Path) -> TextSource:
    """Return the place that a path means.

    Raises:
        DataError: there is no such place, or nothing in it is a text.
    """
    path = Path(source).expanduser()
    try:
        if path.is_dir():
            return _folder(path.resolve())
        if path.is_file():
            return _file(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{source} cannot be read: {error}.", advice="Check its permissions.") from error
    raise DataError(
        f"There is no file or folder '{source}'.",
        advice="Name a folder of .txt or .md files, or a .jsonl, .json or .csv file.",
    )


def _file(path: Path) -> TextSource:
    if not (is_table(path.name) or path.name.casefold().endswith(TEXTS)):
        raise DataError(
            f"{path} is of a kind that is not read.",
            advice="Use .txt or .md files, or a table: .jsonl, .json, .csv or .tsv, also packed as .gz.",
        )
    return TextSource(name=path.name.split(".")[0] or path.name, root=path.parent, files=(path.name,))


def _folder(root: Path) -> TextSource:
    files: list[str] = []
    problems: list[Problem] = []
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in sorted(names):
            name = (Path(folder) / file).relative_to(root).as_posix()
            if file.startswith(".") or file.casefold() in _SIDE_NAMES:
                continue
            if not (is_table(file) or file.casefold().endswith(TEXTS)):
                problems.append(Problem(name=name, reason="it is of a kind that is not read"))
            elif not (Path(folder) / file).resolve().is_relative_to(root):
                problems.append(Problem(name=name, reason="the link leads out of the folder"))
            elif len(files) < MOST_FILES:
                files.append(name)
    if not files:
        raise DataError(
            f"The folder {root} holds no texts.",
            advice="Texts are .txt and .md files, and tables .jsonl, .json, .csv and .tsv.",
        )
    return TextSource(name=root.name or "texts", root=root, files=tuple(files), problems=tuple(problems))


def _folder_facts(name: str) -> tuple[str, str]:
    """Return the style that a file's folder gives it, and the split, "" where it gives none.

    Example:
        >>> _folder_facts("li-bai/1.txt"), _folder_facts("test/li-bai/1.txt"), _folder_facts("1.txt")
        (('li-bai', ''), ('li-bai', 'test'), ('', ''))
    """
    folders = name.split("/")[:-1]
    split = SPLITS.get(folders[0].casefold(), "") if folders else ""
    folders = folders[1:] if split else folders
    return (folders[0] if folders else ""), split
