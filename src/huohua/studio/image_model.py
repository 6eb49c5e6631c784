"""A picture model that can be played: pictures from seeds, words and other pictures, steered and taken in.

Who draws a picture is in `players.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast, overload

from huohua.arts.image.frame import ImageFrame
from huohua.arts.table import art
from huohua.conditions.space import Wish, Wishes
from huohua.conditions.typical import completed
from huohua.latents.drawing import drawn
from huohua.provenance.ingredients import Ingredient
from huohua.provenance.record import Recipe
from huohua.randomness import numpy_generator
from huohua.studio.model import SEEDS, Model, check_order, check_range
from huohua.studio.players import Engine, Player, Players, check_engine, engine_of, one_thread
from huohua.studio.prompt import combined, require_some
from huohua.studio.steering import NONE, Order, Steering, steering_of
from huohua.zoo.format import load_config

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image
    from torch import Tensor

    from huohua.arts.art import Work
    from huohua.arts.image.artwork import Artwork
    from huohua.studio.helm import Helm
    from huohua.studio.reader import Reader
    from huohua.studio.steering import WorkOrFile

    WorkOrPicture = WorkOrFile | Image


class ImageModel(Model):
    """A model of pictures; see `Model`.

    Args:
        folder: the model folder.
        name: the name it goes by; by default the one in its configuration, else the folder's.

    Raises:
        ModelError: the folder holds no model, or one that cannot be read.
    """

    def __init__(self, folder: str | Path, *, name: str = "") -> None:
        super().__init__(folder, name=name)
        self._helm: Helm | None = None
        self._players = Players(self)
        self._reader: Reader | None = None

    @property
    def frame(self) -> ImageFrame:
        """Return height, width and channels of its pictures."""
        return cast("ImageFrame", self.config.frame)

    @overload
    def create(
        self,
        *,
        seed: int = 0,
        count: None = None,
        prompt: str = "",
        truncation: float = 1.0,
        start: WorkOrFile | None = None,
        mix: WorkOrFile | int | None = None,
        mix_at: int | None = None,
        slides: Mapping[str, float] | None = None,
        engine: Engine = "auto",
        **conditions: Wish,
    ) -> Artwork: ...

    @overload
    def create(
        self,
        *,
        seed: int = 0,
        count: int,
        prompt: str = "",
        truncation: float = 1.0,
        start: WorkOrFile | None = None,
        mix: WorkOrFile | int | None = None,
        mix_at: int | None = None,
        slides: Mapping[str, float] | None = None,
        engine: Engine = "auto",
        **conditions: Wish,
    ) -> list[Artwork]: ...

    def create(
        self,
        *,
        seed: int = 0,
        count: int | None = None,
        prompt: str = "",
        truncation: float = 1.0,
        start: WorkOrFile | None = None,
        mix: WorkOrFile | int | None = None,
        mix_at: int | None = None,
        slides: Mapping[str, float] | None = None,
        engine: Engine = "auto",
        **conditions: Wish,
    ) -> Artwork | list[Artwork]:
        """Make one work, or a list of `count` works.

        Args:
            seed: the same seed gives the same works.
            count: how many; work number i is the same whatever the count.
            prompt: free words; those that name a condition are used.
            truncation: below 1 more typical and less varied, above 1 the opposite.
            start: a work, or its file, to begin with in place of a seed.
            mix: a work, its file or a seed whose surface is taken: its fine layers.
            mix_at: layers of works larger than so many pixels count as fine.
            slides: how far to go along named directions, such as `{"warmer": 1.5}`.
            engine: who draws: a name in `players.ENGINES`.
            **conditions: a name, names, or weights by name for each group, such as `subject="lemon"`.
                Groups that are not mentioned are filled as in a real work that has what was asked for,
                because a model that learnt from labelled works never saw one without.

        Raises:
            UsageError: a condition is unknown or a number is out of range.
            ModelError: the model is damaged.
        """
        reading = self.read(prompt)
        require_some(prompt, reading, self.config.conditions)
        works = self.works(
            combined(reading, conditions),
            seed=seed,
            count=1 if count is None else count,
            prompt=prompt,
            truncation=truncation,
            steering=steering_of(start=start, mix=mix, mix_at=mix_at, slides=slides),
            engine=engine,
        )
        made = [cast("Artwork", work) for work in works]
        return made[0] if count is None else made

    def works(
        self,
        wishes: Wishes,
        *,
        seed: int,
        count: int,
        prompt: str = "",
        truncation: float = 1.0,
        steering: Steering = NONE,
        engine: Engine = "auto",
    ) -> Iterator[Work]:
        """Yield works as they are made; arguments are checked before the first.

        Raises:
            UsageError: a condition is unknown, a number is out of range or the engine cannot make them.
        """
        check_order(seed=seed, count=count, prompt=prompt)
        space = self.config.conditions
        resolved = space.resolve(wishes)
        check_range("truncation", truncation, 0.0, 4.0)
        steering.check(self, count)
        check_engine(engine, steered=not steering.changes_nothing)
        options = {} if truncation == 1.0 else {"truncation": truncation}

        def order(index: int) -> Order:
            dice = numpy_generator(seed, "conditions", index)
            whole = completed(resolved, space, self.config.typical, dice)
            plain = Order(seed=seed, index=index, conditions=whole, options=options)
            return steering.steered(self, plain, wishes=resolved)

        return self._made(map(order, range(count)), prompt, engine)

    def make(
        self,
        *,
        seed: int,
        index: int = 0,
        conditions: Mapping[str, Mapping[str, float]],
        prompt: str = "",
        options: Mapping[str, float] | None = None,
        ingredients: Sequence[Ingredient] = (),
        engine: Engine = "auto",
    ) -> Work:
        """Make exactly the work that these values describe; nothing is drawn but the latents.

        Raises:
            UsageError: a condition is unknown or an option is out of range.
            DataError: the ingredients do not fit this model.
            ModelError: the model is damaged.
        """
        order = Order(
            seed=seed,
            index=index,
            conditions={group: dict(weights) for group, weights in conditions.items()},
            options=dict(options or {}),
            ingredients=tuple(ingredients),
        )
        check_range("seed", seed, 0, SEEDS - 1)
        check_range("truncation", order.options.get("truncation", 1.0), 0.0, 4.0)
        check_engine(engine, steered=bool(ingredients))
        return next(self._made([order], prompt, engine))

    def again(self, recipe: Recipe, *, given: str | Path | None = None) -> Work:
        """Make the picture of a recipe again, drawn as it was drawn then.

        Args:
            recipe: how it was made.
            given: of no use, because no picture is made of a given one alone.

        Raises:
            UsageError: a condition is unknown or an option is out of range.
            DataError: the ingredients do not fit this model.
            ModelError: the model is damaged.
            MissingDependencyError: the library that drew it is not installed.
        """
        return self.make(
            seed=recipe.seed,
            index=recipe.index,
            conditions=recipe.conditions,
            prompt=recipe.prompt,
            options=recipe.options,
            ingredients=recipe.ingredients,
            # Another library, or another arithmetic, would round otherwise.
            engine=engine_of(recipe.engine),
        )

    def samples(self, numbers: Sequence[int], condition_BC: NDArray[np.float32], *, seed: int) -> Tensor:
        """Return image_BCHW; see `Model`. The last bits may differ from those of works made one by one."""
        import numpy as np
        import torch

        latents = [drawn(self.config.dice, seed, int(number), self.config.latent) for number in numbers]
        with torch.inference_mode():
            image_BCHW: Tensor = self.generator(
                torch.from_numpy(np.stack(latents)), torch.from_numpy(condition_BC)
            )
        return image_BCHW

    def encode(self, work: WorkOrPicture) -> Tensor:
        """Return latent_Z of a person's own work; only a model with an encoder can.

        Raises:
            UsageError: this model has no encoder.
            DataError: the work cannot be read.
        """
        return self.reader.latent_of(self.reader.sample_of(work))

    def reconstruct(self, work: WorkOrPicture, **conditions: Wish) -> Artwork:
        """Make a person's own work again, from the latent that the encoder finds for it.

        Args:
            work: a work, a picture in memory, or the file of one.
            **conditions: as in `create`; those not given are chosen by what comes nearest to the work.

        Raises:
            UsageError: this model has no encoder, or a condition is unknown.
            DataError: the work cannot be read.
        """
        from huohua.studio.reconstruct import reconstruct

        return cast("Artwork", reconstruct(self, work, conditions))

    def export(self, path: str | Path, *, format: str = "onnx") -> Path:
        """Write the model as one file for other programs; see `studio.export.export`."""
        from huohua.studio.export import export

        return export(self, path, format=format)

    def attach(self) -> Path:
        """Put an ONNX file into the model's folder, so that works are made without torch."""
        from huohua.studio.export import attach

        return attach(self)

    @property
    def helm(self) -> Helm:
        """Return what steers the generator, made the first time.

        Raises:
            ModelError: the weights are damaged or do not fit the generator.
        """
        if self._helm is None:
            from huohua.studio.helm import Helm

            self._helm = Helm(self.generator, self.config)
        return self._helm

    @property
    def reader(self) -> Reader:
        """Return the encoder, read from the model's folder the first time.

        Raises:
            UsageError: this model has no encoder.
            ModelError: its weights are damaged or do not fit it.
        """
        if self._reader is None:
            from huohua.studio.reader import Reader

            # As with the generator: a run that is still going may have replaced the model.
            config = load_config(self.folder) if self._generator is None else self.config
            self._reader = Reader(self.folder, config)
        return self._reader

    def _made(self, orders: Iterable[Order], prompt: str, engine: Engine) -> Iterator[Work]:
        """Yield the works of orders, drawn together where the engine draws several at once."""
        waiting = iter(orders)
        for first in waiting:
            truncation = first.options.get("truncation", 1.0)
            player = self._players.choose(engine, truncation=truncation, steered=bool(first.ingredients))
            together = [first, *itertools.islice(waiting, player.batch - 1)]
            for order, sample_CHW in zip(together, self._samples(together, player), strict=True):
                recipe = self._recipe(order, prompt, player.engine)
                yield art(self.config.art).finish(sample_CHW, recipe=recipe, origin=self.origin())

    def _samples(self, orders: Sequence[Order], player: Player) -> Sequence[Tensor | NDArray[np.float32]]:
        """Return the samples of orders that are drawn together, as many at most as the player's batch."""
        truncation = orders[0].options.get("truncation", 1.0)
        if orders[0].ingredients:
            with one_thread():
                asked_C = self.helm.encoded(orders[0].conditions)
                return [self.helm.sample(orders[0].ingredients, asked_C, truncation=truncation)]
        import numpy as np

        latent_BZ = np.zeros((player.batch, self.config.latent), np.float32)
        condition_BC = np.zeros((player.batch, self.config.conditions.size), np.float32)
        places = [order.index % player.batch for order in orders]
        for order, place in zip(orders, places, strict=True):
            latent_BZ[place] = drawn(self.config.dice, order.seed, order.index, self.config.latent)
            condition_BC[place] = self.config.conditions.encode(order.conditions)
        return list(player.draw(latent_BZ, condition_BC, truncation=truncation)[places])

    def _recipe(self, order: Order, prompt: str, engine: str) -> Recipe:
        return self.recipe(
            seed=order.seed,
            index=order.index,
            engine=engine,
            conditions={group: dict(weights) for group, weights in order.conditions.items()},
            prompt=prompt,
            options=dict(order.options),
            ingredients=order.ingredients,
        )
