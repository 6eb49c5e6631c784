"""What models there are and what is known about each: the use case behind `huohua models`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huohua.provenance.licences import describe
from huohua.studio.model import Model
from huohua.studio.opening import load, open_model
from huohua.studio.playroom import listed
from huohua.zoo.catalogue import Listed, Lost, listing, lost
from huohua.zoo.format import FILES


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Every model that can be named.

    Attributes:
        models: the ones that can be used.
        lost: names whose model was moved, removed or damaged.
    """

    models: Sequence[Listed]
    lost: Sequence[Lost]

    def as_record(self) -> dict[str, Any]:
        """Return the overview as plain data for JSON."""
        return {
            "models": [summary(model) for model in self.models],
            "lost": [
                {"name": model.name, "folder": str(model.folder), "reason": model.reason}
                for model in self.lost
            ],
        }


def overview() -> Overview:
    """Return every model that can be named, and the names that lead nowhere."""
    return Overview(models=listing(), lost=lost())


def summary(model: Listed) -> dict[str, Any]:
    """Return what a list says about a model."""
    config = model.config
    return {
        "name": model.name,
        "art": config.art,
        "size": config.frame.size,
        "conditions": {group: len(names) for group, names in config.conditions.groups.items()},
        "data": config.trained.data,
        "works": config.trained.works,
        "shown": config.trained.shown,
        "created": config.trained.created,
        "bundled": model.bundled,
        "folder": str(model.folder),
    }


def show(name_or_path: str | Path) -> dict[str, Any]:
    """Return all that is known about one model.

    Raises:
        ModelError: there is no such model, or it is damaged.
    """
    return _facts(load(name_or_path))


def facts_of(name: str) -> dict[str, Any]:
    """Return all that is known about a model of the catalogue, by its exact name, which is never a path.

    Raises:
        ModelError: there is no such model, or it is damaged.
    """
    found = listed(name)
    return _facts(open_model(found.folder, name=found.name))


def _facts(model: Model) -> dict[str, Any]:
    return {
        "name": model.name,
        "folder": str(model.folder),
        "bytes": _size(model),
        **model.config.model_dump(mode="json", exclude={"format", "name"}),
        "frame_in_words": model.config.frame.words,
        "licence_in_words": describe(model.config.trained.licence),
    }


def _size(model: Model) -> int:
    paths = (model.folder / name for name in FILES)
    return sum(path.stat().st_size for path in paths if path.is_file())
