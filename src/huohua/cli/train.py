"""`huohua train`: learn from a person's own works."""

from __future__ import annotations

from typing import Annotated

import typer

from huohua.cli import options
from huohua.cli import train_options as given
from huohua.cli.train_run import run

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
    attributes: Annotated[
        bool | None,
        typer.Option(
            "--attributes/--no-attributes",
            help="Learn colours by place and looks as well, so that prompts can ask for them; "
            "as the preset says by default.",
            show_default=False,
        ),
    ] = None,
    out: given.Out = None,
    kimg: given.Kimg = None,
    minutes: given.Minutes = None,
    seed: given.Seed = 0,
    resume: given.Resume = True,
    threads: given.Threads = None,
    precision: given.Precision = "auto",
    batch: given.Batch = None,
    name: given.Name = None,
    licence: given.Licence = None,
    origin: given.Origin = None,
    device: given.Device = "auto",
    tensorboard: given.Tensorboard = False,
    language: given.Language = "en",
    json: given.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Learn from your own pictures.

    The run can be stopped at any time and goes on from where it was when the same command is given
    again. The model in RUN/model can make pictures while training goes on.
    """
    run(
        "image",
        source,
        preset=preset,
        size=size,
        attributes=attributes,
        out=out,
        kimg=kimg,
        minutes=minutes,
        seed=seed,
        resume=resume,
        threads=threads,
        precision=precision,
        batch=batch,
        name=name,
        licence=licence,
        origin=origin,
        device=device,
        tensorboard=tensorboard,
        language=language,
        json=json,
        quiet=quiet,
    )


@app.command("music")
def music(
    source: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            help="A folder or .zip of MIDI, MusicXML or ABC files; sub-folders are styles.",
            show_default=False,
        ),
    ],
    preset: Annotated[
        str, typer.Option(help="composer, chorale for a few hundred pieces, or tiny for a first try.")
    ] = "composer",
    out: given.Out = None,
    kimg: given.Kimg = None,
    minutes: given.Minutes = None,
    seed: given.Seed = 0,
    resume: given.Resume = True,
    threads: given.Threads = None,
    precision: given.Precision = "auto",
    batch: given.Batch = None,
    name: given.Name = None,
    licence: given.Licence = None,
    origin: given.Origin = None,
    device: given.Device = "auto",
    tensorboard: given.Tensorboard = False,
    language: given.Language = "en",
    json: given.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Learn from your own music.

    The run can be stopped at any time and goes on from where it was when the same command is given
    again. The model in RUN/model can write music while training goes on.
    """
    run(
        "music",
        source,
        preset=preset,
        out=out,
        kimg=kimg,
        minutes=minutes,
        seed=seed,
        resume=resume,
        threads=threads,
        precision=precision,
        batch=batch,
        name=name,
        licence=licence,
        origin=origin,
        device=device,
        tensorboard=tensorboard,
        language=language,
        json=json,
        quiet=quiet,
    )


@app.command("text")
def text(
    source: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            help="A folder or .zip of texts, or a .jsonl or .csv file; sub-folders are styles.",
            show_default=False,
        ),
    ],
    preset: Annotated[str, typer.Option(help="imitation, likelihood or tiny.")] = "imitation",
    size: Annotated[
        str | None,
        typer.Option(help="Tokens in view at once; the preset's by default.", show_default=False),
    ] = None,
    out: given.Out = None,
    kimg: given.Kimg = None,
    minutes: given.Minutes = None,
    seed: given.Seed = 0,
    resume: given.Resume = True,
    threads: given.Threads = None,
    precision: given.Precision = "auto",
    batch: given.Batch = None,
    name: given.Name = None,
    licence: given.Licence = None,
    origin: given.Origin = None,
    device: given.Device = "auto",
    tensorboard: given.Tensorboard = False,
    language: given.Language = "en",
    json: given.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Learn from your own texts: poems, prose or scenes, in Chinese or English.

    The run can be stopped at any time and goes on from where it was when the same command is given
    again. The model in RUN/model can write while training goes on.
    """
    run(
        "text",
        source,
        preset=preset,
        size=size,
        out=out,
        kimg=kimg,
        minutes=minutes,
        seed=seed,
        resume=resume,
        threads=threads,
        precision=precision,
        batch=batch,
        name=name,
        licence=licence,
        origin=origin,
        device=device,
        tensorboard=tensorboard,
        language=language,
        json=json,
        quiet=quiet,
    )
