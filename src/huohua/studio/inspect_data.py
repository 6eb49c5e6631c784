"""What is in a place full of works, before training on it: the use case behind `huohua data show`."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from huohua.errors import UsageError
from huohua.files import write_bytes
from huohua.provenance.licences import describe

if TYPE_CHECKING:
    from PIL.Image import Image

OnProgress = Callable[[int, int], None]

# More names than this are not counted; what a place is for shows sooner.
MOST_NAMES = 20_000
TEXTS = frozenset({".txt", ".text", ".md", ".markdown", ".jsonl", ".gz"})
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})


class Inspection(Protocol):
    """What was found in works of any art."""

    @property
    def licence(self) -> str:
        """Return the licence of the data."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what to think about before training."""
        ...

    def as_record(self) -> dict[str, Any]:
        """Return all of it as plain data for JSON."""
        ...

    def contact_sheet(self) -> Image:
        """Return some of the works on one picture."""
        ...


def inspect_data(
    source: str | Path,
    *,
    art: str | None = None,
    on_progress: OnProgress | None = None,
    on_download: OnProgress | None = None,
) -> Inspection:
    """Look at every work of a folder, an archive, an array file or a named dataset.

    Args:
        source: a path or a name.
        art: what the works are: "image", "music" or "text"; by default what most of the files are.
        on_progress: told (works done, works in all).
        on_download: told (bytes fetched, bytes in all) while a named dataset is fetched.

    Raises:
        UsageError: there is no such art.
        DataError: there is no such place, or nothing in it can be read.
    """
    medium = art or art_of_data(source)
    if medium == "music":
        from huohua.arts.music.datasets.inspection import inspect as inspect_music

        return inspect_music(source, on_progress=on_progress)
    if medium == "text":
        from huohua.arts.text.datasets.inspection import inspect as inspect_texts

        return inspect_texts(source, on_progress=on_progress)
    if medium != "image":
        raise UsageError(f"Data of '{medium}' cannot be shown.", advice="Use --art image, music or text.")
    from huohua.arts.image.datasets.inspection import inspect

    return inspect(source, on_progress=on_progress, on_download=on_download)


def art_of_data(source: str | Path) -> str:
    """Return the art that most files of a folder or an archive are of; "image" where that does not tell."""
    from huohua.arts.music.reading import KIND_OF

    endings = [Path(name).suffix.lower() for name in islice(_names(Path(source).expanduser()), MOST_NAMES)]
    counts = {
        art: sum(ending in known for ending in endings)
        for art, known in (("image", PICTURES), ("music", KIND_OF), ("text", TEXTS))
    }
    return max(counts, key=lambda art: counts[art])  # of equals the first


def _names(place: Path) -> Iterator[str]:
    if place.is_dir():
        for _, folders, files in os.walk(place):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield from files
    elif place.suffix.lower() == ".zip":
        with suppress(OSError, zipfile.BadZipFile, NotImplementedError), zipfile.ZipFile(place) as archive:
            yield from archive.namelist()
    else:
        yield place.name


def licence_in_words(found: Inspection) -> str:
    """Return what the licence of the data asks of those who pass works on."""
    return describe(found.licence)


def save_contact_sheet(found: Inspection, path: str | Path) -> Path:
    """Write some of the works on one PNG and return its path.

    Raises:
        StorageError: the file cannot be written.
    """
    path = Path(path).expanduser()
    buffer = io.BytesIO()
    found.contact_sheet().save(buffer, "PNG")
    write_bytes(path, buffer.getvalue())
    return path
