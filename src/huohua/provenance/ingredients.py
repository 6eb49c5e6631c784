"""The latents that a steered work is made of, as they stand in its recipe.

A plain work is made of one latent, drawn from its seed. A mix, a step of a walk, an edit or an inverted
picture is made of several: some drawn from seeds, some written out as numbers. Numbers are kept in 16
bits and used as they were kept, so that a work made again has the same pixels; directions are written
out too, so that a work does not change when a direction is found anew or renamed.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator
from typing_extensions import Self

from huohua.config import Config
from huohua.errors import UsageError

# Numbers of a vector in base64: two bytes each, six bits a letter.
LARGEST = 65504.0  # of 16-bit numbers
Weights = dict[str, dict[str, float]]


def pack(numbers: Sequence[float]) -> str:
    """Return numbers as text: 16-bit floats, little end first, in base64.

    Raises:
        UsageError: one is no number, or too large for 16 bits.

    Example:
        >>> pack([1.0, -0.5]), unpack(pack([1.0, -0.5]))
        ('ADwAuA==', (1.0, -0.5))
    """
    if any(not abs(number) <= LARGEST for number in numbers):
        raise UsageError("A latent holds values that are not numbers, or too large ones.")
    return base64.b64encode(struct.pack(f"<{len(numbers)}e", *numbers)).decode("ascii")


def unpack(text: str) -> tuple[float, ...]:
    """Return the numbers of `pack`.

    Raises:
        ValueError: the text is none that `pack` wrote.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("is not base64") from error
    if len(content) % 2:
        raise ValueError("does not hold whole numbers")
    numbers = struct.unpack(f"<{len(content) // 2}e", content)
    if any(not abs(number) <= LARGEST for number in numbers):
        raise ValueError("holds values that are not numbers")
    return numbers


def _checked(text: str) -> str:
    unpack(text)
    return text


Packed = Annotated[str, Field(max_length=128 * 1024), AfterValidator(_checked)]
Name = Annotated[str, Field(max_length=256)]
Layer = Annotated[int, Field(ge=0, le=1024)]


class Compact(Config):
    """A configuration that leaves out of its JSON what was not set."""

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        record: dict[str, Any] = handler(self)
        return {name: value for name, value in record.items() if getattr(self, name) != fields[name].default}


class Ingredient(Compact):
    """One latent's share in a work: drawn from a seed, or written out.

    Attributes:
        seed: the seed it is drawn from; None when it is written out.
        index: which latent of that seed.
        vector: the latent itself, packed: one for all its layers, or one for each, one after another.
        weight: factor on the latent.
        layers: the first layer it is told to, and the first that it is not; None is all.
        conditions: what it asks for; None is what the recipe asks for, and nothing if it is written out.
        truncation: of a latent that is drawn; None is the recipe's.
        name: what people call it, such as the name of a direction.
    """

    seed: Annotated[int, Field(ge=0)] | None = None
    index: Annotated[int, Field(ge=0)] = 0
    vector: Packed = ""
    weight: float = 1.0
    layers: tuple[Layer, Layer] | None = None
    conditions: Weights | None = None
    truncation: Annotated[float, Field(ge=0, le=4)] | None = None
    name: Name = ""

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if (self.seed is None) == (not self.vector):
            raise ValueError("an ingredient has either a seed or a vector")
        if self.layers is not None and self.layers[0] >= self.layers[1]:
            raise ValueError("an ingredient is told to at least one layer")
        return self

    def times(self, factor: float) -> Ingredient:
        """Return the same latent with its weight multiplied."""
        return self.model_copy(update={"weight": self.weight * factor})


class WalkRecipe(Compact):
    """A walk through works, as a film of it records.

    Attributes:
        keys: the works it leads through, each as its ingredients, with all that they ask for.
        places: where on the way each frame lies: 0 at the first key, 1 at the second.
        fps: frames in a second.
        loop: whether it returns to the first key.
        everywhere: what every frame has besides, such as directions.
        enlarged: how many times larger the pictures of the film are than the works.
    """

    keys: Annotated[tuple[tuple[Ingredient, ...], ...], Field(min_length=1)]
    places: tuple[Annotated[float, Field(ge=0, le=1024)], ...]
    fps: Annotated[float, Field(gt=0, le=1000)]
    loop: bool = False
    everywhere: tuple[Ingredient, ...] = ()
    enlarged: Annotated[int, Field(ge=1, le=64)] = 1
