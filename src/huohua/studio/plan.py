"""The plan of a training run: what is trained, on what and how, saved with the run.

A run can go on later only with the plan it began with; its budget is no part of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import SerializeAsAny, model_validator

from huohua.arts.frame import Frame
from huohua.arts.preset import Preset
from huohua.arts.table import art, read_frame, read_preset
from huohua.config import Config, read_as
from huohua.errors import CheckpointError, HuohuaError, UsageError
from huohua.files import write_text

FILE = "run.json"
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
        frame: the shape of the samples.
        seed: everything random follows from it.
        precision: arithmetic of the players.
        version: the version of Huohua that began the run.
    """

    art: str
    name: str
    data: str
    fingerprint: str = ""
    preset: str
    settings: SerializeAsAny[Preset]
    frame: SerializeAsAny[Frame]
    seed: int
    precision: Literal["fp32", "bf16", "fp16"]
    version: str

    @model_validator(mode="before")
    @classmethod
    def _in_the_words_of_its_art(cls, fields: Any) -> Any:
        """Read settings and frame as the art's own; early plans were of pictures and had two sides alone."""
        if not isinstance(fields, Mapping):
            return fields
        found = {"art": "image", **fields}
        if not isinstance(found["art"], str):
            return found
        if "settings" in found:
            found["settings"] = read_preset(found["art"], found["settings"])
        if "width" in found:
            sides = {key: found.pop(key) for key in ("height", "width") if key in found}
            found["frame"] = {**sides, "channels": getattr(found.get("settings"), "channels", None)}
        if "frame" in found:
            found["frame"] = read_frame(found["art"], found["frame"])
        return found


def choose_preset(
    medium: str, name: str, *, batch: int | None, changes: Mapping[str, Any] | None = None
) -> Preset:
    """Return a preset of an art by name, with all that is asked for laid over it.

    Args:
        medium: the name of the art.
        name: the name of the preset.
        batch: works in a round, if others than the preset's.
        changes: settings that are to be otherwise, by name.

    Raises:
        UsageError: there is no such preset or setting, or the batch is too small.
    """
    presets = art(medium).presets()
    if name not in presets:
        raise UsageError(f"There is no preset '{name}'.", advice=f"Use one of: {', '.join(presets)}.")
    preset = presets[name]
    if changes:
        preset = _changed_preset(preset, changes)
    if batch is None:
        return preset
    if not 2 <= batch <= 4096:
        raise UsageError(f"A batch of {batch} works is not possible.", advice="Use --batch from 2 to 4096.")
    return preset.model_copy(update={"run": preset.run.model_copy(update={"batch": batch})})


def _changed_preset(preset: Preset, changes: Mapping[str, Any]) -> Preset:
    try:
        return read_as(type(preset), {**dict(preset), **changes})
    except ValueError as error:
        raise UsageError(f"These settings do not fit the preset: {error}.") from error


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
    if before.frame == now.frame and before.fingerprint != now.fingerprint:
        found.append(f"other works, from '{before.data}'")
    if before.frame.size != now.frame.size:
        found.append(f"size {before.frame.size}")
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
