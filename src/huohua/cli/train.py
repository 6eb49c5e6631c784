"""`huohua train`: learn from a person's own works."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from huohua.cli import options
from huohua.cli.failures import INTERRUPTED
from huohua.cli.progress import Display, choose
from huohua.cli.screen import put, put_json, say
from huohua.cli.situation import extent
from huohua.devices import Precision
from huohua.errors import UsageError

if TYPE_CHECKING:
    from huohua.studio.model import Model
    from huohua.studio.report_words import Language

LANGUAGES = ("en", "zh")

app = typer.Typer(no_args_is_help=True, help="Learn from your own works.")


@app.command("image")
def image(
    source: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            help="A folder, .zip, .npz or IDX file of pictures, or a name such as 'sample' or 'mnist'.",
            show_default=False,
        ),
    ],
    preset: Annotated[str, typer.Option(help="seed, tiny, fast or quality.")] = "fast",
    size: Annotated[
        str | None,
        typer.Option(
            help="Side in pixels, or WIDTHxHEIGHT such as 192x128; the preset's by default.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder of the run; runs/NAME by default.", show_default=False),
    ] = None,
    kimg: Annotated[
        float | None, typer.Option(help="Stop after so many thousand works.", show_default=False)
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(help="Stop after so many minutes.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed trains the same model.")] = 0,
    resume: Annotated[
        bool, typer.Option("--resume/--restart", help="Go on with the run in the folder, or begin anew.")
    ] = True,
    threads: Annotated[
        int | None, typer.Option(help="Processor threads; the free ones by default.", show_default=False)
    ] = None,
    precision: Annotated[str, typer.Option(help="auto, fp32, bf16 or fp16.")] = "auto",
    batch: Annotated[
        int | None, typer.Option(help="Works in one round; the preset's by default.", show_default=False)
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the model; the data's by default.", show_default=False)
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option(help="Licence of the data, such as CC0-1.0, if it is not stated.", show_default=False),
    ] = None,
    origin: Annotated[
        str | None, typer.Option(help="Where the data comes from, if it is not stated.", show_default=False)
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Also write curves for TensorBoard.")
    ] = False,
    language: Annotated[str, typer.Option("--lang", help="Language of the report: en or zh.")] = "en",
    json: Annotated[bool, typer.Option("--json", help="Write each event as a JSON line.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Learn from your own pictures.

    The run can be stopped at any time and goes on from where it was when the same command is given
    again. The model in RUN/model can make pictures while training goes on.
    """
    from huohua.studio.train import train

    _require("--precision", precision, get_args(Precision))
    _require("--lang", language, LANGUAGES)
    # Of several processes that train together only the first speaks.
    silent = os.environ.get("RANK", "0") != "0"
    display = Display() if silent else choose(json=json, quiet=quiet, terminal=sys.stderr.isatty())
    try:
        with display:
            model = train(
                "image",
                source,
                preset=preset,
                size=size,
                out=out,
                kimg=kimg,
                minutes=minutes,
                seed=seed,
                resume=resume,
                threads=threads,
                precision=cast("Precision", precision),
                device=device,
                batch=batch,
                name=name,
                licence=licence,
                origin=origin,
                language=cast("Language", language),
                tensorboard=tensorboard,
                listeners=[display],
                on_prepare=display.prepare,
            )
    except KeyboardInterrupt:
        _tell_saved(display)
        raise typer.Exit(INTERRUPTED) from None
    if json and not silent:
        put_json({"kind": "model", "name": model.name, "folder": model.folder})
    elif not silent:
        _introduce(model, quiet=quiet)
    if display.situation.reason == "interrupted":
        _tell_saved(display)
        raise typer.Exit(INTERRUPTED)


def _require(option: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise UsageError(f"{option} cannot be '{value}'.", advice=f"Use one of {', '.join(allowed)}.")


def _introduce(model: Model, *, quiet: bool) -> None:
    put(model.folder)
    report = model.folder.parent / "report.html"
    if quiet:
        return
    if report.is_file():
        say(f"How it went: {report}")
    say(f"Make works with it: huohua create image --model {model.name}")


def _tell_saved(display: Display) -> None:
    state = display.situation
    if state.saved:
        say(f"Saved at {extent(state.shown)} in {state.saved}. Give the same command to go on.")
    else:
        say("Nothing was saved yet.")
