"""What a person steers a work with: a work to start from, another to mix in, and sliders.

A steering is an order; for each work it gives the ingredients that stand in the work's recipe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from huohua.errors import UsageError
from huohua.provenance.ingredients import Ingredient, Weights, pack, unpack
from huohua.provenance.record import Recipe
from huohua.zoo.directions import find_direction, load_directions

if TYPE_CHECKING:
    from huohua.arts.art import Work
    from huohua.conditions.space import ConditionSpace
    from huohua.studio.helm import Helm
    from huohua.zoo.format import ModelConfig

    WorkOrFile = Work | str | Path

# Beyond so many deviations nothing but noise was ever seen.
STRONGEST = 20.0


class Steerable(Protocol):
    """What steering needs of a model."""

    @property
    def folder(self) -> Path:
        """Return where it is."""
        ...

    @property
    def config(self) -> ModelConfig:
        """Return what it is."""
        ...

    @property
    def helm(self) -> Helm:
        """Return what steers its generator."""
        ...


@dataclass(frozen=True, kw_only=True)
class Order:
    """Everything that `Model.make` needs for one work, but the words it was asked for with.

    Attributes:
        seed: the seed of the whole creation.
        index: which work of it.
        conditions: everything it is asked for.
        options: numbers that change the making.
        ingredients: the latents it is made of; none for the one of its seed and index.
    """

    seed: int
    index: int
    conditions: Weights
    options: Mapping[str, float]
    ingredients: tuple[Ingredient, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Steering:
    """An order for steered works.

    Attributes:
        start: the recipe of a work to begin with, in place of a seed.
        mix: the recipe of a work whose surface is taken, its fine layers; or a seed for one that is asked
            for the same things.
        mix_at: layers of works larger than so many pixels count as fine; by default the finer half.
        slides: how far to go along named directions, in deviations of the model's latents.
    """

    start: Recipe | None = None
    mix: Recipe | int | None = None
    mix_at: int | None = None
    slides: Mapping[str, float] = field(default_factory=dict)

    @property
    def changes_nothing(self) -> bool:
        """Return whether works come out as from their seeds alone."""
        return self.start is None and self.mix is None and not any(self.slides.values())

    @property
    def recipes(self) -> list[Recipe]:
        """Return the recipes of the works it takes from."""
        return [each for each in (self.start, self.mix) if isinstance(each, Recipe)]

    def check(self, model: Steerable, count: int = 1) -> None:
        """Check everything that can be checked before a work is made.

        Args:
            model: the model that makes the works.
            count: how many.

        Raises:
            UsageError: a direction is unknown, a number out of range, or the model cannot be mixed.
            ModelError: the model has no directions.
        """
        if self.start is not None and count > 1:
            raise UsageError(
                f"Starting from one work would make the same work {count} times.",
                advice="Ask for one, or begin from seeds.",
            )
        if self.mix_at is not None and self.mix is None:
            raise UsageError("There is nothing to mix at a size.", advice="Say what to mix with --mix.")
        for name, strength in self.slides.items():
            if not abs(strength) <= STRONGEST:
                raise UsageError(
                    f"The slider '{name}' is at {strength}, but must lie between ±{STRONGEST:g}."
                )
        slid_along(model, self.slides)
        if self.mix is not None:
            _first_fine(model.helm, self.mix_at)

    def steered(self, model: Steerable, plain: Order, *, wishes: Weights) -> Order:
        """Return the order for a work, steered.

        Args:
            model: the model that makes it.
            plain: the order as it comes from a seed and from what was asked for.
            wishes: what was asked for in words; it also changes what the work to start from asked for.
        """
        if self.changes_nothing:
            return plain
        base: Sequence[Ingredient] = (Ingredient(seed=plain.seed, index=plain.index),)
        if self.start is not None:
            space = model.config.conditions
            plain = _begun(self.start, plain, wishes, space)
            base = [_wishing(each, wishes, space) for each in of_recipe(self.start)]
        if self.mix is not None:
            base = self._mixed(model.helm, base)
        return replace(plain, ingredients=(*base, *slid_along(model, self.slides)))

    def _mixed(self, helm: Helm, base: Sequence[Ingredient]) -> tuple[Ingredient, ...]:
        fine = _first_fine(helm, self.mix_at)
        if isinstance(self.mix, Recipe):
            other: Sequence[Ingredient] = standing_alone(self.mix)
        else:
            other = [Ingredient(seed=self.mix)]
        coarse = [told_to(each, 0, fine, helm) for each in base]
        surface = [told_to(each, fine, helm.layers, helm) for each in other]
        return tuple(each for each in (*coarse, *surface) if each is not None)


NONE = Steering()


def steering_of(
    *,
    start: WorkOrFile | None = None,
    mix: WorkOrFile | int | None = None,
    mix_at: int | None = None,
    slides: Mapping[str, float] | None = None,
) -> Steering:
    """Return a steering; works and files stand for their recipes.

    Raises:
        DataError: a file is no work of ours.
    """
    return Steering(
        start=None if start is None else recipe_of(start),
        mix=mix if mix is None or isinstance(mix, int) else recipe_of(mix),
        mix_at=mix_at,
        slides=dict(slides or {}),
    )


def recipe_of(work: WorkOrFile) -> Recipe:
    """Return the recipe of a work or of the file of one.

    Raises:
        DataError: the file is no work of ours.
    """
    from huohua.arts.table import art_of

    return art_of(Path(work)).open_work(Path(work)).recipe if isinstance(work, str | Path) else work.recipe


def of_recipe(recipe: Recipe) -> tuple[Ingredient, ...]:
    """Return the ingredients of any work, a plain one included."""
    return recipe.ingredients or (Ingredient(seed=recipe.seed, index=recipe.index),)


def standing_alone(recipe: Recipe) -> tuple[Ingredient, ...]:
    """Return the ingredients of a work, each carrying what its recipe says of all: conditions, truncation.

    They can then stand in another work's recipe. Directions ask for nothing; they only move the others.
    """
    said = {"conditions": recipe.conditions, "truncation": recipe.options.get("truncation", 1.0)}
    return tuple(each if _is_direction(each) else _filled(each, said) for each in of_recipe(recipe))


def slid_along(model: Steerable, slides: Mapping[str, float]) -> tuple[Ingredient, ...]:
    """Return an ingredient for each slider that is not at zero.

    Raises:
        UsageError: a direction is unknown.
        ModelError: the model has no directions, or they are of other weights.
    """
    if not slides:
        return ()
    listing, direction_KV = load_directions(model.folder, model.config.weights_sha256)
    found = []
    for name, strength in slides.items():
        number = find_direction(listing, name)
        direction = listing.directions[number]
        vector = pack(direction_KV[number].tolist())
        if strength:
            found.append(
                Ingredient(vector=vector, weight=strength, layers=direction.layers, name=direction.name)
            )
    return tuple(found)


def told_to(ingredient: Ingredient, first: int, end: int, helm: Helm) -> Ingredient | None:
    """Return an ingredient told to no other layers than these, or None when none is left."""
    start, stop = ingredient.layers or (0, helm.layers)
    low, high = max(first, start), min(end, stop)
    if low >= high:
        return None
    changes: dict[str, object] = {"layers": None if (low, high) == (0, helm.layers) else (low, high)}
    numbers = unpack(ingredient.vector)
    if len(numbers) > helm.width:
        rows = numbers[(low - start) * helm.width : (high - start) * helm.width]
        changes["vector"] = pack(rows)
    return ingredient.model_copy(update=changes)


def _first_fine(helm: Helm, size: int | None) -> int:
    from huohua.latents.mixing import crossover

    try:
        return crossover(helm.layer_sizes, size)
    except ValueError as error:
        raise UsageError(f"This model cannot be mixed like that: {error}.") from error


def _begun(start: Recipe, plain: Order, wishes: Weights, space: ConditionSpace) -> Order:
    """Return an order that goes on from a work: what is said anew wins over what the work says."""
    return replace(
        plain,
        seed=start.seed,
        index=start.index,
        conditions=_reasked(start.conditions, wishes, space),
        options={**start.options, **plain.options},
    )


def _wishing(ingredient: Ingredient, wishes: Weights, space: ConditionSpace) -> Ingredient:
    """Return an ingredient that asks for what was wished for in place of what it asked for before."""
    if ingredient.conditions is None or not wishes:
        return ingredient
    asked = _reasked(ingredient.conditions, wishes, space)
    return ingredient.model_copy(update={"conditions": asked})


def _reasked(conditions: Weights, wishes: Weights, space: ConditionSpace) -> Weights:
    """Return conditions in which wishes took the place of labels, and of those amounts that they name."""
    amounts = {
        group: {**conditions.get(group, {}), **names}
        for group, names in wishes.items()
        if space.measured(group)
    }
    return {**conditions, **wishes, **amounts}


def _filled(ingredient: Ingredient, values: Mapping[str, object]) -> Ingredient:
    """Return an ingredient with values where it has none of its own."""
    missing = {name: value for name, value in values.items() if getattr(ingredient, name) is None}
    if ingredient.seed is None:
        missing.pop("truncation", None)  # what is written out was never drawn
    return ingredient.model_copy(update=missing)


def _is_direction(ingredient: Ingredient) -> bool:
    return ingredient.seed is None and bool(ingredient.name)
