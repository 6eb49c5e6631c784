"""`huohua create`: make new works with a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from huohua.cli import options, wishes
from huohua.cli.create_music import create_music
from huohua.cli.create_text import create_text
from huohua.cli.places import Destination, destination, plain_name
from huohua.cli.screen import put, put_json, say

if TYPE_CHECKING:
    from huohua.arts.image.artwork import Artwork
    from huohua.studio.create import Creation
    from huohua.studio.players import Engine

app = typer.Typer(no_args_is_help=True, help="Make new works with a model.")
app.command("music")(create_music)
app.command("text")(create_text)


@app.command("image")
def image(
    model: options.Model = None,
    subject: wishes.Subject = None,
    style: wishes.Style = None,
    tag: wishes.Tags = None,
    condition: wishes.Conditions = None,
    prompt: Annotated[
        str, typer.Option("--prompt", "-p", help="Free words, such as 'blue sky' or '蓝天白云'.")
    ] = "",
    count: Annotated[int, typer.Option("--count", "-n", help="How many.")] = 1,
    seed: Annotated[
        int | None,
        typer.Option(help="The same seed gives the same works; random by default.", show_default=False),
    ] = None,
    truncation: Annotated[float, typer.Option(help="Below 1 more typical, above 1 more varied.")] = 1.0,
    start: Annotated[
        Path | None,
        typer.Option(
            help="Begin with the work in this file, in place of a seed.", metavar="FILE", show_default=False
        ),
    ] = None,
    mix: Annotated[
        str | None,
        typer.Option(
            help="Take colours and textures from this seed, or from the work in this file.",
            metavar="SEED|FILE",
            show_default=False,
        ),
    ] = None,
    mix_at: Annotated[
        int | None,
        typer.Option(
            help="Layers of works larger than this many pixels are taken; half of them by default.",
            metavar="PIXELS",
            show_default=False,
        ),
    ] = None,
    slide: wishes.Slides = None,
    engine: Annotated[
        str,
        typer.Option(help="Who draws: auto, torch, onnx (without torch), or bf16 (for hundreds)."),
    ] = "auto",
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

    wished = wishes.read_wishes(subject, style, tag or [], condition or [])
    place = destination(out, tuple(ENCODERS), count=count)
    creation = create(
        model,
        seed=seed,
        count=count,
        conditions=wished,
        prompt=prompt,
        truncation=truncation,
        art="image",
        start=start,
        mix=int(mix) if mix and mix.isdecimal() else mix,
        mix_at=mix_at,
        slides=wishes.read_slides(slide or []),
        engine=cast("Engine", engine),
    )
    if not (json or quiet):
        _introduce(creation)
    pictures = cast("Iterator[Artwork]", iter(creation))
    saved = [_save(work, place, creation, announce=not json) for work in pictures]
    sheet_path = _save_sheet(saved, place, creation, announce=not json) if sheet else None
    if json:
        put_json(_result(creation, saved, sheet_path))


def _introduce(creation: Creation) -> None:
    words = creation.model.config.frame.words
    say(f"Model {creation.model.name}, {words}, seed {creation.seed}", style="dim")
    for sentence in creation.reading.sentences():
        say(sentence, style="dim")
    for regret in creation.reading.regrets():
        say(regret, style="yellow")


def _save(work: Artwork, place: Destination, creation: Creation, *, announce: bool) -> tuple[Path, Artwork]:
    recipe = work.recipe
    names = _names(recipe.conditions, creation)
    stem = place.stem or f"{plain_name(names or [recipe.model])}-seed{recipe.seed}"
    path = work.save(place.path(f"{stem}-{recipe.index}"))
    if announce:
        put(path)
    return path, work


def _names(conditions: Mapping[str, Mapping[str, float]], creation: Creation) -> list[str]:
    """Return what a work shows, and of what is measured only what was asked for."""
    space = creation.model.config.conditions
    asked = space.resolve(creation.wishes)
    return [
        name
        for group, weights in conditions.items()
        for name, weight in (asked.get(group, {}) if space.measured(group) else weights).items()
        if weight
    ]


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
        "reasons": creation.reading.reasons,
        "works": [
            {"path": path, "index": work.recipe.index, "conditions": work.recipe.conditions}
            for path, work in saved
        ],
        "sheet": sheet,
    }
