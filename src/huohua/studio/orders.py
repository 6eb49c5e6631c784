"""Orders as plain data: what a door may ask for, checked field by field and kept in a database.

An order names things and never places: a model by its name in the catalogue, a dataset by its name in the
studio's own folder. One class for each art; to add one, write it here and one line in `CREATIONS`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from huohua.config import Config
from huohua.studio.compose import compose
from huohua.studio.create import Creation, create
from huohua.studio.model import LONGEST_PROMPT, MOST_WORKS, SEEDS, Model
from huohua.studio.music_manner import DRAFTS, TRIES, Manner
from huohua.studio.players import Engine
from huohua.studio.text_brief import Brief
from huohua.studio.write import write

Name = Annotated[str, Field(min_length=1, max_length=200)]
Weights = Annotated[dict[Name, float], Field(max_length=100)]
Names = Annotated[tuple[Name, ...], Field(max_length=100)]
# No separators and no leading dot: it is a name in one folder and leads nowhere else.
DATASET = r"^[\w(][\w .,()+-]{0,99}$"


Side = Annotated[int, Field(ge=1, le=4096)]
Sides = Annotated[str, Field(pattern=r"^[0-9]{1,4}x[0-9]{1,4}$")]


class Order(Config):
    """What can be ordered; no text in it holds the one character that databases cannot keep."""

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        if "\\u0000" in self.model_dump_json():
            raise ValueError("a text holds the character NUL")
        return self


class CreateOrder(Order):
    """What all arts have in common when works are asked for.

    Attributes:
        model: its name in the catalogue; the one of this art that was trained last if absent.
        count: how many works.
        seed: the same seed gives the same works; a fresh one if absent.
        prompt: free words, in English or Chinese.
        conditions: by group a name, several names, or weights of names; they win over the prompt.
    """

    model: Name | None = None
    count: Annotated[int, Field(ge=1, le=MOST_WORKS)] = 1
    seed: Annotated[int, Field(ge=0, lt=SEEDS)] | None = None
    prompt: Annotated[str, Field(max_length=LONGEST_PROMPT)] = ""
    conditions: Annotated[dict[Name, Name | Names | Weights], Field(max_length=100)] = {}

    @abstractmethod
    def creation(self, model: Model) -> Creation:
        """Return the works as an order of this model, checked; iterating makes them.

        Raises:
            UsageError: a condition is unknown, a number is out of range, or no word was understood.
        """

    def _asked(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "count": self.count,
            "conditions": self.conditions,
            "prompt": self.prompt,
        }


class ImageOrder(CreateOrder):
    """Pictures.

    Attributes:
        art: image.
        truncation: below 1 more typical, above 1 more varied.
        engine: who draws: auto, torch, onnx or bf16.
        slides: how far to go along named directions.
    """

    art: Literal["image"] = "image"
    truncation: Annotated[float, Field(ge=0, le=4)] = 1.0
    engine: Engine = "auto"
    slides: Annotated[dict[Name, float], Field(max_length=100)] = {}

    def creation(self, model: Model) -> Creation:
        """Return the pictures as an order; see `CreateOrder.creation`."""
        return create(
            model,
            art="image",
            **self._asked(),
            truncation=self.truncation,
            slides=self.slides,
            engine=self.engine,
        )


class MusicOrder(CreateOrder):
    """Pieces of music.

    Attributes:
        art: music.
        bars: how many.
        tempo: quarter notes in a minute.
        key: in words, such as "G minor".
        roles: who plays.
        form: its sections, such as "intro A B A' ending".
        drafts: how many are written, of which the best is kept.
        tries: how many versions of each few bars a draft chooses from.
        temperature: below 1 more usual, above 1 bolder.
    """

    art: Literal["music"]
    bars: Annotated[int, Field(ge=1, le=1024)] | None = None
    tempo: Annotated[float, Field(ge=20, le=400)] | None = None
    key: Name | None = None
    roles: Names = ()
    form: Annotated[str, Field(max_length=200)] = ""
    drafts: Annotated[int, Field(ge=1, le=64)] = DRAFTS
    tries: Annotated[int, Field(ge=1, le=64)] = TRIES
    temperature: Annotated[float, Field(ge=0.1, le=4)] = 1.0

    def creation(self, model: Model) -> Creation:
        """Return the pieces as an order; see `CreateOrder.creation`."""
        names = ("bars", "tempo", "key", "roles", "form", "drafts", "tries", "temperature")
        manner = Manner(**{name: getattr(self, name) for name in names})
        return compose(model, **self._asked(), manner=manner)


class TextOrder(CreateOrder):
    """Texts.

    Attributes:
        art: text.
        form: the name of a form, such as "七绝" or "sonnet".
        title: what it is called.
        keywords: what it is about.
        acrostic: what the first characters of its lines say.
        rhyme: what Chinese verse rhymes on.
        drafts: how many are written, of which one is chosen.
        temperature: below 1 more usual, above 1 bolder.
        choosiness: how much the reader's word counts in choosing.
    """

    art: Literal["text"]
    form: Annotated[str, Field(max_length=200)] = ""
    title: Annotated[str, Field(max_length=200)] = ""
    keywords: Names = ()
    acrostic: Annotated[str, Field(max_length=200)] = ""
    rhyme: Annotated[str, Field(max_length=200)] = ""
    drafts: Annotated[int, Field(ge=1, le=256)] = 16
    temperature: Annotated[float, Field(ge=0.05, le=4)] = 0.9
    choosiness: Annotated[float, Field(ge=0, le=100)] = 1.0

    def creation(self, model: Model) -> Creation:
        """Return the texts as an order; see `CreateOrder.creation`."""
        names = ("form", "title", "keywords", "acrostic", "rhyme", "drafts", "temperature", "choosiness")
        brief = Brief(**{name: getattr(self, name) for name in names})
        return write(model, **self._asked(), brief=brief)


class TrainOrder(Order):
    """A training on a dataset of the studio.

    Attributes:
        art: image, music or text.
        dataset: its name among the studio's datasets.
        preset: a way to train; the usual one of the art if absent.
        size: of a work, as the art measures it; the preset's if absent.
        kimg: budget in thousands of works shown.
        minutes: budget in minutes.
        seed: everything random follows from it.
        name: the model's name; the dataset's if absent.
        licence: of the works, if it does not stand beside them.
        origin: where the works come from, likewise.
    """

    art: Literal["image", "music", "text"]
    dataset: Annotated[str, Field(pattern=DATASET)]
    preset: Name | None = None
    size: Side | Sides | None = None
    kimg: Annotated[float, Field(gt=0, lt=1e9)] | None = None
    minutes: Annotated[float, Field(gt=0, lt=1e9)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    name: Annotated[str, Field(pattern=DATASET)] | None = None
    licence: Annotated[str, Field(max_length=200)] | None = None
    origin: Annotated[str, Field(max_length=2000)] | None = None


CREATIONS: Mapping[str, type[CreateOrder]] = {"image": ImageOrder, "music": MusicOrder, "text": TextOrder}
AnyCreateOrder = Annotated[ImageOrder | MusicOrder | TextOrder, Field(discriminator="art")]


def creation_from(fields: Mapping[str, Any]) -> CreateOrder:
    """Return an order for works that was kept as plain data.

    Raises:
        ValueError: the fields do not fit it.
    """
    return CREATIONS[fields.get("art", "image")].model_validate(fields)
