"""Checkpoints: everything a run needs to go on as if it had never stopped.

A checkpoint is a folder of safetensors and JSON. It is written beside its place and moved there
whole, and its state file holds its own hash and that of every other file, so that a torn or damaged
one is noticed and the one before it is used. Two are kept, and always the last good one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from huohua.errors import CheckpointError
from huohua.files import new_folder, sha256

FORMAT = 1
STATE = "state.json"
TRIALS = (OSError, ValueError, KeyError, TypeError, RuntimeError, safetensors.SafetensorError)


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """One saved moment of a run."""

    folder: Path
    shown: int
    good: bool

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


def save(
    root: Path,
    *,
    networks: Mapping[str, nn.Module],
    optimisers: Mapping[str, torch.optim.Optimizer],
    state: Mapping[str, Any],
    shown: int,
    good: bool,
    keep: int = 2,
) -> Checkpoint:
    """Write a checkpoint under `root`, then remove those that are no longer needed.

    Args:
        root: the run's folder of checkpoints.
        networks: players and averages by name.
        optimisers: optimisers by player.
        state: plain data for JSON: counters, schedules, health.
        shown: real works shown so far; it names the folder.
        good: whether the run is healthy now; a good checkpoint is what a roll-back goes to.
        keep: how many to keep beside the last good one.

    Raises:
        StorageError: the disk is full or the folder cannot be written.
    """
    folder = root / f"{shown:09d}"
    with new_folder(folder) as scratch:
        for name, network in networks.items():
            _write(scratch / f"{name}.safetensors", network.state_dict())
        plain = {}
        for name, optimiser in optimisers.items():
            tensors, plain[name] = flatten(optimiser.state_dict())
            _write(scratch / f"{name}.optimiser.safetensors", tensors)
        hashes = {path.name: sha256(path) for path in sorted(scratch.iterdir())}
        record = {"format": FORMAT, "shown": shown, "good": good, "files": hashes}
        record |= {"optimisers": plain, "state": dict(state)}
        text = json.dumps({"sha256": _digest(record), **record}, indent=1)
        (scratch / STATE).write_text(text, encoding="utf-8")
    tidy(root, keep=keep)
    return Checkpoint(folder=folder, shown=shown, good=good)


def listing(root: Path) -> list[Checkpoint]:
    """Return the checkpoints under `root`, oldest first, leaving out those without a readable state."""
    found = []
    for folder in root.glob("[0-9]*") if root.is_dir() else []:
        try:
            record = _record(folder)
            found.append(Checkpoint(folder=folder, shown=int(record["shown"]), good=bool(record["good"])))
        except TRIALS:
            continue
    return sorted(found, key=lambda checkpoint: checkpoint.shown)


def intact(checkpoint: Checkpoint) -> bool:
    """Say whether every file of a checkpoint is there and unchanged since it was written."""
    try:
        files = _record(checkpoint.folder)["files"]
        return all(sha256(checkpoint.folder / name) == digest for name, digest in files.items())
    except TRIALS:
        return False


def latest(root: Path, *, good: bool = False) -> Checkpoint | None:
    """Return the newest intact checkpoint, or the newest good one, or None if there is none."""
    for checkpoint in reversed(listing(root)):
        if (checkpoint.good or not good) and intact(checkpoint):
            return checkpoint
    return None


def restore(
    checkpoint: Checkpoint,
    *,
    networks: Mapping[str, nn.Module],
    optimisers: Mapping[str, torch.optim.Optimizer],
) -> dict[str, Any]:
    """Bring networks and optimisers back to a checkpoint and return its plain state.

    Raises:
        CheckpointError: the checkpoint is damaged or belongs to other networks.
    """
    try:
        record = _record(checkpoint.folder)
        for name, network in networks.items():
            network.load_state_dict(safetensors.torch.load_file(checkpoint.folder / f"{name}.safetensors"))
        for name, optimiser in optimisers.items():
            tensors = safetensors.torch.load_file(checkpoint.folder / f"{name}.optimiser.safetensors")
            optimiser.load_state_dict(unflatten(tensors, record["optimisers"][name]))
            lay_out_like_weights(optimiser)
    except TRIALS as error:
        raise CheckpointError(
            f"The checkpoint {checkpoint.folder} cannot be read or belongs to another kind of run.",
            advice="Resume with the settings the run began with, or begin anew with --restart.",
        ) from error
    state: dict[str, Any] = record["state"]
    return state


def lay_out_like_weights(optimiser: torch.optim.Optimizer) -> None:
    """Give each tensor of an optimiser's state the memory layout of its weight.

    Files hold tensors row by row, while weights may lie channels last. The fused optimisers walk over
    weight and state side by side in memory and, where the layouts differ, silently pair wrong numbers.
    """
    for weight, slots in optimiser.state.items():
        for slot, value in slots.items():
            if (
                isinstance(value, Tensor)
                and value.shape == weight.shape
                and value.stride() != weight.stride()
            ):
                slots[slot] = torch.empty_like(weight, dtype=value.dtype).copy_(value)


def tidy(root: Path, *, keep: int) -> None:
    """Remove all checkpoints but the newest `keep` and the newest good one, and torn leftovers."""
    found = listing(root)
    wanted = {checkpoint.name for checkpoint in found[-keep:]}
    wanted |= {checkpoint.name for checkpoint in [c for c in found if c.good][-1:]}
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in wanted:
            shutil.rmtree(folder, ignore_errors=True)


def discard_after(root: Path, shown: int) -> None:
    """Remove the checkpoints taken after `shown` works: a roll-back has made them another history."""
    for checkpoint in listing(root):
        if checkpoint.shown > shown:
            shutil.rmtree(checkpoint.folder, ignore_errors=True)


def flatten(state: Mapping[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Split an optimiser's state into tensors by name and plain data for JSON."""
    tensors: dict[str, Tensor] = {}
    plain: dict[str, dict[str, Any]] = {}
    for number, slots in state["state"].items():
        plain[str(number)] = {}
        for slot, value in slots.items():
            if isinstance(value, Tensor):
                tensors[f"{number}.{slot}"] = value
            else:
                plain[str(number)][slot] = value
    return tensors, {"groups": state["param_groups"], "slots": plain}


def unflatten(tensors: Mapping[str, Tensor], plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return the optimiser state that `flatten` split."""
    slots: dict[int, dict[str, Any]] = {int(number): dict(rest) for number, rest in plain["slots"].items()}
    for name, tensor in tensors.items():
        number, slot = name.split(".", 1)
        slots[int(number)][slot] = tensor
    return {"state": slots, "param_groups": plain["groups"]}


def _record(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
    if record["format"] != FORMAT:
        raise ValueError(f"format {record['format']}")
    if record.pop("sha256") != _digest(record):
        raise ValueError(f"{STATE} is not as it was written")
    return record


def _digest(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _write(path: Path, tensors: Mapping[str, Tensor]) -> None:
    # Tensors that share memory or are not contiguous cannot be stored, so each is written as a copy.
    copies = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    path.write_bytes(safetensors.torch.save(copies))
