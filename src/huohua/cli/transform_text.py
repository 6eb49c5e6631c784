"""The commands of `huohua transform` for texts: fill, rewrite, polish; `continue` is shared with music."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from huohua.cli import options, wishes
from huohua.cli import text_options as text
from huohua.cli.create_text import save_texts, text_destination
from huohua.cli.music_options import read_between
from huohua.cli.places import plain_name

File = Annotated[Path, typer.Argument(help="A text: .txt, .md, or one that Huohua made.", show_default=False)]


def fill(
    file: File,
    line: Annotated[
        int | None, typer.Option(help="The line that is written anew; the first is 1.", show_default=False)
    ] = None,
    at: Annotated[
        str,
        typer.Option(help="Or the characters that are, such as 5-8; the first is 1.", metavar="CHARACTERS"),
    ] = "",
    model: options.Model = None,
    form: text.Form = "",
    style: text.Style = None,
    prompt: text.Prompt = "",
    condition: wishes.Conditions = None,
    drafts: text.Drafts = 16,
    keep: text.Keep = 1,
    temperature: text.Temperature = 0.9,
    choosiness: text.Choosiness = 1.0,
    count: text.Count = 1,
    seed: text.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a line or some characters of a text anew; all else stays byte for byte."""
    between = read_between(at) if at else None
    brief: dict[str, Any] = {"line": line, "between": between, "form": form, "drafts": drafts, "keep": keep}
    brief |= {"temperature": temperature, "choosiness": choosiness}
    asked = wishes.read_wishes(None, style, [], condition or [])
    order = {"prompt": prompt, "count": count, "seed": seed, "conditions": asked}
    edit("fill", file, model, brief, order, out=out, json=json, quiet=quiet)


def rewrite(
    file: File,
    share: Annotated[float, typer.Option(help="Share of its lines that is written anew.")] = 0.5,
    lock: text.Lock = "",
    model: options.Model = None,
    form: text.Form = "",
    style: text.Style = None,
    prompt: text.Prompt = "",
    condition: wishes.Conditions = None,
    drafts: text.Drafts = 16,
    temperature: text.Temperature = 0.9,
    choosiness: text.Choosiness = 1.0,
    count: text.Count = 1,
    seed: text.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the lines that belong least anew, in another style if one is named."""
    brief = {"share": share, "locked": text.read_lines(lock), "form": form, "drafts": drafts}
    brief |= {"temperature": temperature, "choosiness": choosiness}
    asked = wishes.read_wishes(None, style, [], condition or [])
    order = {"prompt": prompt, "count": count, "seed": seed, "conditions": asked}
    edit("rewrite", file, model, brief, order, out=out, json=json, quiet=quiet)


def polish(
    file: File,
    lock: text.Lock = "",
    model: options.Model = None,
    form: text.Form = "",
    prompt: text.Prompt = "",
    condition: wishes.Conditions = None,
    drafts: text.Drafts = 16,
    temperature: text.Temperature = 0.9,
    count: text.Count = 1,
    seed: text.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the weakest words anew, as long as the model's reader likes the text better for it."""
    brief = {"locked": text.read_lines(lock), "form": form, "drafts": drafts, "temperature": temperature}
    asked = wishes.read_wishes(None, None, [], condition or [])
    order = {"prompt": prompt, "count": count, "seed": seed, "conditions": asked}
    edit("polish", file, model, brief, order, out=out, json=json, quiet=quiet)


def edit(
    operation: str,
    file: Path,
    model: str | None,
    brief: dict[str, Any],
    order: dict[str, Any],
    *,
    out: Path | None,
    json: bool,
    quiet: bool,
) -> None:
    """Edit a text and save what came of it."""
    from huohua.studio import write
    from huohua.studio.text_brief import Brief

    place = text_destination(out, order["count"] * brief.get("keep", 1))
    creation = write.edit(operation, file, model, brief=Brief(**brief), **order)
    save_texts(creation, place, json=json, quiet=quiet, name=f"{plain_name([file.stem])}-{operation}")


def is_text(file: Path) -> bool:
    """Return whether a file is taken for a text by its ending."""
    from huohua.studio.write import TEXTS

    return file.suffix.lower() in TEXTS
