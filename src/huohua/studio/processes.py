"""One process or many: the Accelerator that a run is given."""

from __future__ import annotations

from typing import Literal

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState, GradientState, PartialState

MIXED: dict[str, Literal["no", "bf16", "fp16"]] = {"fp32": "no", "bf16": "bf16", "fp16": "fp16"}


def accelerator(precision: Literal["fp32", "bf16", "fp16"], device: torch.device) -> Accelerator:
    """Return an Accelerator for this precision and device, forgetting that of an earlier run.

    Accelerate keeps its state for the life of a process, but one program may train several models.
    """
    distributed = PartialState._shared_state.get("num_processes", 1) > 1
    AcceleratorState._reset_state(reset_partial_state=not distributed)
    GradientState._reset_state()
    return Accelerator(cpu=device.type == "cpu", mixed_precision=MIXED[precision])
