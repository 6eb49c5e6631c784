"""`huohua reconstruct`: what a model with an encoder makes again of a person's own pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huohua.cli import options, wishes
from huohua.cli.places import Destination, destination, plain_name
from huohua.cli.screen import put, put_json, say

if TYPE_CHECKING:
    from huohua.studio.reconstruct import Pair


def reconstruct(
    pictures: Annotated[list[Path], typer.Argument(help="Pictures of any kind.", show_default=False)],
    model: options.Model = None,
    subject: wishes.Subject = None,
    style: wishes.Style = None,
    tag: wishes.Tags = None,
    condition: wishes.Conditions = None,
    out: options.Out = None,
    sheet: Annotated[bool, typer.Option("--sheet", help="Also save all pairs side by side.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Take your own pictures in and make them again, with a model that has an encoder.

    Such a model is trained with --preset vae or vae_gan. What it makes again is a work like any other:
    begin with it (create image --start), mix it, walk from one to the next.
    """
    from huohua.arts.image.artwork import ENCODERS
    from huohua.studio.opening import image_model
    from huohua.studio.reconstruct import reconstructions, save_pairs

    place = destination(out, tuple(ENCODERS), count=len(pictures))
    asked = wishes.read_wishes(subject, style, tag or [], condition or [])
    opened = image_model(model)
    made: list[tuple[Path, Path, Pair]] = []
    for picture, pair in zip(pictures, reconstructions(opened, pictures, asked), strict=True):
        stem = f"{place.stem}-{len(made)}" if place.stem else f"{plain_name([picture.stem])}-again"
        path = pair.work.save(place.path(stem))
        made.append((picture, path, pair))
        if not json:
            put(path)
    beside = Destination(folder=place.folder, suffix=".png")
    name = place.stem or plain_name([opened.name])
    page = save_pairs([pair for *_, pair in made], beside.path(f"{name}-pairs")) if sheet else None
    if json:
        works = [
            {"picture": picture, "path": path, "conditions": pair.work.recipe.conditions}
            for picture, path, pair in made
        ]
        put_json({"model": opened.name, "works": works, "sheet": page})
        return
    if page:
        put(page)
    if not quiet:
        say(f"Made again by {opened.name}", style="dim")
