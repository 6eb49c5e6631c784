"""From the ingredients of a recipe to a sample: what each layer of the generator is told.

A recipe names latents by seed or writes them out; here they are drawn or read, added up, and told to the
layers. Nothing depends on what was made before, so a work made again has the same pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from huohua.errors import DataError
from huohua.latents.composition import Part, compose
from huohua.latents.drawing import drawn
from huohua.latents.space import layer_sizes, render, steered
from huohua.provenance.ingredients import Ingredient, unpack
from huohua.studio.players import one_thread

if TYPE_CHECKING:
    from torch import Tensor, nn

    from huohua.zoo.format import ModelConfig

# A walk draws some tens of latents again and again; more than these are drawn anew.
MOST_REMEMBERED = 256


class Helm:
    """What turns ingredients into samples of one generator.

    Args:
        generator: in evaluation mode.
        config: of its model.
    """

    def __init__(self, generator: nn.Module, config: ModelConfig) -> None:
        self.generator, self.config = generator, config
        self.layer_sizes = layer_sizes(generator)
        self._drawn: dict[tuple[object, ...], Tensor] = {}
        self._width: int | None = None

    @property
    def layers(self) -> int:
        """Return the number of layers that can be told something of their own."""
        return len(self.layer_sizes)

    @property
    def width(self) -> int:
        """Return the length of the vectors that are steered."""
        if self._width is None:
            nothing_BC = self.encoded({})[None]
            latent_BZ = torch.zeros(1, self.config.latent)
            with torch.inference_mode():
                self._width = steered(self.generator, latent_BZ, nothing_BC, truncation=1.0).shape[1]
        return self._width

    def encoded(self, conditions: Mapping[str, Mapping[str, float]]) -> Tensor:
        """Return condition_C of weights by group and name.

        Raises:
            UsageError: a condition is unknown.
        """
        return torch.tensor(self.config.conditions.encode(conditions), dtype=torch.float32)

    def sample(
        self, ingredients: Sequence[Ingredient], condition_C: Tensor, *, truncation: float = 1.0
    ) -> Tensor:
        """Return one sample of the generator, without the axis of a batch.

        Raises:
            DataError: an ingredient does not fit this model.
        """
        with torch.inference_mode():
            latent_LV, condition_LC = self.told(ingredients, condition_C, truncation=truncation)
            return render(self.generator, latent_LV[None], condition_LC[None])[0]

    def exact(
        self, ingredients: Sequence[Ingredient], condition: Sequence[float], *, truncation: float = 1.0
    ) -> Tensor:
        """Return one sample as works are made: in 32 bits, on one thread, so that it depends on nothing else.

        Raises:
            DataError: an ingredient does not fit this model.
        """
        with one_thread():
            return self.sample(
                ingredients, torch.tensor(condition, dtype=torch.float32), truncation=truncation
            )

    def told(
        self, ingredients: Sequence[Ingredient], condition_C: Tensor, *, truncation: float = 1.0
    ) -> tuple[Tensor, Tensor]:
        """Return latent_LV and condition_LC: what each layer is told.

        Args:
            ingredients: at least one.
            condition_C: what is asked for where an ingredient does not say otherwise.
            truncation: of the latents that are drawn, where an ingredient does not say otherwise.

        Raises:
            DataError: an ingredient does not fit this model.
        """
        parts = [self._part(ingredient, condition_C, truncation) for ingredient in ingredients]
        try:
            return compose(parts, layers=self.layers, condition_C=condition_C)
        except ValueError as error:
            raise DataError(f"The recipe does not fit its model: {error}.") from error

    def _part(self, ingredient: Ingredient, condition_C: Tensor, truncation: float) -> Part:
        own = ingredient.conditions
        asked_C = None if own is None else self.encoded(own)
        part = Part(
            latent_LV=torch.zeros(1, 1),
            weight=ingredient.weight,
            layers=ingredient.layers,
            condition_C=asked_C,
        )
        if ingredient.seed is None:
            return replace(part, latent_LV=self._written_out(ingredient.vector))
        told_C = condition_C if asked_C is None else asked_C
        drawn_nearer = truncation if ingredient.truncation is None else ingredient.truncation
        return replace(part, latent_LV=self._draw(ingredient.seed, ingredient.index, told_C, drawn_nearer))

    def _written_out(self, vector: str) -> Tensor:
        numbers = torch.tensor(unpack(vector), dtype=torch.float32)
        width = self.width
        if len(numbers) % width:
            raise DataError(f"A latent of {len(numbers)} numbers does not fit a model of {width}.")
        return numbers.view(-1, width)

    def _draw(self, seed: int, index: int, condition_C: Tensor, truncation: float) -> Tensor:
        key = (seed, index, truncation, tuple(condition_C.tolist()))
        if key not in self._drawn:
            if len(self._drawn) >= MOST_REMEMBERED:
                self._drawn.clear()
            latent_BZ = torch.from_numpy(drawn(self.config.dice, seed, index, self.config.latent))[None]
            with torch.inference_mode():
                vector = steered(self.generator, latent_BZ, condition_C[None], truncation=truncation)
            self._drawn[key] = vector
        return self._drawn[key]
