"""Searching directions of a model: in what its latents do early on, in its weights, in what its works show.

Each search gives names, directions and how telling each is. A step of one along a direction is one
deviation of the model's own latents, whatever the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from huohua.arts.image.attributes import ATTRIBUTES, measure
from huohua.arts.image.feed import as_pixels
from huohua.conditions.attribute_names import LOOK
from huohua.conditions.typical import completed
from huohua.errors import ModelError
from huohua.latents.attributes import attribute_directions, independent
from huohua.latents.directions import by_weights, principal, without_conditions
from huohua.latents.space import Early, Weighing, render, steered
from huohua.latents.truncation import Mapped
from huohua.randomness import numpy_generator, torch_generator
from huohua.studio.image_model import ImageModel
from huohua.studio.players import one_thread
from huohua.zoo.directions import Method

OnProgress = Callable[[int, int], None]

EARLY_WORKS = 2048  # latents of which the first layer is looked at; that costs next to nothing
MEASURED_WORKS = 1000  # works that are drawn and measured
TOGETHER = 16
LEAST_EXPLAINED = 0.1  # an attribute that is predicted worse is no slider


@dataclass(frozen=True, kw_only=True)
class Search:
    """What to search, and how.

    Attributes:
        model: the model.
        count: how many directions at most.
        layers: the first layer they are told to, and the first that they are not; None is all.
        independent: make each attribute's direction leave the other attributes alone.
        seed: the same seed finds the same.
        on_progress: told (works drawn, works to draw), where works are drawn.
    """

    model: ImageModel
    count: int
    layers: tuple[int, int] | None = None
    independent: bool = False
    seed: int = 0
    on_progress: OnProgress | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was found: a name, a direction and how telling it is, for each."""

    names: Sequence[str]
    direction_KV: Tensor
    share_K: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Latents under conditions that works of the model usually have, and the vectors that are steered."""

    latent_NZ: Tensor
    condition_NC: Tensor
    vector_NV: Tensor

    @classmethod
    def of(cls, model: ImageModel, count: int, seed: int) -> Drawn:
        """Draw so many."""
        config, generator = model.config, model.generator
        dice = numpy_generator(seed, "directions")
        asked = [completed({}, config.conditions, config.typical, dice) for _ in range(count)]
        condition_NC = torch.tensor([config.conditions.encode(each) for each in asked], dtype=torch.float32)
        latent_NZ = torch.randn(count, config.latent, generator=torch_generator(seed, "directions"))
        with torch.inference_mode():
            vector_NV = steered(generator, latent_NZ, condition_NC, truncation=1.0)
        return cls(latent_NZ=latent_NZ, condition_NC=condition_NC, vector_NV=vector_NV.clone())

    @property
    def own_NV(self) -> Tensor:
        """Return the vectors without what conditions explain."""
        return without_conditions(self.vector_NV, self.condition_NC)


def search_principal(search: Search) -> Result:
    """Return the directions along which works differ most, seen early in the generator."""
    drawn, generator = Drawn.of(search.model, EARLY_WORKS, search.seed), search.model.generator
    if isinstance(generator, Mapped):
        feature_NF = drawn.own_NV
    elif isinstance(generator, Early):
        with torch.inference_mode(), one_thread():
            pairs = zip(drawn.latent_NZ.split(TOGETHER), drawn.condition_NC.split(TOGETHER), strict=True)
            early_NF = torch.cat([generator.early(*pair).flatten(1) for pair in pairs])
        feature_NF = without_conditions(early_NF, drawn.condition_NC)
    else:
        raise _silent(search.model)
    own_NV = drawn.own_NV
    found = principal(feature_NF, own_NV, min(search.count, own_NV.shape[1]))
    return _numbered("principal", _in_deviations(found.direction_KV, own_NV), found.share_K)


def search_weights(search: Search) -> Result:
    """Return the directions that the weights of the chosen layers stretch most."""
    generator = search.model.generator
    if not isinstance(generator, Weighing):
        raise _silent(search.model)
    first, end = search.layers or (0, None)
    matrices = [matrix.detach() for matrix in generator.latent_weights()[first:end]]
    found = by_weights(matrices, min(search.count, matrices[0].shape[1]))
    own_NV = Drawn.of(search.model, EARLY_WORKS, search.seed).own_NV
    return _numbered("weights", _in_deviations(found.direction_KV, own_NV), found.share_K)


def search_attributes(search: Search) -> Result:
    """Return the directions in which the looks of works grow: light, saturated, contrast, warm, detailed."""
    drawn = Drawn.of(search.model, MEASURED_WORKS, search.seed)
    names, value_NA = looks(draw_works(search.model, drawn, search.layers, search.on_progress))
    deviation_V = drawn.own_NV.std(0)
    found = attribute_directions(
        drawn.own_NV / deviation_V, without_conditions(torch.from_numpy(value_NA), drawn.condition_NC)
    )
    direction_AV = found.direction_AV
    if search.independent:
        rows = range(len(names))
        direction_AV = torch.stack(
            [independent(direction_AV[row], direction_AV[[o for o in rows if o != row]]) for row in rows]
        )
    good = [number for number, share in enumerate(found.explained_A.tolist()) if share >= LEAST_EXPLAINED]
    if not good:
        raise ModelError(
            "Nothing that can be measured of its works follows the latents of this model.",
            advice="Its conditions may settle it all; try --by principal.",
        )
    good.sort(key=lambda number: -float(found.explained_A[number]))
    good = good[: search.count]
    return Result(
        names=[names[number] for number in good],
        direction_KV=direction_AV[good] * deviation_V,
        share_K=found.explained_A[good].tolist(),
    )


SEARCHES: Mapping[Method, Callable[[Search], Result]] = {
    "principal": search_principal,
    "weights": search_weights,
    "attribute": search_attributes,
}


def looks(pixel_NHWC: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Return the names of the looks, and value_NA of some works."""
    columns = [number for number, (group, _) in enumerate(ATTRIBUTES) if group == LOOK]
    return [ATTRIBUTES[number][1] for number in columns], measure(pixel_NHWC)[:, columns]


