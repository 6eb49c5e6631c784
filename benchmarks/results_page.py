"""What every result says about itself, and how it is written: a page, the numbers behind it, small pictures.

A result is `<date>-<name>.md` with `<date>-<name>.json` and PNG files beside it. It names the machine, the
versions, the commit and the exact command, so that somebody else can get the same, or see why not. Pictures
are bounded in size, because the repository keeps them for ever.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import math
import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from PIL import Image

from huohua.devices import look
from huohua.files import write_bytes, write_text
from huohua.version import __version__

RESULTS = Path(__file__).parent / "results"
ROOT = Path(__file__).parents[1]
ALWAYS = ("torch", "numpy")
MOST_BYTES = 700_000  # of one picture
PAGE_BYTES = 1_400_000  # of all pictures of a page


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """Under which a result came about.

    Attributes:
        date: of its beginning, in UTC.
        command: what to type to get it again; folders are named without the way to them.
        machine: processor, cores, memory and system.
        versions: of Huohua, Python and the libraries that mattered.
        commit: of the code, with a remark where it was changed since.
        load: the system's load at the beginning, over one minute.
    """

    date: str
    command: str
    machine: str
    versions: Mapping[str, str]
    commit: str
    load: float

    def sentence(self) -> str:
        """Return all but the command in one line of text."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return f"{self.date}, {self.machine}; load before: {self.load:.1f}; {versions}; commit {self.commit}."


def circumstances(*packages: str) -> Circumstances:
    """Return the circumstances now.

    Args:
        packages: libraries besides the usual ones whose versions matter; those not installed are left out.
    """
    machine = look()
    return Circumstances(
        date=datetime.now(timezone.utc).date().isoformat(),
        command=command_line(),
        machine=f"{machine.processor}, {machine.cores} cores, {machine.memory_bytes / 1e9:.0f} GB, "
        f"{machine.system}, bfloat16 in hardware: {'yes' if machine.fast_bfloat16 else 'no'}",
        versions={"Huohua": __version__, "Python": platform.python_version()}
        | {name: version for name in (*ALWAYS, *packages) if (version := _version(name))},
        commit=commit(),
        load=os.getloadavg()[0],
    )


def command_line() -> str:
    """Return the command that started this script; where somebody's folders lie is nobody's business."""
    script = Path(sys.argv[0])
    words = [Path(word).name if Path(word).is_absolute() else word for word in sys.argv[1:]]
    return shlex.join(["python", f"benchmarks/{script.name}", *words])


def commit() -> str:
    """Return the short name of the commit, and whether the package or the benchmarks were changed since."""
    name = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", "src", "benchmarks/*.py")
    return (name or "unknown") + (" with changes" if name and changed else "")


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, words: int = 1) -> str:
    """Return a Markdown table whose first `words` columns hold words and whose others hold numbers.

    Example:
        >>> print(table(["size", "works/s"], [["64 px", 12.5]]))
        | size | works/s |
        | --- | --: |
        | 64 px | 12.5 |
    """
    rule = ["---" if column < words else "--:" for column in range(len(heads))]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in [heads, rule, *rows])


@dataclass(kw_only=True)
class Page:
    """A result page while it is being put together.

    Attributes:
        name: of its files, without the date.
        title: its heading.
        made: the circumstances.
        parts: blocks of Markdown, in order.
        pictures: by the last word of their file names.
    """

    name: str
    title: str
    made: Circumstances
    parts: list[str] = field(default_factory=list)
    pictures: dict[str, Image.Image] = field(default_factory=dict)

    def add(self, *parts: str) -> None:
        """Add blocks of Markdown; those without a word are left out."""
        self.parts += [part.strip("\n") for part in parts if part.strip()]

    def show(self, word: str, picture: Image.Image, text: str) -> None:
        """Add a picture, and say beneath what it shows."""
        self.pictures[word] = picture
        self.add(f"![{text}]({self.made.date}-{self.name}-{word}.png)", text)

    def write(self, out: Path, record: Mapping[str, Any]) -> Path:
        """Write the page, the record as JSON and the pictures; return the page's path."""
        stem = out / f"{self.made.date}-{self.name}"
        share = min(MOST_BYTES, PAGE_BYTES // max(1, len(self.pictures)))
        for word, picture in self.pictures.items():
            write_bytes(stem.with_name(f"{stem.name}-{word}.png"), small_png(picture, share))
        whole = {"made": asdict(self.made), **record}
        text = json.dumps(strict(whole), indent=1, allow_nan=False)
        write_text(stem.with_name(f"{stem.name}.json"), without_places(text) + "\n")
        head = [f"# {self.title}", f"```bash\n{self.made.command}\n```", self.made.sentence()]
        page = stem.with_name(f"{stem.name}.md")
        write_text(page, without_places("\n\n".join([*head, *self.parts])) + "\n")
        return page


def without_places(text: str) -> str:
    """Return a text in which whole paths are the names at their ends: folders above are nobody's business.

    Example:
        >>> without_places("The weights of /a/b/fruit do not fit; 12 works/s.")
        'The weights of fruit do not fit; 12 works/s.'
    """
    return re.sub(r"(?<![\w.:/<])/(?:[\w.@-]+/)+", "", text)


def strict(value: Any) -> Any:
    """Return a record as JSON can hold it: a number that is not finite is null.

    Example:
        >>> strict({"speed": [1.5, float("nan")]})
        {'speed': [1.5, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): strict(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [strict(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def small_png(picture: Image.Image, most: int = MOST_BYTES) -> bytes:
    """Return a PNG of at most so many bytes: in full, else with fewer colours, else also smaller."""
    picture = picture.convert("RGB")
    for colours in (0, 256, 128, 64):
        if len(content := _png(picture, colours)) <= most:
            return content
    half = (max(1, picture.width // 2), max(1, picture.height // 2))
    return small_png(picture.resize(half, Image.Resampling.LANCZOS), most) if max(half) > 1 else content


def _png(picture: Image.Image, colours: int) -> bytes:
    buffer = io.BytesIO()
    (picture.quantize(colours) if colours else picture).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _git(*words: str) -> str:
    command = ["git", "-C", str(ROOT), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
