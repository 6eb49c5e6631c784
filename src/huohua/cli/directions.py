"""`huohua directions`: find what can be changed in a model's works, look at it, give it a name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from huohua.cli import options, wishes
from huohua.cli.counting import counting
from huohua.cli.places import plain_name
from huohua.cli.screen import put, put_json, results, say

if TYPE_CHECKING:
    from huohua.studio.directions import Layers
    from huohua.studio.strips import Strip
    from huohua.zoo.directions import Direction, Method

app = typer.Typer(
    no_args_is_help=True, help="Find directions along which works change, look at them and name them."
)

Folder = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help="Folder for the strips; MODEL-directions by default.", show_default=False
    ),
]


@app.command("find")
def find(
    model: options.Model = None,
    by: Annotated[
        str,
        typer.Option(
            help="principal (what works differ most in), weights (the same from the weights alone), "
            "or attribute (light, saturated, contrast, warm, detailed)."
        ),
    ] = "principal",
    count: Annotated[int, typer.Option("--count", "-n", help="How many at most.")] = 10,
    layers: Annotated[str, typer.Option(help="Told to all layers, coarse ones or fine ones.")] = "all",
    independent: Annotated[
        bool, typer.Option("--independent", help="Let each attribute leave the others as they are.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed finds the same.")] = 0,
    out: Folder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Find directions of a model without any label, and show them as strips.

    They are kept beside the model. Finding again replaces those that nobody has named.
    """
    from huohua.studio.directions import find_directions
    from huohua.studio.opening import image_model
    from huohua.studio.strips import save_strips, strips

    found_in = image_model(model)
    with counting(shown=not (json or quiet)) as progress:
        found = find_directions(
            found_in,
            method=cast("Method", by),
            count=count,
            layers=cast("Layers", layers),
            independent=independent,
            seed=seed,
            on_progress=progress("measuring works"),
        )
        shown = strips(found_in, [each.name for each in found], on_progress=progress("drawing strips"))
    paths = save_strips(shown, out or Path(f"{plain_name([found_in.name])}-directions"))
    if json:
        put_json({"model": found_in.name, "directions": _records(shown), "strips": paths})
        return
    if not quiet:
        _print(shown)
        say(f"Look at {paths[0]}, then: huohua directions rename {found[0].name} NAME")
    for path in paths:
        put(path)


@app.command("show")
def show(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Which; all by default.", show_default=False),
    ] = None,
    model: options.Model = None,
    seeds: Annotated[str, typer.Option(help="Works that are pushed along.")] = "1,2,3,4",
    subject: wishes.Subject = None,
    style: wishes.Style = None,
    tag: wishes.Tags = None,
    condition: wishes.Conditions = None,
    out: Folder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Draw strips of directions: works from four deviations less to four more."""
    from huohua.studio.opening import image_model
    from huohua.studio.strips import save_strips, strips

    found_in = image_model(model)
    with counting(shown=not (json or quiet)) as progress:
        shown = strips(
            found_in,
            names or (),
            seeds=wishes.read_seeds(seeds),
            conditions=wishes.read_wishes(subject, style, tag or [], condition or []),
            on_progress=progress("drawing strips"),
        )
    paths = save_strips(shown, out or Path(f"{plain_name([found_in.name])}-directions"))
    if json:
        put_json({"model": found_in.name, "directions": _records(shown), "strips": paths})
        return
    if not quiet:
        _print(shown)
    for path in paths:
        put(path)


@app.command("list")
def list_directions(model: options.Model = None, json: options.Json = False) -> None:
    """List the directions of a model."""
    from huohua.studio.directions import directions_of

    found = directions_of(model)
    if json:
        put_json([each.model_dump(mode="json") for each in found])
        return
    for each in found:
        put(f"{each.name}\t{each.found_as}\t{each.method}\t{_layers(each)}\t{each.share:.3f}")


@app.command("rename")
def rename(
    old: Annotated[str, typer.Argument(help="A direction, such as principal-3.", show_default=False)],
    new: Annotated[str, typer.Argument(help="Its name, such as warmer.", show_default=False)],
    model: options.Model = None,
    json: options.Json = False,
) -> None:
    """Give a direction a name, which is then a slider: huohua create image --slide NAME=1.5."""
    from huohua.studio.directions import rename_direction

    renamed = rename_direction(model, old, new)
    if json:
        put_json(renamed.model_dump(mode="json"))
    else:
        say(f"{renamed.found_as} is now '{renamed.name}'.")


def _print(shown: list[Strip]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("direction", "layers", "share", "what changes along it, where it can be measured"):
        table.add_column(title, overflow="fold")
    for strip in shown:
        direction = strip.direction
        table.add_row(
            Text(direction.name), _layers(direction), f"{direction.share:.1%}", Text(strip.in_words or "–")
        )
    results().print(table)


def _layers(direction: Direction) -> str:
    return "all" if direction.layers is None else f"{direction.layers[0] + 1} to {direction.layers[1]}"


def _records(shown: list[Strip]) -> list[dict[str, Any]]:
    return [{**strip.direction.model_dump(mode="json"), "changes": strip.changes} for strip in shown]
