"""The plan of a training run: what is trained, on what and how, saved with the run.

A run can go on later only with the plan it began with; its budget is no part of that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from huohua.arts.image.presets import PRESETS, Preset
from huohua.config import Config
from huohua.errors import CheckpointError, HuohuaError, UsageError
from huohua.files import write_text

FILE = "run.json"
SMALLEST, LARGEST = 8, 1024
# What a preset says beside how to train: its description, and what the command line has decided.
UNBOUND = {"about", "size", "kimg"}


class Plan(Config):
    """Everything that decides what a run will be.

    Attributes:
        art: which art.
        name: the name of the model.
        data: where the works come from, as it was given.
        fingerprint: hash of the works as they are shown.
        preset: the name of the preset.
        settings: the preset with all that was asked for laid over it.
        height: of a work in pixels.
        width: of a work in pixels.
        seed: everything random follows from it.
        precision: arithmetic of the players.
        version: the version of Huohua that began the run.
    """

    art: Literal["image"] = "image"
    name: str
    data: str
    fingerprint: str = ""
    preset: str
    settings: Preset
    height: int
    width: int
    seed: int
    precision: Literal["fp32", "bf16", "fp16"]
    version: str


def choose_preset(name: str, *, batch: int | None) -> Preset:
    """Return a preset by name, with another batch size if one is asked for.

    Raises:
        UsageError: there is no such preset, or the batch is too small.
    """
    if name not in PRESETS:
        raise UsageError(f"There is no preset '{name}'.", advice=f"Use one of: {', '.join(PRESETS)}.")
    preset = PRESETS[name]
    if batch is None:
        return preset
    if not 2 <= batch <= 4096:
        raise UsageError(f"A batch of {batch} works is not possible.", advice="Use --batch from 2 to 4096.")
    return preset.model_copy(update={"run": preset.run.model_copy(update={"batch": batch})})


def read_size(size: int | str | None, preset: Preset) -> tuple[int, int]:
    """Return (height, width) of a size such as 64 or "192x128", which is width times height.

    Raises:
        UsageError: the text is not a size, or the size is out of range.
    """
    if size is None:
        return preset.size, preset.size
    found = re.fullmatch(r"\s*(\d{1,6})\s*(?:[x×]\s*(\d{1,6})\s*)?", str(size).lower())
    if found is None:
        raise UsageError(
            f"'{size}' is not a size.", advice="Use --size 64, or --size 192x128 for width x height."
        )
    width, height = int(found[1]), int(found[2] or found[1])
    if not all(SMALLEST <= side <= LARGEST for side in (width, height)):
        raise UsageError(
            f"{width}x{height} pixels are out of range.",
            advice=f"Sides go from {SMALLEST} to {LARGEST} pixels.",
        )
    return height, width


def agree(folder: Path, plan: Plan) -> Plan:
    """Check that a run folder holds this plan, or write it there if the folder is new.

    Returns:
        the plan, by the name that the run has had from its beginning.

    Raises:
        CheckpointError: the folder holds a run of another plan, or its plan is damaged.
    """
    path = folder / FILE
    if not path.is_file():
        write_text(path, plan.to_json(indent=2) + "\n")
        return plan
    try:
        before = Plan.from_json(path.read_text(encoding="utf-8"), source=path)
    except (HuohuaError, UnicodeDecodeError) as error:
        raise CheckpointError(
            f"The run in {folder} cannot go on, because its plan is damaged or of another version: {error}",
            advice=f"Put {FILE} back as it was, begin anew with --restart, or choose another --out.",
        ) from error
    if differences := _differences(before, plan):
        raise CheckpointError(
            f"The run in {folder} was begun with {', '.join(differences)}.",
            advice="Give the same options to go on, --restart to begin anew, or another --out.",
        )
    return plan.model_copy(update={"name": before.name})


def _differences(before: Plan, now: Plan) -> list[str]:
    """Return what an earlier plan had otherwise, in words; a name and a place of data may change."""
    found = []
    # The fingerprint is of works as they are shown: in another size all of them are others.
    shapes = [(each.width, each.height, each.settings.channels) for each in (before, now)]
    if shapes[0] == shapes[1] and before.fingerprint != now.fingerprint:
        found.append(f"other works, from '{before.data}'")
    if shapes[0][:2] != shapes[1][:2]:
        found.append(f"size {before.width}x{before.height}")
    found += [
        f"{key} {getattr(before, key)}"
        for key in ("art", "preset", "seed", "precision")
        if getattr(before, key) != getattr(now, key)
    ]
    if before.preset == now.preset:
        # Another preset says it all; within one, a version may have changed what it holds.
        settings = _changed(before.settings.model_dump(mode="json"), now.settings.model_dump(mode="json"))
        found += settings if before.version == now.version or not settings else [f"Huohua {before.version}"]
    return found


def _changed(before: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Return each setting that has another value now, with its old one."""
    found = []
    for key, old in before.items():
        new = now.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            # A table that the preset leaves open may hold keys on one side only.
            found += _changed({**dict.fromkeys(new), **old}, new, f"{prefix}{key}.")
        elif old != new and prefix + key not in UNBOUND:
            found.append(f"{prefix}{key} {old}")
    return found
