"""A file of weights: how tensors are stored in it, and how they are read back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from huohua.errors import ModelError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

Precision = Literal["fp16", "fp32"]
GET_AGAIN = "Copy the model folder again from where it came, or train it again."


def file_of(weights: Mapping[str, Tensor], dtype: Precision) -> bytes:
    """Return the content of a weights file.

    Through memory, because the library's own writer hides a full disk in an error of its own kind.

    Raises:
        ModelError: a weight is not finite, or too large for the precision.
    """
    from safetensors.torch import save

    return save(_as_stored(weights, dtype), metadata={"format": "pt"})


def tensors_of(path: Path) -> dict[str, Tensor]:
    """Return the tensors in a weights file.

    Raises:
        ModelError: it cannot be read.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path, device="cpu")
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}.", advice=GET_AGAIN) from error


def _as_stored(weights: Mapping[str, Tensor], dtype: Precision) -> dict[str, Tensor]:
    """Return the weights as they are stored: contiguous, unshared, finite, in the precision asked for."""
    import torch

    largest = torch.finfo(torch.float16).max if dtype == "fp16" else math.inf
    kind = torch.float16 if dtype == "fp16" else torch.float32
    return {name: _stored(name, weight, kind, largest) for name, weight in weights.items()}


def _stored(name: str, weight: Tensor, kind: torch.dtype, largest: float) -> Tensor:
    """Return one weight as it is stored; whole numbers, such as counters, keep their type."""
    weight = weight.detach().cpu()
    if not weight.is_floating_point():
        return weight.clone().contiguous()
    if not bool(weight.isfinite().all()):
        raise ModelError(
            f"Weight '{name}' holds values that are not numbers, so the model would draw nothing.",
            advice="Go back to an earlier checkpoint of the run.",
        )
    if weight.numel() and float(weight.abs().max()) > largest:
        raise ModelError(
            f"Weight '{name}' is too large for half precision.", advice="Save the model with dtype 'fp32'."
        )
    return weight.to(kind, copy=True).contiguous()
