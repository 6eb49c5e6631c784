"""`huohua recreate`: make a work again from the recipe in its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huohua.cli import options
from huohua.cli.counting import counting
from huohua.cli.places import destination, ending, plain_name
from huohua.cli.screen import put, put_json, say

if TYPE_CHECKING:
    from huohua.arts.art import Work
    from huohua.arts.comparison import Comparison


def recreate(
    file: Annotated[Path, typer.Argument(help="A work or a film that Huohua made.", show_default=False)],
    out: options.Out = None,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="The model that made it, if it is not found.", show_default=False),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Compare with FILE; exit with 1 if anything differs.")
    ] = False,
    given: Annotated[
        Path | None,
        typer.Option(
            help="The piece or text it was made from, if that was too large for its recipe.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """Make a work again from the recipe in its file.

    It has the same pixels or notes, made by the same model, and keeps the day it was first made.
    With --check nothing is written unless --out is given too.
    """
    from huohua.studio.film import film_suffixes
    from huohua.studio.recreate import compare
    from huohua.studio.recreate import recreate as make_again

    if file.suffix.lower() in film_suffixes():
        _film(file, out, model, check=check, json=json)
        return
    again = make_again(file, model=model, given=given)
    comparison = compare(file, again) if check else None
    saved = None if check and out is None else _save(again, file, out)
    _report(file, comparison, saved, again.recipe.engine, json=json)


def _film(file: Path, out: Path | None, model: str | None, *, check: bool, json: bool) -> None:
    """Make a film again; with a check it is compared frame by frame."""
    from tempfile import TemporaryDirectory

    from huohua.studio.film import compare_films
    from huohua.studio.walk import remake_film

    with TemporaryDirectory(prefix="huohua-again-") as scratch, counting(shown=not json) as count:
        place = destination(out, (file.suffix.lower(),)).path(f"{plain_name([file.stem])}-again")
        target = Path(scratch) / f"again{file.suffix}" if check and out is None else place
        record = remake_film(file, target, model=model, on_progress=count("making frames"))
        comparison = compare_films(file, target) if check else None
        _report(file, comparison, target if target == place else None, record.recipe.engine, json=json)


def _report(
    file: Path, comparison: Comparison | None, saved: Path | None, engine: str, *, json: bool
) -> None:
    if json:
        put_json({"file": file, "saved": saved, **_counted(comparison)})
    else:
        _tell(comparison, saved, engine)
    if comparison and not comparison.same:
        raise typer.Exit(1)


def _save(again: Work, file: Path, out: Path | None) -> Path:
    from huohua.arts.table import art

    suffixes = art(again.recipe.art).suffixes
    first = ending(file, suffixes).lower()
    place = destination(out, (first, *(suffix for suffix in suffixes if suffix != first)))
    return again.save(place.path(f"{plain_name([file.name[: -len(first)]])}-again"))


def _counted(comparison: Comparison | None) -> dict[str, Any]:
    if comparison is None:
        return {}
    counts = {comparison.unit: comparison.parts, "different": comparison.different}
    return {**counts, "largest": comparison.largest, "same": comparison.same}


def _tell(comparison: Comparison | None, saved: Path | None, engine: str) -> None:
    if saved:
        put(saved)
    if comparison is None:
        return
    if comparison.same:
        say(f"The same: all {comparison.parts:,} {comparison.unit} are equal.", style="green")
        return
    least = f", by {comparison.largest} at most" if comparison.largest else ""
    counted = f"{comparison.different:,} of {comparison.parts:,} {comparison.unit}{least}"
    say(f"Different: {counted}.", style="red")
    say(f"It was made with {engine}; another version or processor may round differently.")
