"""`huohua invert`: find the work of a model that comes nearest to a person's own picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huohua.cli import options, wishes
from huohua.cli.counting import counting
from huohua.cli.places import Destination, destination, plain_name
from huohua.cli.screen import put, put_json, say

if TYPE_CHECKING:
    from huohua.studio.inversion import Inverted


def invert(
    picture: Annotated[Path, typer.Argument(help="A picture of any kind.", show_default=False)],
    model: options.Model = None,
    subject: wishes.Subject = None,
    style: wishes.Style = None,
    tag: wishes.Tags = None,
    condition: wishes.Conditions = None,
    steps: Annotated[int, typer.Option(help="Steps of the search; more come nearer.")] = 200,
    starts: Annotated[int, typer.Option(help="Places the search begins from.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed searches the same way.")] = 0,
    out: options.Out = None,
    sheet: Annotated[bool, typer.Option("--sheet", help="Also save picture and work side by side.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Find the work of a model that comes nearest to your picture.

    It is a work like any other: begin with it (create image --start), mix it, slide it, walk through it.
    Ctrl-C keeps the nearest that was found so far.
    """
    from huohua.arts.image.artwork import ENCODERS
    from huohua.studio import inversion

    place = destination(out, tuple(ENCODERS))
    settings = inversion.searching(steps=steps, starts=starts)
    with counting(shown=not (json or quiet)) as count:
        found = inversion.invert(
            picture,
            model,
            conditions=wishes.read_wishes(subject, style, tag or [], condition or []),
            seed=seed,
            settings=settings,
            on_progress=count("searching"),
        )
    path = found.work.save(place.path(f"{plain_name([picture.stem])}-inverted"))
    beside = Destination(folder=path.parent, suffix=".png")
    compared = inversion.save_comparison([found], beside.path(f"{path.stem}-sheet")) if sheet else None
    if json:
        put_json(_result(found, path, compared))
        return
    put(path)
    if compared:
        put(compared)
    if not quiet:
        _tell(found)


def _tell(found: Inverted) -> None:
    asked = {
        name: weight
        for weights in found.work.recipe.conditions.values()
        for name, weight in weights.items()
        if weight > 0.1
    }
    shown = ", ".join(f"{name} {weight:.2g}" for name, weight in asked.items())
    say(f"Found{' as ' + shown if shown else ''}", style="dim")
    say(
        f"{found.signal_to_noise:.1f} dB of pixels, similarity of structure {found.similarity:.2f} of 1, "
        f"distance {found.distance:.2f} to EfficientNet-Lite1",
        style="dim",
    )


def _result(found: Inverted, path: Path, sheet: Path | None) -> dict[str, Any]:
    return {
        "path": path,
        "sheet": sheet,
        "model": found.work.recipe.model,
        "conditions": found.work.recipe.conditions,
        "figures": found.figures,
    }
