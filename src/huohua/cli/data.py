"""`huohua data`: what is in a place full of works, before anybody trains on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huohua.cli import options
from huohua.cli.counting import counting
from huohua.cli.screen import put, put_json, results, say

if TYPE_CHECKING:
    from huohua.arts.image.datasets.inspection import Inspection, Spread

app = typer.Typer(no_args_is_help=True, help="Look at data before training on it.")

# So many names, problems and pairs are shown; --json has them all.
MOST = 12


@app.command("show")
def show(
    source: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            help="A folder, .zip, .npz or IDX file of pictures, or a name such as 'sample' or 'mnist'.",
            show_default=False,
        ),
    ],
    sheet: Annotated[
        Path | None,
        typer.Option(
            help="Also save some of the works as one picture.", metavar="FILE.png", show_default=False
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """Show what is in a dataset: works, sizes, labels, licence, problems, and advice."""
    from huohua.studio.inspect_data import inspect_data, licence_in_words, save_contact_sheet

    with counting(shown=not json) as count:
        found = inspect_data(source, on_progress=count("looking"), on_download=count("fetching"))
    saved = save_contact_sheet(found, sheet) if sheet else None
    if json:
        put_json({**found.as_record(), "licence_in_words": licence_in_words(found), "sheet": saved}, indent=2)
        return
    _print(dict(_facts(found, licence_in_words(found))))
    for warning in found.warnings:
        say(f"• {warning}", style="yellow")
    if saved:
        put(saved)


def _print(facts: Mapping[str, str]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(Text(name), Text(value))
    results().print(table)


def _facts(found: Inspection, licence: str) -> Iterator[tuple[str, str]]:
    """Yield what was found as a label and a text for each line."""
    left_out = f", {found.files - found.works:,} left out" if found.files > found.works else ""
    yield "name", found.name
    yield "origin", found.origin
    yield "licence", licence
    yield "works", f"{found.works:,}{left_out}"
    yield "width", _spread(found.width)
    yield "height", _spread(found.height)
    yield "colours", _counted(found.modes)
    yield "formats", _counted(found.formats)
    for group, values in found.labels.items():
        yield group, _counted(values)
    for group, values in found.dropped.items():
        if values and values != found.labels.get(group):
            yield f"{group}, too rare", _counted(values)
    if found.captions:
        yield "captions", f"{found.captions:.0%} of the works"
    if found.near_duplicates:
        pairs = [f"{pair.first} ~ {pair.second}" for pair in found.near_duplicates]
        yield "look the same", _some(pairs)
    if found.problems:
        yield "problems", _some([f"{problem.name}: {problem.reason}" for problem in found.problems], "\n")
    for note in found.notes:
        yield "note", note
    yield "size to train at", f"--size {found.suggested_size}"


def _spread(spread: Spread) -> str:
    if spread.smallest == spread.largest:
        return f"{spread.median:g}"
    return f"{spread.smallest:g} to {spread.largest:g}, half below {spread.median:g}"


def _counted(counts: Mapping[str, int]) -> str:
    return _some([f"{name} {count:,}" for name, count in counts.items()])


def _some(texts: list[str], between: str = ", ") -> str:
    more = [f"and {len(texts) - MOST:,} more"] if len(texts) > MOST else []
    return between.join(texts[:MOST] + more)
