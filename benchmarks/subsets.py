"""Small sets of works out of large ones, as folders with a table of labels, as anybody might have them.

A set is chosen by a fixed seed and written once. The files can be changed on the way: made grey,
transparent, CMYK, of mixed sizes and formats, or joined by broken ones.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.source import Source
from huohua.arts.image.datasets.table import open_source
from huohua.files import new_folder
from huohua.randomness import numpy_generator

COLUMNS = ("subject", "style", "category", "tags")
File = tuple[str, bytes]
# (picture, its number, dice) to the files it becomes, the first of which is the work itself.
Change = Callable[[Image.Image, int, np.random.Generator], Sequence[File]]


def choose(source: str | Path, count: int, seed: int) -> list[str]:
    """Return the names of so many works, or of all if there are fewer, chosen by the seed, in order."""
    with closing(open_source(source)) as opened:
        names = [entry.name for entry in opened.entries()]
    picked = numpy_generator(seed, "subset", Path(source).name).permutation(len(names))[:count]
    return [names[number] for number in sorted(picked)]


def write_subset(
    source: str | Path, names: Sequence[str], target: Path, change: str = "as they are", *, seed: int = 0
) -> Path:
    """Write works with their labels into a folder, unless it is there; return it.

    Args:
        source: where they come from, as for training.
        names: of the works.
        target: the folder.
        change: a name in `CHANGES`.
        seed: of what a change draws.
    """
    if target.exists():
        return target
    wanted = set(names)
    with closing(open_source(source)) as opened, new_folder(target) as folder:
        entries = [entry for entry in opened.entries() if entry.name in wanted]
        rows = list(_written(opened, entries, folder, CHANGES[change], numpy_generator(seed, change)))
        with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["file_name", *COLUMNS, "caption"])
            table.writerows(rows)
    return target


def _written(
    source: Source, entries: Sequence[Entry], folder: Path, change: Change, dice: np.random.Generator
) -> Iterator[list[str]]:
    """Write each work's files; yield its row of the table."""
    for number, entry in enumerate(entries):
        files = change(source.read(entry), number, dice)
        for name, content in files:
            (folder / name).write_bytes(content)
        labels = [";".join(entry.labels.get(column, ())) for column in COLUMNS]
        yield [files[0][0], *labels, entry.caption]


def _as_they_are(picture: Image.Image, number: int, dice: np.random.Generator) -> Sequence[File]:
    mode = "RGBA" if picture.has_transparency_data else "L" if picture.mode == "L" else "RGB"
    return [(f"{number:05d}.png", _file(picture.convert(mode), "PNG"))]


def _grey(picture: Image.Image, number: int, dice: np.random.Generator) -> Sequence[File]:
    return [(f"{number:05d}.png", _file(picture.convert("L"), "PNG"))]


def _transparent(picture: Image.Image, number: int, dice: np.random.Generator) -> Sequence[File]:
    """Leave an ellipse of the picture, the rest of it transparent."""
    hole = Image.new("L", picture.size, 0)
    ImageDraw.Draw(hole).ellipse((2, 2, picture.width - 3, picture.height - 3), fill=255)
    picture = picture.convert("RGBA")
    picture.putalpha(hole)
    return [(f"{number:05d}.png", _file(picture, "PNG"))]


def _cmyk(picture: Image.Image, number: int, dice: np.random.Generator) -> Sequence[File]:
    return [(f"{number:05d}.jpg", _file(picture.convert("CMYK"), "JPEG"))]


FORMATS = (("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP"), ("bmp", "BMP"), ("gif", "GIF"), ("tif", "TIFF"))


def _mixed(picture: Image.Image, number: int, dice: np.random.Generator) -> Sequence[File]:
    """Give every picture another size, shape and format, from a stamp of 40 pixels to a sheet of 400."""
    width, height = (int(side) for side in dice.integers(40, 401, 2))
    ending, kind = FORMATS[number % len(FORMATS)]
    resized = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    return [(f"{number:05d}.{ending}", _file(resized, kind))]


def _with_broken_ones(picture: Image.Image, number: int, dice: np.random.Generator) -> Sequence[File]:
    """Put a broken file of one of four kinds beside every fifth picture."""
    content = _file(picture.convert("RGB"), "JPEG")
    work = (f"{number:05d}.jpg", content)
    if number % 5:
        return [work]
    broken = (content[: len(content) // 2], b"", b"This is not a picture.\n" * 9, dice.bytes(2000))
    return [work, (f"{number:05d}-broken.jpg", broken[number // 5 % len(broken)])]


CHANGES: Mapping[str, Change] = {
    "as they are": _as_they_are,
    "grey": _grey,
    "transparent": _transparent,
    "CMYK": _cmyk,
    "mixed sizes and formats": _mixed,
    "with broken files": _with_broken_ones,
}


def _file(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()
