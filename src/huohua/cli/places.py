"""Where the files of a command go: a file or a folder, and a name that is still free."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from huohua.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Destination:
    """What `--out` means.

    Attributes:
        folder: the folder for the files.
        suffix: the ending of the files.
        file: the one file that was named, which may be replaced; None when names are made up.
        stem: how made-up names begin when a file was named for several works.
    """

    folder: Path
    suffix: str
    file: Path | None = None
    stem: str = ""

    def path(self, name: str) -> Path:
        """Return the path for a work that would be called `name`; a made-up name is never taken twice."""
        return self.file or free(self.folder / f"{name}{self.suffix}", self.suffix)


def destination(out: Path | None, suffixes: Sequence[str], *, count: int = 1) -> Destination:
    """Return what `--out` means for `count` works that are saved as one of `suffixes`.

    Raises:
        UsageError: it ends like a file of a kind that works are not saved in.
    """
    if out is None:
        return Destination(folder=Path(), suffix=suffixes[0])
    out = out.expanduser()
    if out.is_dir() or not out.suffix:
        return Destination(folder=out, suffix=suffixes[0])
    suffix = ending(out, suffixes)
    if suffix.lower() not in suffixes:
        raise UsageError(
            f"Works are not saved as '{suffix}'.",
            advice=f"End the name with {' or '.join(suffixes)}, or name a folder.",
        )
    if count > 1:
        return Destination(folder=out.parent, suffix=suffix, stem=out.name.removesuffix(suffix))
    return Destination(folder=out.parent, suffix=suffix, file=out)


def ending(path: Path, suffixes: Sequence[str]) -> str:
    """Return what a name ends with: the longest of some endings, else what follows its last point.

    Example:
        >>> ending(Path("tune.score.png"), (".png", ".score.png"))
        '.score.png'
    """
    fitting = [suffix for suffix in suffixes if path.name.lower().endswith(suffix)]
    return path.name[-max(map(len, fitting)) :] if fitting else path.suffix


def free(path: Path, suffix: str = "") -> Path:
    """Return the path, or the first of path-2, path-3, … before its suffix that does not exist yet."""
    suffix = suffix or path.suffix
    number, candidate = 2, path
    while candidate.exists():
        candidate = path.with_name(f"{path.name.removesuffix(suffix)}-{number}{suffix}")
        number += 1
    return candidate


def plain_name(words: Sequence[str]) -> str:
    """Return words as one short file name.

    Example:
        >>> plain_name(["red apple", "Monet / late"])
        'red-apple-Monet-late'
    """
    return re.sub(r"[^\w.]+", "-", " ".join(words)).strip("-.")[:60] or "work"
