"""Which models there are: the ones in the package, the ones trained here, and any folder by its path.

A model trained here is remembered as one small file, `$HUOHUA_HOME/models/NAME.json`, that points to
its folder. One file for each name needs no lock: writers of different names never meet, and of two
writers of one name the last is kept whole. A folder that was removed is passed over, not an error,
because a disk that is unplugged today may be back tomorrow.
"""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from huohua.config import Config
from huohua.errors import HuohuaError, ModelError
from huohua.files import home, write_text
from huohua.zoo.format import ModelConfig, is_model, load_config

BUNDLED = Path(__file__).parent / "models"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A model that can be named.

    Attributes:
        name: the name to ask for it by.
        folder: where it is.
        config: what it is.
        bundled: it came with the package.
    """

    name: str
    folder: Path
    config: ModelConfig
    bundled: bool = False


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A name whose model cannot be used now, and why."""

    name: str
    folder: Path
    reason: str


class Pointer(Config):
    """One remembered name: where its model is and when it was last remembered, in seconds of the epoch."""

    folder: str
    remembered: float


def find(name_or_path: str | Path) -> Path:
    """Return the folder of a model asked for by name, by path, or by the path of its run folder.

    Raises:
        ModelError: there is no such model; the nearest names are offered.
    """
    name = str(name_or_path)
    for folder in _candidates(name):
        if is_model(folder):
            return folder
    place = Path(name).expanduser()
    if place.exists():
        raise ModelError(
            f"{place} holds no model.", advice="A model folder holds config.json and model.safetensors."
        )
    raise ModelError(f"There is no model '{name}'.", advice=_offer(name))


def remember(name: str, folder: Path) -> str:
    """Give a model folder a name in the catalogue and return it.

    A name that another living model holds is not taken from it: "fruit" becomes "fruit-2".

    Raises:
        StorageError: the catalogue cannot be written.
    """
    folder = folder.expanduser().resolve()
    free = next(candidate for candidate in _spellings(_slug(name)) if _is_free(candidate, folder))
    pointer = Pointer(folder=str(folder), remembered=time.time())
    write_text(_pointer_file(free), pointer.to_json() + "\n")
    return free


def listing() -> Sequence[Listed]:
    """Return every model that can be used: bundled ones by name, then the ones trained here, newest first."""
    return [entry for entry in _entries() if isinstance(entry, Listed)]


def lost() -> Sequence[Lost]:
    """Return the names whose model was moved, removed or damaged."""
    return [entry for entry in _entries() if isinstance(entry, Lost)]


def latest(art: str | None = None) -> Listed | None:
    """Return the model trained here last, of one art if it is named, else a bundled one, else nothing."""
    models = [model for model in listing() if art in {None, model.config.art}]
    return next((model for model in models if not model.bundled), next(iter(models), None))


def with_weights(sha256: str) -> Listed | None:
    """Return a model whose configuration records this hash of its weights, if there is one."""
    return next((model for model in listing() if model.config.weights_sha256 == sha256), None)


def _candidates(name: str) -> Iterator[Path]:
    if not _is_path(name):
        yield BUNDLED / name
        if pointer := _read_pointer(_pointer_file(name)):
            yield Path(pointer.folder)
    place = Path(name).expanduser()
    yield place
    yield place / "model"


def _is_path(name: str) -> bool:
    return name in {"", ".", ".."} or "/" in name or "\\" in name or "\0" in name


def _entries() -> Iterator[Listed | Lost]:
    bundled = sorted(path for path in BUNDLED.glob("*") if is_model(path))
    for folder in bundled:
        yield _entry(folder.name, folder, bundled=True)
    for name, pointer in sorted(_pointers(), key=lambda pair: -pair[1].remembered):
        yield _entry(name, Path(pointer.folder), bundled=False)


def _entry(name: str, folder: Path, *, bundled: bool) -> Listed | Lost:
    if not folder.is_dir():
        return Lost(name=name, folder=folder, reason="its folder is gone")
    try:
        return Listed(name=name, folder=folder, config=load_config(folder), bundled=bundled)
    except HuohuaError as error:
        return Lost(name=name, folder=folder, reason=error.message)


def _pointers() -> Iterator[tuple[str, Pointer]]:
    for path in (home() / "models").glob("*.json"):
        if pointer := _read_pointer(path):
            yield path.stem, pointer


def _pointer_file(name: str) -> Path:
    return home() / "models" / f"{name}.json"


def _read_pointer(path: Path) -> Pointer | None:
    try:
        return Pointer.from_json(path.read_text(encoding="utf-8"), source=path)
    except (OSError, ValueError, HuohuaError):
        return None


def _slug(name: str) -> str:
    """Return a name that is also a file name: letters and digits of any script, `-`, `_` and `.`."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "model"


def _spellings(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def _is_free(name: str, folder: Path) -> bool:
    if is_model(BUNDLED / name):
        return False
    pointer = _read_pointer(_pointer_file(name))
    return pointer is None or pointer.folder == str(folder) or not is_model(Path(pointer.folder))


def _offer(name: str) -> str:
    names = [model.name for model in listing()]
    if not names:
        return "Train one first: huohua train image FOLDER."
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"There are: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}."
