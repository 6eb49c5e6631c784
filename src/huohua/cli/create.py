"""`huohua create`: make new works with a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huohua.cli import options
from huohua.cli.places import Destination, destination, plain_name
from huohua.cli.screen import put, put_json, say
from huohua.errors import UsageError

if TYPE_CHECKING:
    from huohua.arts.image.artwork import Artwork
    from huohua.conditions.space import Wish
    from huohua.studio.create import Creation

app = typer.Typer(no_args_is_help=True, help="Make new works with a model.")


@app.command("image")
def image(
    model: options.Model = None,
    subject: Annotated[str | None, typer.Option(help="What it shows.", show_default=False)] = None,
    style: Annotated[str | None, typer.Option(help="In which style.", show_default=False)] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag; may be repeated.", show_default=False)] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(
            help="Any condition as group=name or group=name:weight; may be repeated to mix.",
            metavar="GROUP=NAME[:WEIGHT]",
            show_default=False,
        ),
    ] = None,
    prompt: Annotated[str, typer.Option("--prompt", "-p", help="Free words, such as 'two red apples'.")] = "",
    count: Annotated[int, typer.Option("--count", "-n", help="How many.")] = 1,
    seed: Annotated[
        int | None,
        typer.Option(help="The same seed gives the same works; random by default.", show_default=False),
    ] = None,
    truncation: Annotated[float, typer.Option(help="Below 1 more typical, above 1 more varied.")] = 1.0,
    out: options.Out = None,
    sheet: Annotated[bool, typer.Option("--sheet", help="Also save all of them as one sheet.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Make new pictures with a model.

    Files are named after what they show and are never written over, unless --out names a file.
    """
    from huohua.arts.image.artwork import ENCODERS
    from huohua.studio.create import create

    wishes = _wishes(subject, style, tag or [], condition or [])
    place = destination(out, tuple(ENCODERS), count=count)
    creation = create(
        model, seed=seed, count=count, conditions=wishes, prompt=prompt, truncation=truncation, art="image"
    )
    if not (json or quiet):
        _introduce(creation)
    saved = [_save(work, place, creation, announce=not json) for work in creation]
    sheet_path = _save_sheet(saved, place, creation, announce=not json) if sheet else None
    if json:
        put_json(_result(creation, saved, sheet_path))


def _wishes(
    subject: str | None, style: str | None, tags: list[str], conditions: list[str]
) -> dict[str, Wish]:
    """Return the conditions of the flags by group.

    Raises:
        UsageError: a condition is not of the form group=name[:weight].
    """
    wishes: dict[str, Wish] = {}
    if subject:
        wishes["subject"] = subject
    if style:
        wishes["style"] = style
    if tags:
        wishes["tags"] = tags
    for group, weights in _mixtures(conditions).items():
        if group in wishes:
            raise UsageError(f"'{group}' is asked for twice.", advice=f"Use --condition {group}=… alone.")
        wishes[group] = weights
    return wishes


def _mixtures(conditions: list[str]) -> dict[str, dict[str, float]]:
    """Return GROUP=NAME[:WEIGHT] texts as weights by group and name."""
    mixtures: dict[str, dict[str, float]] = {}
    for text in conditions:
        group, _, rest = text.partition("=")
        name, weight = _weighted(rest)
        if not (group.strip() and name.strip()):
            raise UsageError(
                f"'{text}' is no condition.",
                advice="Write GROUP=NAME or GROUP=NAME:WEIGHT, as in style=monet:0.6.",
            )
        mixtures.setdefault(group.strip(), {})[name.strip()] = weight
    return mixtures


def _weighted(text: str) -> tuple[str, float]:
    """Return NAME or NAME:WEIGHT as both; a name may hold a colon of its own, as in "face: smiling"."""
    name, _, weight = text.rpartition(":")
    try:
        return name, float(weight)
    except ValueError:
        return text, 1.0


def _introduce(creation: Creation) -> None:
    config = creation.model.config
    say(f"Model {creation.model.name}, {config.width} × {config.height}, seed {creation.seed}", style="dim")
    for found in creation.reading.understood:
        say(f"Understood '{found.words}' as {found.group} '{found.name}'", style="dim")
    if creation.reading.ignored:
        words = ", ".join(creation.reading.ignored)
        say(f"Not understood, because the model never learnt it: {words}", style="yellow")


def _save(work: Artwork, place: Destination, creation: Creation, *, announce: bool) -> tuple[Path, Artwork]:
    recipe = work.recipe
    names = [name for weights in recipe.conditions.values() for name, weight in weights.items() if weight]
    stem = place.stem or f"{plain_name(names or [recipe.model])}-seed{recipe.seed}"
    path = work.save(place.path(f"{stem}-{recipe.index}"))
    if announce:
        put(path)
    return path, work


def _save_sheet(
    saved: list[tuple[Path, Artwork]], place: Destination, creation: Creation, *, announce: bool
) -> Path:
    from huohua.studio.create import save_sheet

    beside = Destination(folder=place.folder, suffix=".png")
    stem = place.stem or plain_name([creation.model.name])
    path = save_sheet([work for _, work in saved], beside.path(f"{stem}-seed{creation.seed}-sheet"))
    if announce:
        put(path)
    return path


def _result(creation: Creation, saved: list[tuple[Path, Artwork]], sheet: Path | None) -> dict[str, Any]:
    return {
        "model": creation.model.name,
        "seed": creation.seed,
        "understood": [vars(found) for found in creation.reading.understood],
        "ignored": creation.reading.ignored,
        "works": [
            {"path": path, "index": work.recipe.index, "conditions": work.recipe.conditions}
            for path, work in saved
        ],
        "sheet": sheet,
    }
