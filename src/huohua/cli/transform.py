"""`huohua transform`: take a piece of music or a text further."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from huohua.cli import music_options as music
from huohua.cli import options, wishes
from huohua.cli.create_music import music_destination, save_music
from huohua.cli.places import plain_name
from huohua.cli.transform_text import edit, fill, is_text, polish, rewrite

app = typer.Typer(
    no_args_is_help=True, help="Take a piece of music or a text further: the rest of it stays as it is."
)

File = Annotated[
    Path,
    typer.Argument(help="A piece: .mid, .musicxml, .mxl, .abc, or one that Huohua made.", show_default=False),
]
Named = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        help="Whose part is written: lead, counter, inner, bass, harmony, drums; may be repeated.",
        show_default=False,
    ),
]


@app.command("continue")
def continue_(
    file: Annotated[
        Path,
        typer.Argument(
            help="A piece of music, or a text: .txt, .md or one that Huohua made.", show_default=False
        ),
    ],
    bars: Annotated[int, typer.Option(help="How many bars are added to music.")] = 8,
    tokens: Annotated[int, typer.Option(help="How many tokens at most are added to a text.")] = 80,
    form: Annotated[str, typer.Option(help="The form of a text, to whose end it is written.")] = "",
    role: Named = None,
    model: options.Model = None,
    style: music.Style = None,
    prompt: music.Prompt = "",
    density: music.Density = None,
    complexity: music.Complexity = None,
    tension: music.Tension = None,
    condition: wishes.Conditions = None,
    drafts: music.Drafts = 4,
    keep: music.Keep = 1,
    temperature: music.Temperature = 1.0,
    count: music.Count = 1,
    seed: music.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write more bars after the last, or more of a text."""
    if is_text(file):
        brief = {"most": tokens, "form": form, "drafts": drafts, "keep": keep, "temperature": temperature}
        asked = _conditions(style, condition)
        order = {"prompt": prompt, "count": count, "seed": seed, "conditions": asked}
        edit("continue", file, model, brief, order, out=out, json=json, quiet=quiet)
        return
    _transform(
        "continue",
        file,
        model,
        _conditions(style, condition, density=density, complexity=complexity, tension=tension),
        prompt=prompt,
        out=out,
        json=json,
        quiet=quiet,
        count=count,
        seed=seed,
        bars=bars,
        roles=role,
        drafts=drafts,
        keep=keep,
        temperature=temperature,
    )


@app.command("infill")
def infill(
    file: File,
    at: Annotated[
        str, typer.Option(help="The bars, such as 5-8; the first is 1.", metavar="BARS", show_default=False)
    ],
    role: Named = None,
    model: options.Model = None,
    style: music.Style = None,
    prompt: music.Prompt = "",
    density: music.Density = None,
    complexity: music.Complexity = None,
    tension: music.Tension = None,
    condition: wishes.Conditions = None,
    drafts: music.Drafts = 4,
    keep: music.Keep = 1,
    temperature: music.Temperature = 1.0,
    count: music.Count = 1,
    seed: music.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write some bars anew, to fit what is before and after them."""
    _transform(
        "infill",
        file,
        model,
        _conditions(style, condition, density=density, complexity=complexity, tension=tension),
        prompt=prompt,
        out=out,
        json=json,
        quiet=quiet,
        count=count,
        seed=seed,
        between=music.read_between(at),
        roles=role,
        drafts=drafts,
        keep=keep,
        temperature=temperature,
    )


@app.command("accompany")
def accompany(
    file: File,
    role: Named = None,
    model: options.Model = None,
    style: music.Style = None,
    prompt: music.Prompt = "",
    density: music.Density = None,
    complexity: music.Complexity = None,
    tension: music.Tension = None,
    condition: wishes.Conditions = None,
    drafts: music.Drafts = 4,
    keep: music.Keep = 1,
    temperature: music.Temperature = 1.0,
    count: music.Count = 1,
    seed: music.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write parts for others to play with it; a part that is there already is written anew if it is named.

    Without --role those of bass, harmony and drums are written that nobody plays.
    """
    _transform(
        "accompany",
        file,
        model,
        _conditions(style, condition, density=density, complexity=complexity, tension=tension),
        prompt=prompt,
        out=out,
        json=json,
        quiet=quiet,
        count=count,
        seed=seed,
        roles=role,
        drafts=drafts,
        keep=keep,
        temperature=temperature,
    )


@app.command("vary")
def vary(
    file: File,
    amount: Annotated[float, typer.Option(help="Share of the bars that change, 0 to 1.")] = 0.3,
    role: Named = None,
    model: options.Model = None,
    style: music.Style = None,
    prompt: music.Prompt = "",
    density: music.Density = None,
    complexity: music.Complexity = None,
    tension: music.Tension = None,
    condition: wishes.Conditions = None,
    drafts: music.Drafts = 4,
    keep: music.Keep = 1,
    temperature: music.Temperature = 1.0,
    count: music.Count = 1,
    seed: music.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write bars here and there anew."""
    _transform(
        "vary",
        file,
        model,
        _conditions(style, condition, density=density, complexity=complexity, tension=tension),
        prompt=prompt,
        out=out,
        json=json,
        quiet=quiet,
        count=count,
        seed=seed,
        amount=amount,
        roles=role,
        drafts=drafts,
        keep=keep,
        temperature=temperature,
    )


app.command("fill")(fill)
app.command("rewrite")(rewrite)
app.command("polish")(polish)


def _conditions(style: str | None, condition: list[str] | None, **controls: float | None) -> dict[str, Any]:
    return dict(music.read_conditions(style, None, condition, controls))


def _transform(
    operation: str,
    file: Path,
    model: str | None,
    conditions: dict[str, Any],
    *,
    prompt: str,
    out: Path | None,
    json: bool,
    quiet: bool,
    count: int,
    seed: int | None,
    **manner: Any,
) -> None:
    from huohua.studio.compose import transform
    from huohua.studio.music_manner import Manner

    keep = manner["keep"]
    manner |= {"roles": tuple(manner["roles"] or ()), "drafts": max(manner["drafts"], keep)}
    place = music_destination(out, count * keep)
    creation = transform(
        operation,
        file,
        model,
        seed=seed,
        count=count,
        conditions=conditions,
        prompt=prompt,
        manner=Manner(**manner),
    )
    save_music(creation, place, json=json, quiet=quiet, name=f"{plain_name([file.stem])}-{operation}")
