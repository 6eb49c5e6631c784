"""A model that can be played: its folder, its configuration, and works made with it.

Works are made one by one, in 32-bit arithmetic and on one thread, so that a work depends on its
recipe alone: not on how many were asked for, nor on how many cores were free.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, cast, overload

from huohua.arts.table import art
from huohua.conditions.space import Wish, Wishes
from huohua.conditions.typical import completed
from huohua.errors import ModelError, UsageError
from huohua.provenance.ingredients import Ingredient
from huohua.provenance.record import Origin, Recipe
from huohua.randomness import numpy_generator, torch_generator
from huohua.studio.prompt import combined, read, require_some
from huohua.studio.steering import NONE, Order, Steering, steering_of
from huohua.version import __version__
from huohua.zoo.catalogue import find, latest
from huohua.zoo.format import copy_model, load_config, load_weights

if TYPE_CHECKING:
    from torch import Tensor, nn

    from huohua.arts.art import Work
    from huohua.arts.image.artwork import Artwork
    from huohua.studio.helm import Helm
    from huohua.studio.steering import WorkOrFile

MOST_WORKS = 100_000
SEEDS = 2**63
LONGEST_PROMPT = 2000


class Model:
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
        self._helm: Helm | None = None

    def __repr__(self) -> str:
        return f"Model({self.name!r}, {self.config.art}, {self.config.width}x{self.config.height})"

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
            **conditions: a name, names, or weights by name for each group, such as `subject="lemon"`.
                Groups that are not mentioned are filled as in a real work that has what was asked for,
                because a model that learnt from labelled works never saw one without.

        Raises:
            UsageError: a condition is unknown or a number is out of range.
            ModelError: the model is damaged.
        """
        reading = read(prompt, self.config.conditions)
        require_some(prompt, reading, self.config.conditions)
        works = self.works(
            combined(reading, conditions),
            seed=seed,
            count=1 if count is None else count,
            prompt=prompt,
            truncation=truncation,
            steering=steering_of(start=start, mix=mix, mix_at=mix_at, slides=slides),
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
    ) -> Iterator[Work]:
        """Yield works as they are made; arguments are checked before the first.

        Raises:
            UsageError: a condition is unknown or a number is out of range.
        """
        _check_range("count", count, 1, MOST_WORKS)
        if len(prompt) > LONGEST_PROMPT:
            raise UsageError(f"The prompt has {len(prompt):,} letters; {LONGEST_PROMPT:,} are the most.")
        space = self.config.conditions
        resolved = space.resolve(wishes)
        self._check(seed, truncation)
        steering.check(self, count)
        options = {} if truncation == 1.0 else {"truncation": truncation}

        def work(index: int) -> Work:
            dice = numpy_generator(seed, "conditions", index)
            whole = completed(resolved, space, self.config.typical, dice)
            plain = Order(seed=seed, index=index, conditions=whole, options=options)
            return self.make(prompt=prompt, **vars(steering.steered(self, plain, wishes=resolved)))

        return (work(index) for index in range(count))

    def make(
        self,
        *,
        seed: int,
        index: int = 0,
        conditions: Mapping[str, Mapping[str, float]],
        prompt: str = "",
        options: Mapping[str, float] | None = None,
        ingredients: Sequence[Ingredient] = (),
    ) -> Work:
        """Make exactly the work that these values describe; nothing is drawn but the latents.

        Raises:
            UsageError: a condition is unknown or an option is out of range.
            DataError: the ingredients do not fit this model.
            ModelError: the model is damaged.
        """
        options = dict(options or {})
        self._check(seed, options.get("truncation", 1.0))
        condition = self.config.conditions.encode(conditions)
        sample_CHW = self._sample(seed, index, condition, options.get("truncation", 1.0), ingredients)
        recipe = self._recipe(seed, index, conditions, prompt, options)
        recipe = recipe.model_copy(update={"ingredients": tuple(ingredients)}) if ingredients else recipe
        return art(self.config.art).finish(sample_CHW, recipe=recipe, origin=self._origin())

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
            self._generator = self._load_generator()
        return self._generator

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

    def _load_generator(self) -> nn.Module:
        import torch

        # Read afresh: a run that is still going may have replaced the model since it was opened.
        self.config = config = load_config(self.folder)
        weights = load_weights(self.folder, config)
        # A network draws its first weights, which are replaced at once, from the dice of the whole program.
        with torch.random.fork_rng(devices=[]):
            generator = art(config.art).build_generator(
                config.generator,
                config.settings,
                latent=config.latent,
                condition=config.conditions.size,
                height=config.height,
                width=config.width,
                channels=config.channels,
            )
        try:
            generator.load_state_dict(weights, strict=True)
        except RuntimeError as error:
            raise ModelError(
                f"The weights of {self.folder} do not fit generator '{config.generator}': {_brief(error)}",
                advice="config.json was changed, or was made by another version of Huohua.",
            ) from error
        generator.requires_grad_(False).eval()
        # The module moves in place; the stubs of torch know this form for tensors only.
        generator.to(dtype=torch.float32, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return generator

    def _sample(
        self,
        seed: int,
        index: int,
        condition: list[float],
        truncation: float,
        ingredients: Sequence[Ingredient],
    ) -> Tensor:
        import torch

        from huohua.latents.truncation import generate

        generator = self.generator
        condition_BC = torch.tensor([condition], dtype=torch.float32)
        with torch.inference_mode(), one_thread():
            if ingredients:
                return self.helm.sample(ingredients, condition_BC[0], truncation=truncation)
            random = torch_generator(seed, "latent", index)
            latent_BZ = torch.randn(1, self.config.latent, generator=random)
            return generate(generator, latent_BZ, condition_BC, truncation=truncation)[0]

    def _recipe(
        self,
        seed: int,
        index: int,
        conditions: Mapping[str, Mapping[str, float]],
        prompt: str,
        options: Mapping[str, float],
    ) -> Recipe:
        import torch

        return Recipe(
            art=self.config.art,
            model=self.name,
            model_path=str(self.folder.resolve()),
            model_sha256=self.config.weights_sha256,
            seed=seed,
            index=index,
            conditions={group: dict(weights) for group, weights in conditions.items()},
            prompt=prompt,
            options=dict(options),
            version=__version__,
            engine=f"torch {torch.__version__}",
        )

    def _origin(self) -> Origin:
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

    def _check(self, seed: int, truncation: float) -> None:
        _check_range("seed", seed, 0, SEEDS - 1)
        _check_range("truncation", truncation, 0.0, 4.0)


def load(name_or_path: str | Path | None = None) -> Model:
    """Load a model by its name, its folder or the folder of its training run; without a name, the latest.

    Raises:
        ModelError: there is no such model, or it is damaged.
    """
    if name_or_path is None:
        listed = latest()
        if listed is None:
            raise ModelError("There is no model yet.", advice="Train one: huohua train image FOLDER.")
        return Model(listed.folder, name=listed.name)
    folder = find(name_or_path)
    name = str(name_or_path)
    return Model(folder, name="" if Path(name).expanduser().exists() else name)


def _folder_name(folder: Path) -> str:
    place = folder.resolve()
    return place.parent.name if place.name == "model" else place.name


def _check_range(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise UsageError(f"{name} is {value}, but must lie between {least} and {most}.")


def _brief(error: RuntimeError) -> str:
    """Return the first complaint of a state that does not fit; torch lists them all."""
    lines = [line.strip() for line in str(error).splitlines()[1:] if line.strip()]
    return (lines[0] if lines else str(error))[:300]


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread, because sums shared out among threads round differently."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
