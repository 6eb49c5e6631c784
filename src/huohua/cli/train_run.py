"""A training as the terminal shows it: progress, where it was saved, and what to do with the model."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

import typer

from huohua.cli.failures import INTERRUPTED
from huohua.cli.progress import Display, choose
from huohua.cli.screen import put, put_json, say
from huohua.cli.situation import extent
from huohua.devices import Precision
from huohua.errors import UsageError

if TYPE_CHECKING:
    from huohua.studio.model import Model

LANGUAGES = ("en", "zh")


def run(art: str, source: str, *, json: bool, quiet: bool, **options: Any) -> None:
    """Train a model and say how it goes; `options` are those of `studio.train`."""
    from huohua.studio.train import train

    _require("--precision", options["precision"], get_args(Precision))
    _require("--lang", options["language"], LANGUAGES)
    # Of several processes that train together only the first speaks.
    silent = os.environ.get("RANK", "0") != "0"
    display = Display() if silent else choose(json=json, quiet=quiet, terminal=sys.stderr.isatty())
    try:
        with display:
            model = train(art, source, listeners=[display], on_prepare=display.prepare, **options)
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
    say(f"Make works with it: huohua create {model.config.art} --model {model.name}")


def _tell_saved(display: Display) -> None:
    state = display.situation
    if state.saved:
        say(f"Saved at {extent(state.shown)} in {state.saved}. Give the same command to go on.")
    else:
        say("Nothing was saved yet.")
