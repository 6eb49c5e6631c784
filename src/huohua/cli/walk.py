"""`huohua walk`: a film, or a folder of pictures, that leads through works without a jump."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huohua.cli import options, wishes
from huohua.cli.counting import counting
from huohua.cli.failures import INTERRUPTED
from huohua.cli.places import free, plain_name
from huohua.cli.screen import put, put_json, say

if TYPE_CHECKING:
    from huohua.studio.film import Filmed
    from huohua.studio.walk import Walk

KINDS = ".mp4, .gif, or a folder for pictures"


def walk(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help=f"Where to: a name that ends with {KINDS}.", show_default=False),
    ] = None,
    model: options.Model = None,
    seeds: Annotated[
        str,
        typer.Option(
            help="Seeds to lead through, such as 1,5,9; four fresh ones by default.", show_default=False
        ),
    ] = "",
    through: Annotated[
        list[Path] | None,
        typer.Option(
            help="A work to lead through, after the seeds; may be repeated.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(help="How long it takes.")] = 10.0,
    fps: Annotated[float, typer.Option(help="Frames in a second.")] = 25.0,
    loop: Annotated[bool, typer.Option("--loop", help="Return to the beginning.")] = False,
    subject: wishes.Subject = None,
    style: wishes.Style = None,
    tag: wishes.Tags = None,
    condition: wishes.Conditions = None,
    prompt: Annotated[
        str, typer.Option("--prompt", "-p", help="Free words for the works of the seeds.")
    ] = "",
    truncation: Annotated[float, typer.Option(help="Below 1 more typical, above 1 more varied.")] = 1.0,
    slide: wishes.Slides = None,
    enlarge: Annotated[
        int | None,
        typer.Option(
            help="Times that films are larger than the works; small works are enlarged by default.",
            show_default=False,
        ),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Walk through works: a film in which one turns into the next, at one pace.

    The works along the way change by equal amounts from frame to frame. Ctrl-C keeps the frames made so
    far. Frames in a folder are works of their own: any can be made again, or gone on from.
    """
    from huohua.studio import film
    from huohua.studio import walk as studio

    film.check_place(out, enlarge)
    with counting(shown=not (json or quiet)) as count:
        laid_out = studio.walk(
            model,
            seeds=wishes.read_seeds(seeds),
            through=through or [],
            seconds=seconds,
            fps=fps,
            loop=loop,
            prompt=prompt,
            conditions=wishes.read_wishes(subject, style, tag or [], condition or []),
            truncation=truncation,
            slides=wishes.read_slides(slide or []),
            on_progress=count("finding the pace"),
        )
        if not (json or quiet):
            _introduce(laid_out)
        place = out or free(Path(f"{plain_name([laid_out.model.name])}-walk.gif"))
        made = laid_out.save(place, enlarge=enlarge, on_progress=count("making frames"))
    if json:
        put_json({"model": laid_out.model.name, "seeds": laid_out.seeds, **vars(made)})
    else:
        _tell(made, len(laid_out), quiet=quiet)
    if not made.whole:
        raise typer.Exit(INTERRUPTED)


def _introduce(laid_out: Walk) -> None:
    seeds = f", seeds {','.join(map(str, laid_out.seeds))}" if laid_out.seeds else ""
    say(f"Model {laid_out.model.name}{seeds}, {len(laid_out):,} frames", style="dim")


def _tell(made: Filmed, frames: int, *, quiet: bool) -> None:
    if made.frames:
        put(made.path)
    if quiet:
        return
    if not made.whole:
        say(f"Stopped after {made.frames:,} of {frames:,} frames; they are saved.", style="yellow")
    elif made.frames > 2:
        say(f"The largest step is {made.evenness:.2f} times the usual one.", style="dim")
