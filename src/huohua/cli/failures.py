"""What a person sees when something fails: one line that says what, one that says what to do.

Errors that Huohua raises on purpose are shown as they are. Anything else is a mistake of ours: its
traceback goes into a log file and not over the screen, unless `--debug` asks for it.
"""

from __future__ import annotations

import errno
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path

from rich.markup import escape

from huohua.cli.screen import as_json, notes
from huohua.errors import HuohuaError, StorageError, TrainingError, UsageError
from huohua.files import FULL, home, write_text

CRASHED = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
HINT = "Run it again with --debug to see where, and please report it with that file."


def fail(error: BaseException, *, with_json: bool, debug: bool) -> int:
    """Show an error to a person or a program and return the exit code it deserves."""
    if debug:
        traceback.print_exception(error)
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error.format_message()}\n")  # type: ignore[attr-defined]
        return UsageError.exit_code
    known = _as_known(error)
    if known is not None:
        _show(known.message, known.advice, with_json=with_json)
        return known.exit_code
    log = _write_log(error)
    summary = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    _show(f"Something went wrong that should not have: {summary}. Details: {log}", HINT, with_json=with_json)
    return CRASHED


def _show(message: str, advice: str, *, with_json: bool) -> None:
    if with_json:
        sys.stderr.write(as_json({"error": message, "advice": advice}) + "\n")
        return
    console = notes()
    console.print(f"[bold red]Error:[/] {escape(message)}", soft_wrap=True)
    if advice:
        console.print(f"[bold]What to do:[/] {escape(advice)}", soft_wrap=True)


def _as_known(error: BaseException) -> HuohuaError | None:
    """Return an error as one of ours, or None when it is a surprise."""
    if isinstance(error, HuohuaError):
        return error
    # Typer raises click's exceptions, which live in another package from release to release;
    # what they share is this method.
    if hasattr(error, "format_message"):
        return UsageError(str(error.format_message()), advice=_help_of(error))
    if isinstance(error, OSError) and error.errno in FULL:
        place = error.filename or "the output"
        return StorageError(f"No space left while writing {place}.", advice="Free some space and try again.")
    if isinstance(error, OSError) and error.filename:
        advice = "Choose another place with --out, or run it again with --debug to see more."
        return StorageError(f"{error.filename} cannot be used: {error.strerror}.", advice=advice)
    if isinstance(error, MemoryError) or "not enough memory" in str(error):
        advice = "Close other programs, or use a smaller --size or --batch."
        return TrainingError("There is not enough memory.", advice=advice)
    return None


def _help_of(error: BaseException) -> str:
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "huohua")
    return f"See {command} --help."


def _write_log(error: BaseException) -> Path:
    """Write the traceback where it can be found, and return where."""
    text = "".join(traceback.format_exception(error))
    name = f"crash-{time.strftime('%Y%m%d-%H%M%S')}.log"
    for folder in (home() / "logs", Path(tempfile.gettempdir())):
        with suppress(HuohuaError, OSError):
            write_text(folder / name, f"huohua {' '.join(sys.argv[1:])}\n\n{text}")
            return folder / name
    return Path("(no log could be written)")


def is_broken_pipe(error: BaseException) -> bool:
    """Return whether the program that read our output has gone, which is no error."""
    return isinstance(error, OSError) and error.errno == errno.EPIPE
