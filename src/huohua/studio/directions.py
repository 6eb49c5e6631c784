"""Directions of a model: found, kept and named. The use case behind `huohua directions`.

What is found is kept beside the weights (`zoo/directions.py`). Finding again replaces what nobody has
named; names that people gave are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

import torch
from pydantic import ValidationError
from torch import Tensor

from huohua.errors import ModelError, UsageError
from huohua.latents.mixing import crossover
from huohua.studio.direction_search import SEARCHES, OnProgress, Search
from huohua.studio.image_model import ImageModel
from huohua.studio.opening import image_model
from huohua.zoo.directions import Direction, Listing, Method, find_direction, load_directions, save_directions

Layers = Literal["all", "coarse", "fine"]
MOST = 64


def find_directions(
    model: ImageModel | str | Path | None = None,
    *,
    method: Method = "principal",
    count: int = 10,
    layers: Layers = "all",
    independent: bool = False,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> list[Direction]:
    """Find directions of a model, keep them beside its weights, and return the new ones.

    Args:
        model: a model, its name or its folder; by default the one trained last.
        method: "principal" looks at what the first layer makes of latents, "weights" at the weights that
            a latent meets, "attribute" at what can be measured of works, such as how warm they are.
        count: how many at most; attributes are as many as can be measured.
        layers: told to all layers, to the coarse or to the fine ones.
        independent: make each attribute's direction leave the other attributes alone.
        seed: the same seed finds the same.
        on_progress: told (works drawn, works to draw), where works are drawn.

    Raises:
        UsageError: a number or a word is out of range, or the model has no layers to choose from.
        ModelError: there is no such model, it is damaged, or it shows nothing to find directions by.
        StorageError: its folder cannot be written.
    """
    model = image_model(model)
    if not 1 <= count <= MOST:
        raise UsageError(f"count is {count}, but must lie between 1 and {MOST}.")
    for name, word, words in (("method", method, tuple(SEARCHES)), ("layers", layers, get_args(Layers))):
        if word not in words:
            raise UsageError(f"{name} cannot be '{word}'.", advice=f"Use one of {', '.join(words)}.")
    told = _told_layers(model, layers)
    result = SEARCHES[method](
        Search(
            model=model, count=count, layers=told, independent=independent, seed=seed, on_progress=on_progress
        )
    )
    suffix = "" if layers == "all" else f"-{layers}"
    found = [
        Direction(name=name + suffix, found_as=name + suffix, method=method, layers=told, share=share)
        for name, share in zip(result.names, result.share_K, strict=True)
    ]
    _keep(model, found, result.direction_KV)
    return found


def directions_of(model: ImageModel | str | Path | None = None) -> list[Direction]:
    """Return the directions of a model, in the order they were found.

    Raises:
        ModelError: it has none, or they are of other weights.
    """
    model = image_model(model)
    return list(load_directions(model.folder, model.config.weights_sha256)[0].directions)


def rename_direction(model: ImageModel | str | Path | None, old: str, new: str) -> Direction:
    """Give a direction a name of its own and return it.

    Raises:
        UsageError: there is no such direction, the name is taken, or it cannot be a name.
        ModelError: the model has no directions.
        StorageError: its folder cannot be written.
    """
    model = image_model(model)
    listing, direction_KV = load_directions(model.folder, model.config.weights_sha256)
    number = find_direction(listing, old)
    try:
        direction = Direction(**{**listing.directions[number].model_dump(), "name": new.strip()})
    except ValidationError as error:
        advice = "Use a word or two, without commas, colons and equal signs."
        raise UsageError(f"'{new}' cannot be the name of a direction.", advice=advice) from error
    others = [each for place, each in enumerate(listing.directions) if place != number]
    if direction.name.casefold() in {name.casefold() for o in others for name in (o.name, o.found_as)}:
        raise UsageError(
            f"There is a direction '{direction.name}' already.", advice="Choose another name, or rename that."
        )
    directions = (*listing.directions[:number], direction, *listing.directions[number + 1 :])
    save_directions(model.folder, listing.model_copy(update={"directions": directions}), direction_KV)
    return direction


def _told_layers(model: ImageModel, layers: Layers) -> tuple[int, int] | None:
    if layers == "all":
        return None
    try:
        border = crossover(model.helm.layer_sizes)
    except ValueError as error:
        raise UsageError(
            "This model has no coarse and fine layers to tell apart.", advice="Leave --layers out."
        ) from error
    return (0, border) if layers == "coarse" else (border, model.helm.layers)


def _keep(model: ImageModel, found: Sequence[Direction], direction_KV: Tensor) -> None:
    """Put new directions behind those that are kept: named ones, and those found in another way."""
    kept: list[Direction] = []
    rows: list[Tensor] = []
    try:
        before, before_KV = load_directions(model.folder, model.config.weights_sha256)
    except ModelError:
        before, before_KV = Listing(model_sha256="", directions=()), direction_KV[:0]
    for direction, row_V in zip(before.directions, before_KV, strict=True):
        alike = (direction.method, direction.layers) == (found[0].method, found[0].layers)
        if direction.name != direction.found_as or not alike:
            kept.append(direction)
            rows.append(row_V)
    listing = Listing(model_sha256=model.config.weights_sha256, directions=(*kept, *found))
    save_directions(model.folder, listing, torch.stack([*rows, *direction_KV]))
