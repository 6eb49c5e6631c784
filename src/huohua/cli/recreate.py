"""`huohua recreate`: make a work again from the recipe in its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huohua.cli import options
from huohua.cli.places import destination, plain_name
from huohua.cli.screen import put, put_json, say

if TYPE_CHECKING:
    from huohua.arts.image.artwork import Artwork
    from huohua.studio.recreate import Comparison


def recreate(
    file: Annotated[Path, typer.Argument(help="A work that Huohua made.", show_default=False)],
    out: options.Out = None,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="The model that made it, if it is not found.", show_default=False),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Compare with FILE; exit with 1 if a pixel differs.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Make a work again from the recipe in its file.

    It has the same pixels, made by the same model, and keeps the day it was first made.
    With --check nothing is written unless --out is given too.
    """
    from huohua.studio.recreate import compare
    from huohua.studio.recreate import recreate as make_again

    again = make_again(file, model=model)
    comparison = compare(file, again) if check else None
    saved = None if check and out is None else _save(again, file, out)
    if json:
        put_json(
            {"file": file, "saved": saved, **(vars(comparison) if comparison else {}), **_same(comparison)}
        )
    else:
        _tell(comparison, saved, again)
    if comparison and not comparison.same:
        raise typer.Exit(1)


def _save(again: Artwork, file: Path, out: Path | None) -> Path:
    from huohua.arts.image.artwork import ENCODERS

    suffixes = (file.suffix.lower(), *(suffix for suffix in ENCODERS if suffix != file.suffix.lower()))
    return again.save(destination(out, suffixes).path(f"{plain_name([file.stem])}-again"))


def _same(comparison: Comparison | None) -> dict[str, bool]:
    return {"same": comparison.same} if comparison else {}


def _tell(comparison: Comparison | None, saved: Path | None, again: Artwork) -> None:
    if saved:
        put(saved)
    if comparison is None:
        return
    if comparison.same:
        say(f"The same: all {comparison.pixels:,} pixels are equal.", style="green")
        return
    counted = f"{comparison.different:,} of {comparison.pixels:,} pixels, by {comparison.largest} at most"
    say(f"Different: {counted}.", style="red")
    say(f"It was made with {again.recipe.engine}; another version or processor may round differently.")
