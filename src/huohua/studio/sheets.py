"""Which preview sheets a report shows, and how they get into the page without other files."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from huohua.adversarial.events import Previewed
from huohua.logs import logger
from huohua.studio.history import History

BETWEEN = 4  # sheets between the first and the last
WIDEST = 1280  # pixels; wider sheets are made smaller, so that a page stays light to send


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A preview sheet ready for a page.

    Attributes:
        shown: works shown when it was drawn.
        seconds: time trained when it was drawn; None where the log does not say.
        source: the picture itself as a `data:` address.
        width: pixels across.
        height: pixels down.
    """

    shown: int
    seconds: float | None
    source: str
    width: int
    height: int


def choose(shown: Sequence[int], between: int = BETWEEN) -> list[int]:
    """Return the places of the first, some between, and the last of increasing counts of works shown.

    The ones between are spaced by equal factors and not by equal steps, because most happens early.
    """
    last = len(shown) - 1
    if last <= between + 1:
        return list(range(last + 1))
    start, end = max(1, shown[0]), max(1, shown[-1])
    wanted = [start * (end / start) ** (step / (between + 1)) for step in range(1, between + 1)]
    chosen = {0, last}
    for target in wanted:
        left = [place for place in range(1, last) if place not in chosen]
        chosen.add(min(left, key=lambda place: abs(shown[place] - target)))
    return sorted(chosen)


def load_sheets(run_folder: Path, history: History, between: int = BETWEEN) -> list[Sheet]:
    """Return the sheets to show, first to last; files that are no picture are left out and logged."""
    when = {event.path: event for event in history.of(Previewed)}
    files = {f"previews/{path.name}": path for path in sorted((run_folder / "previews").glob("*.png"))}
    # Sheets of a stretch that was given up are still on disk; they are no part of the way here.
    names = [name for name in files if name in when] or list(files)
    counts = [when[name].shown if name in when else _count(files[name]) for name in names]
    sheets = []
    for place in choose(counts, between):
        name = names[place]
        try:
            source, (width, height) = _embed(files[name])
        except OSError as error:
            logger("studio").warning("%s is left out of the report: %s", files[name], error)
            continue
        seconds = when[name].seconds if name in when else None
        sheets.append(Sheet(shown=counts[place], seconds=seconds, source=source, width=width, height=height))
    return sheets


def _count(path: Path) -> int:
    return int(path.stem) if path.stem.isdecimal() else 0


def embedded(image: Image.Image) -> tuple[str, tuple[int, int]]:
    """Return a picture as a `data:` address and its size, made smaller if it is wider than `WIDEST`."""
    if image.width > WIDEST:
        image = image.convert("RGB")
        image.thumbnail((WIDEST, 10 * WIDEST), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return _address(buffer.getvalue()), image.size


def _embed(path: Path) -> tuple[str, tuple[int, int]]:
    with Image.open(path) as sheet:
        sheet.load()
        if sheet.width > WIDEST:
            return embedded(sheet)
        return _address(path.read_bytes()), sheet.size


def _address(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"
