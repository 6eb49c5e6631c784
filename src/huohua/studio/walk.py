"""A walk through works: the use case behind `huohua walk`.

The way leads through seeds and through works that already exist; the works along it change at one pace.
Each frame is a work of its own, with a recipe of its own, made one by one like any other, so that a
frame taken out of a walk is made again to the pixel. Several are made at a time, each on one thread.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from huohua.conditions.space import Wish
from huohua.conditions.typical import completed
from huohua.devices import look
from huohua.errors import DataError, UsageError
from huohua.provenance.ingredients import Ingredient, WalkRecipe, Weights
from huohua.provenance.record import Recipe, Record
from huohua.randomness import numpy_generator
from huohua.studio.film import Filmed, save_walk, times_larger
from huohua.studio.image_model import ImageModel
from huohua.studio.model import SEEDS, Model
from huohua.studio.opening import image_model
from huohua.studio.prompt import combined, read, require_some
from huohua.studio.recreate import maker_of, model_for
from huohua.studio.steering import Steering, recipe_of, slid_along, standing_alone

if TYPE_CHECKING:
    from huohua.arts.image.artwork import Artwork
    from huohua.studio.steering import WorkOrFile
    from huohua.studio.trail import Trail

OnProgress = Callable[[int, int], None]
Key = tuple[Ingredient, ...]

FRESH_KEYS = 4
FRESH_SEEDS = 2**31  # short enough to be read aloud and typed again
MOST_KEYS = 64
MOST_FRAMES = 10_000
MOST_FPS = 120


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A walk, measured and ready; iterating makes its frames one after another.

    Attributes:
        model: the model that makes them.
        recipe: the keys, and the place of every frame.
        options: numbers that change the making of every frame.
        seeds: the seeds it leads through, fresh ones included.
    """

    model: ImageModel
    recipe: WalkRecipe
    options: Mapping[str, float] = field(default_factory=dict)
    seeds: tuple[int, ...] = ()

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.recipe.places)

    def __iter__(self) -> Iterator[Artwork]:
        """Make the frames in their order, as many at a time as there are free cores."""
        workers = max(1, look().free_cores)
        waiting: deque[Future[Artwork]] = deque()
        with ThreadPoolExecutor(workers) as pool:
            try:
                for number in range(len(self)):
                    waiting.append(pool.submit(self.frame, number))
                    if len(waiting) > 2 * workers:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def frame(self, number: int) -> Artwork:
        """Make one frame.

        Raises:
            ModelError: the model is damaged.
            DataError: the keys do not fit the model.
        """
        ingredients, conditions = self.trail.at(self.recipe.places[number])
        seeds = [each.seed for key in self.recipe.keys for each in key if each.seed is not None]
        work = self.model.make(
            seed=seeds[0] if seeds else 0,
            index=number,
            conditions=conditions,
            options=self.options,
            ingredients=ingredients,
        )
        return cast("Artwork", work)

    def save(
        self,
        path: str | Path,
        *,
        enlarge: int | None = None,
        record: Record | None = None,
        on_progress: OnProgress | None = None,
    ) -> Filmed:
        """Write the walk to a `.gif`, an `.mp4`, or frame by frame into a folder; Ctrl-C keeps what is made.

        Args:
            path: a file with one of those endings, or a folder.
            enlarge: how many times larger than its works a film is; by default small works are enlarged.
            record: of an earlier film, to make the same one again: its origin and recipe are kept.
            on_progress: told (frames made, frames in all).

        Raises:
            UsageError: `enlarge` is out of range.
            MissingDependencyError: MP4 needs a library that is not installed.
            StorageError: a file cannot be written.
        """
        path, frame = Path(path).expanduser(), self.model.frame
        times = times_larger(path, frame.width, frame.height, enlarge)
        if record and record.recipe.walk:
            times = record.recipe.walk.enlarged
        larger = replace(self, recipe=self.recipe.model_copy(update={"enlarged": times}))
        return save_walk(larger, path, record=record, on_progress=on_progress)

    @cached_property
    def trail(self) -> Trail:
        """Return the way through the latents of the model."""
        from huohua.studio.trail import Trail

        return Trail(self.model.helm, self.recipe, truncation=self.options.get("truncation", 1.0))


