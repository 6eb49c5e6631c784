"""The ONNX file in a model folder: attached, found and read, and never older than the weights beside it.

It is the same generator once more, for programs that play a model without torch. The configuration
holds its hash; `save_model` drops both, so that a model that was trained on has none until it is made anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from huohua.errors import ModelError
from huohua.files import write_bytes, write_text
from huohua.zoo.format import CONFIG, ONNX, ModelConfig, load_config


def attach_onnx(folder: Path, content: bytes, *, weights_sha256: str) -> ModelConfig:
    """Put an ONNX file beside the weights it was made from and return the new configuration.

    Raises:
        ModelError: the folder holds other weights by now.
        StorageError: the folder cannot be written.
    """
    config = load_config(folder)
    if config.weights_sha256 != weights_sha256:
        raise ModelError(f"{folder} was replaced meanwhile.", advice="Export it again.")
    config = config.model_copy(update={"onnx_sha256": hashlib.sha256(content).hexdigest()})
    # A reader between the two writes finds a file that the configuration does not name, and passes it over.
    write_bytes(folder / ONNX, content)
    write_text(folder / CONFIG, config.to_json(indent=2) + "\n")
    return config


def has_onnx(folder: Path, config: ModelConfig) -> bool:
    """Return whether a model has an ONNX file that belongs to it, without reading the file."""
    return bool(config.onnx_sha256) and (folder / ONNX).is_file()


def load_onnx(folder: Path, config: ModelConfig) -> bytes:
    """Read the ONNX file of a model, after checking its hash against the configuration.

    Raises:
        ModelError: it is missing, damaged, or not the one the configuration speaks of.
    """
    advice = "Attach it anew: huohua models export MODEL --attach."
    try:
        content = (folder / ONNX).read_bytes()
    except OSError as error:
        raise ModelError(f"{folder / ONNX} cannot be read: {error.strerror}.", advice=advice) from error
    if hashlib.sha256(content).hexdigest() != config.onnx_sha256:
        raise ModelError(f"{folder / ONNX} is damaged: its content does not match {CONFIG}.", advice=advice)
    return content
