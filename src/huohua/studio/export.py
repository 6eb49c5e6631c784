"""Hand a model to other programs: as one ONNX file by itself, or beside its own weights."""

from __future__ import annotations

from pathlib import Path

from huohua.errors import UsageError
from huohua.files import write_bytes
from huohua.studio.players import Playable
from huohua.zoo.format import ONNX
from huohua.zoo.onnx_file import attach_onnx

# What a model can be exported as, and how such files end.
FORMATS = {"onnx": ".onnx"}


def export(model: Playable, path: str | Path, *, format: str = "onnx") -> Path:
    """Write a model as one file for other programs and return its path; a file of that name is replaced.

    Raises:
        UsageError: there is no such format, or the name ends like another kind of file.
        MissingDependencyError: a library for it is not installed.
        ModelError: the model is damaged, or the file does not draw what it draws.
        StorageError: the file cannot be written.
    """
    if format not in FORMATS:
        raise UsageError(f"There is no format '{format}'.", advice=f"Use one of: {', '.join(FORMATS)}.")
    path = Path(path).expanduser()
    if path.suffix.lower() != FORMATS[format]:
        raise UsageError(
            f"'{path.name}' is no name for an {format.upper()} file.",
            advice=f"End it with {FORMATS[format]}.",
        )
    write_bytes(path, _content(model))
    return path


def attach(model: Playable) -> Path:
    """Put an ONNX file into the model's own folder, from which works are then made without torch.

    Raises:
        MissingDependencyError: a library for it is not installed.
        ModelError: the model is damaged, was replaced meanwhile, or the file does not draw what it draws.
        StorageError: the folder cannot be written.
    """
    content = _content(model)
    model.config = attach_onnx(model.folder, content, weights_sha256=model.config.weights_sha256)
    return model.folder / ONNX


def _content(model: Playable) -> bytes:
    from huohua.zoo.onnx_export import to_onnx

    # The generator first: reading it reads the configuration afresh.
    generator = model.generator
    return to_onnx(generator, model.config)