def walk(
    model: ImageModel | str | Path | None = None,
    *,
    seeds: Sequence[int] = (),
    through: Sequence[WorkOrFile] = (),
    seconds: float = 10.0,
    fps: float = 25.0,
    loop: bool = False,
    prompt: str = "",
    conditions: Mapping[str, Wish] | None = None,
    truncation: float = 1.0,
    slides: Mapping[str, float] | None = None,
    on_progress: OnProgress | None = None,
) -> Walk:
    """Lay out a walk: find where its frames lie, so that works change at one pace; make none yet.

    Args:
        model: a model, its name or its folder; by default the one that made the first work of `through`,
            else the one trained last.
        seeds: it leads through the works of these seeds; fresh ones if neither these nor `through` are given.
        through: then through these works, or their files, of the same model.
        seconds: how long it takes.
        fps: frames in a second.
        loop: return to where it began, so that the film can be repeated without a jump.
        prompt: free words that the works of the seeds ask for.
        conditions: wishes by group; they win over what the prompt says.
        truncation: of the seeds: below 1 more typical, above 1 more varied.
        slides: how far along named directions all of it lies.
        on_progress: told (works looked at, works to look at, roughly).

    Raises:
        UsageError: a number is out of range, a condition or a direction unknown, or a work of another model.
        DataError: a file is no work of ours.
        ModelError: there is no such model, or it is damaged.
    """
    recipes = [recipe_of(work) for work in through]
    playable = image_model(model_for(recipes, model, art="image"))
    _check(seeds, recipes, seconds, fps)
    space = playable.config.conditions
    reading = read(prompt, space)
    require_some(prompt, reading, space)
    wishes = space.resolve(combined(reading, conditions or {}))
    # Every number is checked as it is for a single work; none is made.
    playable.works({}, seed=0, count=1, truncation=truncation, steering=Steering(slides=slides or {}))
    if not seeds and not recipes:
        seeds = [secrets.randbelow(FRESH_SEEDS) for _ in range(FRESH_KEYS)]
    keys: list[Key] = [_key_of_seed(playable, seed, wishes) for seed in seeds]
    keys += [standing_alone(recipe) for recipe in recipes]
    plan = WalkRecipe(
        keys=tuple(keys), places=(), fps=fps, loop=loop, everywhere=slid_along(playable, slides or {})
    )
    options = {} if truncation == 1.0 else {"truncation": truncation}
    laid_out = Walk(model=playable, recipe=plan, options=options, seeds=tuple(seeds))
    places = _places(laid_out.trail, max(2, round(seconds * fps)), on_progress)
    return replace(laid_out, recipe=plan.model_copy(update={"places": places}))


def walk_of(path: str | Path, *, model: str | Path | Model | None = None) -> tuple[Walk, Record]:
    """Return the walk that a film shows, and the film's record.

    Raises:
        DataError: the file is no film of ours.
        ModelError: the model that made it is not here, or has changed since.
    """
    from huohua.arts.image.film import read_record

    path = Path(path).expanduser()
    record = read_record(path)
    plan = record.recipe.walk
    if plan is None:
        raise DataError(f"{path} says how it was made, but not along which walk.")
    maker = image_model(maker_of(record.recipe, model))
    return Walk(model=maker, recipe=plan, options=record.recipe.options), record


def remake_film(
    path: str | Path,
    target: str | Path,
    *,
    model: str | Path | ImageModel | None = None,
    on_progress: OnProgress | None = None,
) -> Record:
    """Make a film again from its record, and return the record; its origin, its day included, is kept.

    Raises:
        DataError: the file is no film of ours.
        ModelError: the model that made it is not here, or has changed since.
        StorageError: the film cannot be written.
    """
    found, record = walk_of(path, model=model)
    found.save(target, record=record, on_progress=on_progress)
    return record


def _key_of_seed(model: ImageModel, seed: int, wishes: Weights) -> Key:
    """Return the work that a seed gives, with all that it asks for."""
    config = model.config
    dice = numpy_generator(seed, "conditions", 0)
    return (Ingredient(seed=seed, conditions=completed(wishes, config.conditions, config.typical, dice)),)


def _places(trail: Trail, frames: int, on_progress: OnProgress | None) -> tuple[float, ...]:
    from huohua.latents.walk import even_places

    if trail.way.length == 0:
        return (0.0,) * frames
    done, expected = 0, frames

    def shown(more: int) -> None:
        nonlocal done, expected
        done += more
        expected = max(expected, done)
        if on_progress:
            on_progress(done, expected)

    places = even_places(trail.way, lambda places: trail.show(places, shown), frames)
    # Finer than any eye, and short to write down.
    return tuple(round(place, 6) for place in places)


def _check(seeds: Sequence[int], recipes: Sequence[Recipe], seconds: float, fps: float) -> None:
    if len(seeds) + len(recipes) > MOST_KEYS:
        raise UsageError(f"A walk leads through {MOST_KEYS} works at most.")
    for seed in seeds:
        if not 0 <= seed < SEEDS:
            raise UsageError(f"seed is {seed}, but must lie between 0 and {SEEDS - 1}.")
    if not 0 < fps <= MOST_FPS:
        raise UsageError(f"fps is {fps:g}, but must lie between 0 and {MOST_FPS}.")
    if not 2 <= seconds * fps <= MOST_FRAMES:
        raise UsageError(
            f"{seconds:g} seconds at {fps:g} frames a second are {seconds * fps:,.0f} frames, "
            f"but a walk has 2 to {MOST_FRAMES:,}."
        )
