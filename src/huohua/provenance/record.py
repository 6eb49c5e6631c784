"""What every work carries with it: the recipe to make it again, and where it came from.

A `Record` is written into each file as one line of JSON. Reading is bounded, because a picture from
a stranger may carry anything in the place where our record belongs.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from huohua.config import Config
from huohua.errors import DataError, HuohuaError
from huohua.provenance.given import Given
from huohua.provenance.ingredients import Ingredient, WalkRecipe

# A record takes one or two kilobytes; a thousand times that is a mistake or an attack.
LONGEST_RECORD = 256 * 1024

Text = Annotated[str, Field(max_length=4096)]
SOURCE_TYPE: Final = "trainedAlgorithmicMedia"
LATER = frozenset({"words", "given", "ingredients", "walk"})  # left out where they are empty


class Recipe(Config):
    """Everything needed to make a work again with the same model.

    Attributes:
        art: the art it belongs to, such as "image".
        model: the name of the model.
        model_path: the folder of the model when the work was made.
        model_sha256: SHA-256 of the model's weights file.
        seed: the seed of the whole creation.
        index: which work of the creation this is, from 0.
        conditions: weights by group and name; an empty group means that nothing was asked of it.
        prompt: the words the conditions were read from, if any.
        options: numbers that changed the making, such as truncation.
        words: words that changed the making, such as the operation that a work was made by.
        given: works that were given to be transformed.
        ingredients: the latents of a steered work; none for a work of the one latent of its seed and index.
        walk: for a film, the walk that it shows.
        version: the version of Huohua.
        engine: the version of the numerical library, because another may round differently.
    """

    format: Literal[1] = 1
    art: Text = "image"
    model: Text = ""
    model_path: Text = ""
    model_sha256: Text
    seed: int
    index: Annotated[int, Field(ge=0)] = 0
    conditions: dict[str, dict[str, float]] = {}
    prompt: Text = ""
    options: dict[str, float] = {}
    words: dict[str, tuple[Text, ...]] = {}
    given: tuple[Given, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    walk: WalkRecipe | None = None
    version: Text
    engine: Text = ""

    @model_serializer(mode="wrap")
    def _plain_as_ever(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what only some works have, so that plain works keep the bytes they always had."""
        record: dict[str, Any] = handler(self)
        return {name: value for name, value in record.items() if value or name not in LATER}


class Origin(Config):
    """Where a work comes from: the program, the time, the data behind the model and its licence.

    Attributes:
        producer: the program, such as "Huohua 0.1.0".
        created: when the work was made, ISO 8601 with time zone.
        data: the name of the data the model learnt from.
        data_licence: the licence of that data, an SPDX identifier where there is one.
        data_origin: where that data came from.
        source_type: the IPTC term for how the work was made.
        content_producer: who answers for the work in China's labelling rules.
    """

    producer: Text
    created: Text
    data: Text = ""
    data_licence: Text = ""
    data_origin: Text = ""
    source_type: Literal["trainedAlgorithmicMedia"] = SOURCE_TYPE
    content_producer: Text = "Huohua"


class Record(Config):
    """A recipe and an origin, as they stand in a file."""

    recipe: Recipe
    origin: Origin

    def to_ascii(self) -> str:
        """Return one line of JSON in ASCII, which every metadata field of every format can hold."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def read(cls, text: str, *, source: str) -> Record:
        """Read the record that `to_ascii` wrote; `source` names the file in errors.

        Raises:
            DataError: the text is too long, is no record, or is of a newer format.
        """
        if len(text) > LONGEST_RECORD:
            raise DataError(f"{source} carries a recipe of {len(text):,} characters, which cannot be one.")
        try:
            return cls.from_json(text, source=source)
        except HuohuaError as error:
            raise DataError(
                f"The recipe in {source} cannot be read.",
                advice="It is damaged, or was written by a newer Huohua: update and try again.",
            ) from error
