"""Make a work again from the recipe in its file, and prove that it is the same.

The model is looked for by its name, by the folder it had, and by the hash of its weights among all
models known here. Only weights with the hash in the recipe will do, whatever they are called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from huohua.arts.art import Work
from huohua.arts.comparison import Comparison
from huohua.arts.table import art, art_of, read_record
from huohua.errors import ModelError, UsageError
from huohua.provenance.record import Recipe, Record
from huohua.studio.model import Model
from huohua.studio.opening import load, open_model
from huohua.zoo import catalogue


def open_artwork(path: str | Path) -> Work:
    """Open a work of any art with its recipe and origin.

    Raises:
        DataError: the file is missing, damaged, or was not made by Huohua.
    """
    path = Path(path).expanduser()
    return art_of(path).open_work(path)


def recreate(
    work: str | Path | Work, *, model: str | Path | Model | None = None, given: str | Path | None = None
) -> Work:
    """Make a work again from its recipe; its origin, the day it was made included, is kept.

    Args:
        work: a work, or the file of one.
        model: the model that made it, if it cannot be found by itself.
        given: the file of the work that it was made from, if that was too large for the recipe.

    Raises:
        DataError: the file carries no recipe, or it was made from a work that is not shown.
        ModelError: the model that made it is not here, or has changed since.
        MissingDependencyError: the library that drew it is not installed.
    """
    if isinstance(work, str | Path):
        record = read_record(Path(work).expanduser())
    else:
        record = Record(recipe=work.recipe, origin=work.origin)
    again = maker_of(record.recipe, model).again(record.recipe, given=given)
    # The recipe too is kept as it was written: it is the same work, wherever the model lives today.
    return again.told(recipe=record.recipe, origin=record.origin)


def compare(path: str | Path, again: Work) -> Comparison:
    """Compare the content of a file with a work made again, both as that kind of file holds them.

    Raises:
        DataError: the file cannot be read.
    """
    path = Path(path).expanduser()
    return art(again.recipe.art).compare(path, again)


def maker_of(recipe: Recipe, model: str | Path | Model | None = None) -> Model:
    """Return the model whose weights have the hash in the recipe.

    Raises:
        ModelError: it is not here, or has changed since.
    """
    if isinstance(model, Model):
        places = [model.folder]
    elif model is not None:
        places = [catalogue.find(model)]
    else:
        places = list(_places(recipe))
    for folder in places:
        with suppress(ModelError):
            found = open_model(folder, name=recipe.model)
            if found.config.weights_sha256 == recipe.model_sha256:
                return found
    raise _no_maker(recipe, places)


def model_for(
    recipes: Sequence[Recipe], model: str | Path | Model | None = None, *, art: str | None = None
) -> Model:
    """Return the model that made some works; without works the one that is named, or the one trained last.

    Args:
        recipes: of the works.
        model: a model, its name or its folder.
        art: of which art the one trained last is to be; by default of any.

    Raises:
        ModelError: it is not here, or has changed since.
        UsageError: not all were made by one model.
    """
    if not recipes:
        return model if isinstance(model, Model) else load(model, art=art)
    for other in recipes[1:]:
        if other.model_sha256 != recipes[0].model_sha256:
            raise UsageError(
                f"These works were made by different models, '{recipes[0].model}' and '{other.model}'.",
                advice="Latents of one model mean nothing to another: use works of one model.",
            )
    return maker_of(recipes[0], model)


def _places(recipe: Recipe) -> Iterator[Path]:
    for name in filter(None, (recipe.model, recipe.model_path)):
        with suppress(ModelError):
            yield catalogue.find(name)
    if listed := catalogue.with_weights(recipe.model_sha256):
        yield listed.folder


def _no_maker(recipe: Recipe, places: list[Path]) -> ModelError:
    advice = f"Name the right one with --model; its weights have SHA-256 {recipe.model_sha256[:16]}…"
    if places:
        return ModelError(
            f"{places[0]} is not the model that made this work: its weights are different, "
            "as they are after more training.",
            advice=advice,
        )
    return ModelError(f"The model '{recipe.model}' that made this work is not here.", advice=advice)
