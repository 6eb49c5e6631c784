"""The `huohua` command: its sub-commands, and what happens when one of them fails."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

import typer
from typer.core import TyperGroup
from typing_extensions import override

from huohua.cli import (
    create,
    data,
    directions,
    doctor,
    evaluate,
    invert,
    models,
    reconstruct,
    recreate,
    studio,
    train,
    transform,
    walk,
)
from huohua.cli.failures import INTERRUPTED, fail, is_broken_pipe
from huohua.cli.screen import put, say
from huohua.version import __version__

READER_GONE = 141  # 128 + SIGPIPE, as shells report it

# A command that is not named here comes last.
ORDER = (
    "create transform train walk directions invert reconstruct recreate evaluate data models studio doctor"
)


class InOrder(TyperGroup):
    """Commands in the order of use: Typer alone would put groups after single commands."""

    @override
    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return sorted(super().list_commands(ctx), key=lambda name: ORDER.find(name) % len(ORDER))


app = typer.Typer(
    cls=InOrder,
    name="huohua",
    help="Train a generative adversarial network on your own pictures, music or texts, and make new ones.",
    epilog="Each command says more, for example: huohua train image --help",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(create.app, name="create")
app.add_typer(train.app, name="train")
app.add_typer(data.app, name="data")
app.add_typer(models.app, name="models")
app.add_typer(transform.app, name="transform")
app.command("recreate")(recreate.recreate)
app.command("walk")(walk.walk)
app.add_typer(directions.app, name="directions")
app.command("invert")(invert.invert)
app.command("reconstruct")(reconstruct.reconstruct)
app.command("evaluate")(evaluate.evaluate)
app.command("studio")(studio.studio)
app.command("doctor")(doctor.doctor)


def _show_version(asked: bool) -> None:
    if asked:
        put(f"huohua {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error comes from; also HUOHUA_DEBUG=1.")
    ] = False,
) -> None:
    """Do nothing: the options act by themselves."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; nothing is raised."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given or os.environ.get("HUOHUA_DEBUG", "") not in {"", "0"}
    # It is understood anywhere in the line, because it is usually added to its end.
    given = [word for word in given if word != "--debug"]
    _prepare_streams(debug)
    try:
        code = app(args=given, prog_name="huohua", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as end:
        code = end.code
    except Exception as error:
        if is_broken_pipe(error):
            _drop_output()
            return READER_GONE
        # Typer's own "abort" stands for Ctrl-C or a closed input in some of its releases.
        code = INTERRUPTED if isinstance(error, typer.Abort) else None
        if code is None:
            return fail(error, with_json="--json" in given, debug=debug)
    if code == INTERRUPTED:
        say("Stopped.", style="yellow")
    return code if isinstance(code, int) else 0


def _prepare_streams(debug: bool) -> None:
    """Never fail on a letter that a terminal cannot show; keep libraries' warnings for developers."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    if not debug:
        warnings.simplefilter("ignore")


def _drop_output() -> None:
    """Let the interpreter close its standard output without another complaint."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
