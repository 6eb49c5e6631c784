"""A model that can be played: its folder, its configuration, and works made with it.

What all arts share is here. Each art has a subclass with verbs of its own, in `image_model.py` and its
siblings; `opening.py` opens a folder as the right one.

A work depends on its recipe alone: not on how many were asked for, nor on how many cores were free.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huohua.conditions.space import Wishes
from huohua.errors import UsageError
from huohua.provenance.record import Origin, Recipe
from huohua.studio.prompt import Reading, read
from huohua.version import __version__
from huohua.zoo.format import copy_model, load_config

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from huohua.arts.art import Work

MOST_WORKS = 100_000
SEEDS = 2**63
LONGEST_PROMPT = 2000


class Model(ABC):
    """A model folder, ready to make works. Weights are read when the first work is made.

    Args:
        folder: the model folder.
        name: the name it goes by; by default the one in its configuration, else the folder's.

    Raises:
        ModelError: the folder holds no model, or one that cannot be read.
    """

    def __init__(self, folder: str | Path, *, name: str = "") -> None:
        self.folder = Path(folder).expanduser()
        self.config = load_config(self.folder)
        self.name = name or self.config.name or _folder_name(self.folder)
        self._generator: nn.Module | None = None
        self._discriminator: nn.Module | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.config.frame.size})"

    @abstractmethod
    def create(self, *args: Any, **wishes: Any) -> Any:
        """Make one work, or with `count` a list of them; each art says what can be asked for."""

    @abstractmethod
    def works(self, wishes: Wishes, *args: Any, **ways: Any) -> Iterator[Work]:
        """Yield works as they are made; arguments are checked before the first.

        Args:
            wishes: conditions by group.
            *args: none; every art wants its own by name.
            **ways: `seed`, `count` and `prompt`, which is where the wishes were read from, and whatever
                else the art lets one choose. Work number i is the same whatever the count.

        Raises:
            UsageError: a condition is unknown or a number is out of range.
        """

    @abstractmethod
    def again(self, recipe: Recipe, *, given: str | Path | None = None) -> Work:
        """Make the work of a recipe again.

        Args:
            recipe: how it was made.
            given: the file of the work that was given, where the recipe does not hold it.

        Raises:
            DataError: the recipe is none of this art, or asks for what this model has not.
            ModelError: the model is damaged.
        """

    @abstractmethod
    def samples(self, numbers: Sequence[int], condition_BC: NDArray[np.float32], *, seed: int) -> Tensor:
        """Return samples by number as the yardstick of the art measures them, several drawn at once.

        Args:
            numbers: which works of the seed.
            condition_BC: what each is asked for.
            seed: of the works.
        """

    def save(self, folder: str | Path) -> Path:
        """Copy the model, byte for byte, into a folder of its own and return it.

        Raises:
            ModelError: the model is damaged.
            StorageError: the folder cannot be written, or holds other things.
        """
        target = Path(folder).expanduser()
        if target.resolve() != self.folder.resolve():
            copy_model(self.folder, target)
        return target

    @property
    def generator(self) -> nn.Module:
        """Return the generator in evaluation mode, read from its folder the first time.

        Raises:
            ModelError: the weights are damaged or do not fit the generator.
        """
        if self._generator is None:
            from huohua.studio.loading import load_generator

            # Read afresh: a run that is still going may have replaced the model since it was opened.
            self.config = load_config(self.folder)
            self._generator = load_generator(self.folder, self.config)
        return self._generator

    @property
    def discriminator(self) -> nn.Module | None:
        """Return the discriminator in evaluation mode, None where the model was saved without one.

        Raises:
            ModelError: the weights are damaged or do not fit it.
        """
        if self._discriminator is None and self.config.discriminator is not None:
            from huohua.studio.loading import load_discriminator

            self._discriminator = load_discriminator(self.folder, self.config)
        return self._discriminator

    def read(self, prompt: str) -> Reading:
        """Return what is understood of free words; an art may know words of its own."""
        return read(prompt, self.config.conditions)

    def recipe(self, *, seed: int, index: int, engine: str, **more: Any) -> Recipe:
        """Return the recipe of a work of this model; `more` are further fields of a `Recipe`."""
        return Recipe(
            art=self.config.art,
            model=self.name,
            model_path=str(self.folder.resolve()),
            model_sha256=self.config.weights_sha256,
            seed=seed,
            index=index,
            version=__version__,
            engine=engine,
            **more,
        )

    def origin(self) -> Origin:
        """Return where works that are made now come from."""
        trained = self.config.trained
        return Origin(
            producer=f"Huohua {__version__}",
            created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            data=trained.data,
            data_licence=trained.licence,
            data_origin=trained.origin,
            # Whoever runs a service sets the code that China's labelling rules give to it.
            content_producer=os.environ.get("HUOHUA_PRODUCER", "Huohua"),
        )


def check_range(name: str, value: float, least: float, most: float) -> None:
    """Check that a number that a person gave lies within its range.

    Raises:
        UsageError: it does not.
    """
    if not least <= value <= most:
        raise UsageError(f"{name} is {value}, but must lie between {least} and {most}.")


def check_order(*, seed: int, count: int, prompt: str) -> None:
    """Check what every order for works has.

    Raises:
        UsageError: a number is out of range, or the prompt is too long.
    """
    check_range("count", count, 1, MOST_WORKS)
    check_range("seed", seed, 0, SEEDS - 1)
    if len(prompt) > LONGEST_PROMPT:
        raise UsageError(f"The prompt has {len(prompt):,} letters; {LONGEST_PROMPT:,} are the most.")


def _folder_name(folder: Path) -> str:
    place = folder.resolve()
    return place.parent.name if place.name == "model" else place.name
