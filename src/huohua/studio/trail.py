"""The way of a walk through the latents of one model: which ingredients a frame at a place is made of.

Along the way the weights of the keys change, and nothing else. What the keys ask for is mixed by the
same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from huohua.devices import look
from huohua.latents.interpolation import stretched
from huohua.latents.space import render
from huohua.latents.truncation import Mapped
from huohua.latents.walk import Way
from huohua.provenance.ingredients import Ingredient, WalkRecipe, Weights
from huohua.studio.players import one_thread

if TYPE_CHECKING:
    from torch import Tensor

    from huohua.studio.helm import Helm

TOGETHER = 16  # works shown in one go
SEEN_SIDE = 64  # pixels of the shorter side: what the eye calls a change does not lie in finer ones
NOTHING = 1e-9  # weights below it are left out


class Trail:
    """The way of a walk.

    Args:
        helm: of the model it leads through.
        recipe: the walk; its places are not needed yet.
        truncation: of latents that are drawn.

    Raises:
        DataError: a key does not fit the model.
        UsageError: a key asks for something the model does not know.
    """

    def __init__(self, helm: Helm, recipe: WalkRecipe, *, truncation: float) -> None:
        self.helm, self.recipe, self.truncation = helm, recipe, truncation
        self.way = Way(keys=len(recipe.keys), loop=recipe.loop)
        self.conditions = [_asked(key) for key in recipe.keys]
        asked = [helm.encoded(conditions) for conditions in self.conditions]
        with one_thread():
            told = [
                helm.told(key, asked_C, truncation=truncation)[0].flatten()
                for key, asked_C in zip(recipe.keys, asked, strict=True)
            ]
        # On a curve through W nothing is bent: there the middle is as good a place as any.
        self.key_KV = None if isinstance(helm.generator, Mapped) else torch.stack(told)

    def at(self, place: float) -> tuple[tuple[Ingredient, ...], Weights]:
        """Return the ingredients of the work at a place, and what it asks for in words."""
        weights = self.way.weights(place)
        mixture = _mixed(self.conditions, weights)
        if self.key_KV is not None and max(weights) != 1.0:
            weights = stretched(weights, self.key_KV)
        shares = zip(self.recipe.keys, weights, strict=True)
        ingredients = [each.times(weight) for key, weight in shares if abs(weight) > NOTHING for each in key]
        return (*ingredients, *self.recipe.everywhere), mixture

    def show(self, places: Sequence[float], on_shown: Callable[[int], None] | None = None) -> Tensor:
        """Return feature_NF of the works at some places: pixels, reduced, whose distances are changes.

        The same places give the same numbers, however many cores share the work.

        Args:
            places: where to look.
            on_shown: told how many more works have been looked at.
        """
        chunks = [places[start : start + TOGETHER] for start in range(0, len(places), TOGETHER)]
        shown = []
        with ThreadPoolExecutor(max(1, look().free_cores)) as pool:
            for feature_NF in pool.map(self._seen, chunks):
                shown.append(feature_NF)
                if on_shown:
                    on_shown(len(feature_NF))
        return torch.cat(shown)

    def _seen(self, places: Sequence[float]) -> Tensor:
        with torch.inference_mode(), one_thread():
            told = []
            for place in places:
                ingredients, conditions = self.at(place)
                asked_C = self.helm.encoded(conditions)
                told.append(self.helm.told(ingredients, asked_C, truncation=self.truncation))
            latents, conditions_LC = zip(*told, strict=True)
            works_NCHW = render(self.helm.generator, torch.stack(latents), torch.stack(conditions_LC))
            return reduced(works_NCHW.clamp(-1, 1))


def reduced(works_NCHW: Tensor) -> Tensor:
    """Return feature_NF: works as rows of numbers, at a size at which the eye sees changes."""
    side = min(works_NCHW.shape[2:])
    if side > SEEN_SIDE:
        size = [max(1, round(length * SEEN_SIDE / side)) for length in works_NCHW.shape[2:]]
        works_NCHW = F.interpolate(works_NCHW, size, mode="area")
    return works_NCHW.flatten(1)


def _asked(key: Sequence[Ingredient]) -> Weights:
    """Return what a key asks for in words: what the first of its ingredients asks for that asks at all."""
    return next((each.conditions for each in key if each.conditions is not None), {})


def _mixed(conditions: Sequence[Weights], weights: Sequence[float]) -> Weights:
    """Return the mean of conditions by their positive weights, to four digits: enough for people."""
    positive = [max(0.0, weight) for weight in weights]
    mixture: Weights = {}
    for asked, weight in zip(conditions, positive, strict=True):
        for group, names in asked.items():
            of_group = mixture.setdefault(group, {})
            for name, amount in names.items():
                of_group[name] = of_group.get(name, 0.0) + amount * weight / sum(positive)
    return {
        group: {name: round(amount, 4) for name, amount in names.items() if round(amount, 4)}
        for group, names in mixture.items()
    }
