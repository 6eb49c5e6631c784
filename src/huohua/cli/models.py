"""`huohua models`: which models there are, what is known about each, and one as a file for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from huohua.cli import options
from huohua.cli.places import destination, plain_name
from huohua.cli.screen import put, put_json, results, say

if TYPE_CHECKING:
    from rich.table import Table

    from huohua.studio.models import Overview

app = typer.Typer(no_args_is_help=True, help="List models, show what is known about one, export one.")

SHOWN_NAMES = 40


@app.command("list")
def list_models(json: options.Json = False) -> None:
    """List the models that can be used, the ones trained here newest first."""
    from huohua.studio.models import overview

    found = overview()
    if json:
        put_json(found.as_record(), indent=2)
        return
    if found.models:
        results().print(_table(found))
    else:
        say("There is no model yet. Train one: huohua train image FOLDER")
    for model in found.lost:
        say(f"{model.name}: {model.reason} ({model.folder})", style="yellow")


def _table(found: Overview) -> Table:
    from rich.table import Table

    from huohua.studio.models import summary

    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("name", "art", "size", "data", "works", "kimg", "created", "folder"):
        table.add_column(title, overflow="fold", justify="right" if title in {"works", "kimg"} else "left")
    for model in found.models:
        facts = summary(model)
        table.add_row(
            facts["name"],
            facts["art"],
            facts["size"],
            facts["data"],
            f"{facts['works']:,}",
            f"{facts['shown'] / 1000:,.1f}",
            facts["created"][:10],
            "bundled" if facts["bundled"] else facts["folder"],
        )
    return table


@app.command("show")
def show_model(
    name: Annotated[str, typer.Argument(help="Name or folder of a model.", show_default=False)],
    json: options.Json = False,
) -> None:
    """Show what a model is, what it learnt from, what it understands and what was measured."""
    from huohua.studio.models import show

    facts = show(name)
    if json:
        put_json(facts, indent=2)
        return
    results().print(_facts(facts))


def _facts(facts: dict[str, Any]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in _lines(facts).items():
        table.add_row(name, Text(value))
    return table


def _lines(facts: dict[str, Any]) -> dict[str, str]:
    """Return what is known about a model as a label and a text for each line."""
    trained = facts["trained"]
    lines = {
        "name": facts["name"],
        "folder": facts["folder"],
        "art": f"{facts['art']}, {facts['frame_in_words']}",
        "generator": f"{facts['generator']}, latent {facts['latent']}, {facts['bytes'] / 1e6:.1f} MB",
        "learnt from": f"{trained['data'] or 'not stated'}, {trained['works']:,} works",
        "origin": trained["origin"] or "not stated",
        "licence": facts["licence_in_words"],
        "training": f"{trained['shown'] / 1000:,.1f} kimg, {trained['seconds'] / 60:,.1f} minutes, "
        f"preset {trained['preset'] or 'unknown'}, Huohua {trained['version'] or 'unknown'}",
        "weights": f"SHA-256 {facts['weights_sha256']}",
        "ONNX file": "attached" if facts["onnx_sha256"] else "none; huohua models export MODEL --attach",
    }
    for group, names in facts["conditions"]["groups"].items():
        more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
        lines[group] = ", ".join(names[:SHOWN_NAMES]) + more
    for name, value in trained["figures"].items():
        lines[name.replace("_", " ")] = f"{value:.4g}"
    return lines


@app.command("export")
def export_model(
    name: Annotated[str, typer.Argument(help="Name or folder of a model.", show_default=False)],
    format: Annotated[str, typer.Option(help="Kind of file; onnx is the one there is.")] = "onnx",
    out: options.Out = None,
    attach: Annotated[
        bool,
        typer.Option(
            "--attach", help="Put it into the model's own folder: works are then made without torch."
        ),
    ] = False,
    json: options.Json = False,
) -> None:
    """Export a model for other programs: as an ONNX file, checked against the model before it is written.

    The file holds the network, and in its metadata the conditions, the licence and the origin of the
    model. Without --out it is named after the model and never written over another.
    """
    from huohua.studio.export import FORMATS
    from huohua.studio.opening import image_model

    model = image_model(name)
    written = [model.attach()] if attach else []
    if out is not None or not attach:
        suffix = FORMATS.get(format, ".onnx")
        path = destination(out, (suffix,)).path(plain_name([model.name]))
        written.append(model.export(path, format=format))
    if json:
        files = [{"path": path, "bytes": path.stat().st_size} for path in written]
        put_json({"model": model.name, "format": format, "attached": attach, "files": files})
        return
    for path in written:
        put(path)
