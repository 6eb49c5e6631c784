"""`huohua data`: what is in a place full of works, before anybody trains on it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from huohua.cli import options
from huohua.cli.counting import counting
from huohua.cli.screen import put, put_json, results, say

app = typer.Typer(no_args_is_help=True, help="Look at data before training on it.")


@app.command("show")
def show(
    source: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            help="A folder or .zip of works, an .npz, IDX or .jsonl file, or a name such as 'sample'.",
            show_default=False,
        ),
    ],
    sheet: Annotated[
        Path | None,
        typer.Option(
            help="Also save some of the works as one picture.", metavar="FILE.png", show_default=False
        ),
    ] = None,
    art: Annotated[
        str | None,
        typer.Option(help="image, music or text; by default what most of the files are.", show_default=False),
    ] = None,
    json: options.Json = False,
) -> None:
    """Show what is in a dataset: works, sizes, labels, licence, problems, and advice."""
    from huohua.cli.data_facts import FACTS
    from huohua.studio.inspect_data import art_of_data, inspect_data, licence_in_words, save_contact_sheet

    with counting(shown=not json) as count:
        medium = art or art_of_data(source)
        found = inspect_data(source, art=medium, on_progress=count("looking"), on_download=count("fetching"))
    saved = save_contact_sheet(found, sheet) if sheet else None
    if json:
        put_json({**found.as_record(), "licence_in_words": licence_in_words(found), "sheet": saved}, indent=2)
        return
    _print(FACTS[medium](found, licence_in_words(found)))
    for warning in found.warnings:
        say(f"• {warning}", style="yellow")
    if saved:
        put(saved)


def _print(facts: Iterable[tuple[str, str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(Text(name), Text(value))
    results().print(table)
