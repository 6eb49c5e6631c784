"""What is in a place full of works, before training on it: the use case behind `huohua data show`."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from huohua.files import write_bytes
from huohua.provenance.licences import describe

if TYPE_CHECKING:
    from huohua.arts.image.datasets.inspection import Inspection

OnProgress = Callable[[int, int], None]


def inspect_data(
    source: str | Path, *, on_progress: OnProgress | None = None, on_download: OnProgress | None = None
) -> Inspection:
    """Look at every work of a folder, an archive, an array file or a named dataset.

    Args:
        source: a path or a name.
        on_progress: told (works done, works in all).
        on_download: told (bytes fetched, bytes in all) while a named dataset is fetched.

    Raises:
        DataError: there is no such place, or nothing in it can be read.
    """
    from huohua.arts.image.datasets.inspection import inspect

    return inspect(source, on_progress=on_progress, on_download=on_download)


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