def draw_works(
    model: ImageModel,
    drawn: Drawn,
    layers: tuple[int, int] | None = None,
    on_progress: OnProgress | None = None,
) -> np.ndarray:
    """Return pixels_NHWC of works drawn together.

    Args:
        model: the model.
        drawn: their latents.
        layers: the layers in which they differ; the others are all told the first latent. None is all.
        on_progress: told (works drawn, works to draw).
    """
    count, told = len(drawn.vector_NV), model.helm.layers
    first, end = layers or (0, told)
    chunks = []
    with torch.inference_mode(), one_thread():
        for start in range(0, count, TOGETHER):
            vector_BV = drawn.vector_NV[start : start + TOGETHER]
            condition_BC = drawn.condition_NC[start : start + TOGETHER]
            vector_BLV = drawn.vector_NV[0].expand(len(vector_BV), told, -1).clone()
            vector_BLV[:, first:end] = vector_BV[:, None]
            condition_BLC = condition_BC[:, None].expand(-1, told, -1)
            chunks.append(as_pixels(render(model.generator, vector_BLV, condition_BLC)))
            if on_progress:
                on_progress(min(start + TOGETHER, count), count)
    return np.concatenate(chunks)


def _in_deviations(direction_KV: Tensor, own_NV: Tensor) -> Tensor:
    """Return directions as long as the vectors' deviation along them."""
    return direction_KV * (own_NV @ direction_KV.T).std(0)[:, None]


def _numbered(method: str, direction_KV: Tensor, share_K: Tensor) -> Result:
    names = [f"{method}-{number}" for number in range(1, len(direction_KV) + 1)]
    return Result(names=names, direction_KV=direction_KV, share_K=share_K.tolist())


def _silent(model: ImageModel) -> ModelError:
    return ModelError(
        f"The generator '{model.config.generator}' shows nothing that directions could be found by.",
        advice="Try --by attribute.",
    )
