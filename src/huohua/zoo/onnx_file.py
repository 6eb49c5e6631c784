"""The ONNX file in a model folder: attached, found, read and opened, without torch.

It is the same generator once more, for programs that play a model with ONNX Runtime. The configuration
holds its hash; `save_model` drops both, so that a model that was trained on has none until it is made anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huohua.errors import MissingDependencyError, ModelError
from huohua.files import write_bytes, write_text
from huohua.zoo.format import CONFIG, ONNX, ModelConfig, load_config

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What the file calls its inputs and its output.
LATENT, CONDITION, SAMPLE = "latent", "condition", "image"


def require(*libraries: str) -> None:
    """Check that optional libraries are installed.

    Raises:
        MissingDependencyError: one is not, and the message says how to get it.
    """
    missing = [name for name in libraries if importlib.util.find_spec(name) is None]
    if missing:
        names, verb = " and ".join(missing), "is" if len(missing) == 1 else "are"
        raise MissingDependencyError(
            f"ONNX needs {names}, which {verb} not installed.",
            advice="Install it: pip install 'huohua[onnx]'.",
        )


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
        ModelError: there is none, it is damaged, or it is not the one the configuration speaks of.
    """
    advice = "Attach it anew: huohua models export MODEL --attach."
    if not has_onnx(folder, config):
        raise ModelError(f"{folder} holds no ONNX file of this model.", advice=advice.replace(" anew", ""))
    content = (folder / ONNX).read_bytes()
    if hashlib.sha256(content).hexdigest() != config.onnx_sha256:
        raise ModelError(f"{folder / ONNX} is damaged: its content does not match {CONFIG}.", advice=advice)
    return content


def open_session(content: bytes) -> Any:
    """Return an `onnxruntime.InferenceSession` on one thread, whose samples depend on its inputs alone.

    Raises:
        MissingDependencyError: ONNX Runtime is not installed.
        ModelError: it cannot play the file.
    """
    require("onnxruntime")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 3  # errors only
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its own kinds of error derive from nothing else
        summary = " ".join(str(error).split())[:200]
        raise ModelError(f"ONNX Runtime cannot play this model: {summary}") from error


def inputs(
    config: ModelConfig, latent_BZ: NDArray[np.float32], condition_BC: NDArray[np.float32]
) -> dict[str, NDArray[np.float32]]:
    """Return what the file is fed with; a model without conditions has no such input."""
    return {LATENT: latent_BZ, CONDITION: condition_BC} if config.conditions.size else {LATENT: latent_BZ}
