"""Prepared music on disk: packed bars that are memory-mapped, and what they are; whole or absent.

A cache folder holds `bars.npy`, `windows.npz` (what was measured in each window) and `index.json` (songs and
problems). Its name is a digest of the sources and settings, so a changed source has another cache.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from huohua.arts.music.datasets.bar_rows import WIDTH
from huohua.arts.music.datasets.problem import Problem
from huohua.arts.music.datasets.song import Song
from huohua.files import home, sha256

# Raised whenever preparing changes its results, so that old caches are left alone.
FORMAT = 3
_PAIRS = ("metre", "present", "derived")


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """All that a cache holds.

    Attributes:
        row_XW: the packed bars of all songs.
        songs: the songs.
        heard_N: which of the windows over the songs have a note in them.
        value_NK, value_NBK: the controls of those windows and of their bars, in their units.
        problems: what was left out, and why.
        fingerprint: SHA-256 over bars and songs.
    """

    row_XW: np.ndarray
    songs: tuple[Song, ...]
    heard_N: np.ndarray
    value_NK: np.ndarray
    value_NBK: np.ndarray
    problems: tuple[Problem, ...]
    fingerprint: str


def cache_root() -> Path:
    """Return the folder for prepared music, unless another is asked for."""
    return home() / "cache" / "music"


def cache_folder(root: Path, name: str, identity: str, hop: int) -> Path:
    """Return the folder for some sources with some settings."""
    settings = json.dumps([FORMAT, identity, hop])
    digest = hashlib.sha256(settings.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)[:40]
    return root / f"{plain}-{digest}"


def load(folder: Path) -> Prepared | None:
    """Return prepared music, its bars memory-mapped, or None when it is absent, damaged or half there."""
    try:
        record = json.loads((folder / "index.json").read_text(encoding="ascii"))
        row_XW = np.load(folder / "bars.npy", mmap_mode="r", allow_pickle=False)
        if row_XW.dtype != np.uint8 or row_XW.shape[1:] != (WIDTH,) or record["check"] != _check(folder):
            return None
        with np.load(folder / "windows.npz", allow_pickle=False) as arrays:
            return Prepared(
                row_XW=row_XW,
                songs=tuple(_song(facts) for facts in record["songs"]),
                heard_N=arrays["heard"],
                value_NK=arrays["values"],
                value_NBK=arrays["bar_values"],
                problems=tuple(Problem(**facts) for facts in record["problems"]),
                fingerprint=record["fingerprint"],
            )
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def save(folder: Path, prepared: Prepared) -> None:
    """Write everything but `bars.npy`, which stands there already."""
    np.savez(
        folder / "windows.npz",
        heard=prepared.heard_N,
        values=prepared.value_NK,
        bar_values=prepared.value_NBK,
    )
    record = {
        "fingerprint": prepared.fingerprint,
        "check": _check(folder),
        "songs": [asdict(song) for song in prepared.songs],
        "problems": [asdict(problem) for problem in prepared.problems],
    }
    # Names of files need not be proper Unicode; escaped, they survive.
    (folder / "index.json").write_text(json.dumps(record, ensure_ascii=True), encoding="ascii")


def _song(facts: dict[str, Any]) -> Song:
    settled: dict[str, Any] = {name: tuple(facts[name]) for name in _PAIRS}
    return Song(**facts | settled)


def _check(folder: Path) -> dict[str, object]:
    """Return what notices that files were cut or never finished: sizes, and the digest of the small one."""
    return {
        "bars": (folder / "bars.npy").stat().st_size,
        "windows": sha256(folder / "windows.npz"),
    }
