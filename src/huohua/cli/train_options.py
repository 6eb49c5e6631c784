"""The options that training has in every art."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Folder of the run; runs/NAME by default.", show_default=False),
]
Kimg = Annotated[float | None, typer.Option(help="Stop after so many thousand works.", show_default=False)]
Minutes = Annotated[float | None, typer.Option(help="Stop after so many minutes.", show_default=False)]
Seed = Annotated[int, typer.Option(help="The same seed trains the same model.")]
Resume = Annotated[
    bool, typer.Option("--resume/--restart", help="Go on with the run in the folder, or begin anew.")
]
Threads = Annotated[
    int | None, typer.Option(help="Processor threads; the free ones by default.", show_default=False)
]
Precision = Annotated[str, typer.Option(help="auto, fp32, bf16 or fp16.")]
Batch = Annotated[
    int | None, typer.Option(help="Works in one round; the preset's by default.", show_default=False)
]
Name = Annotated[
    str | None, typer.Option(help="Name of the model; the data's by default.", show_default=False)
]
Licence = Annotated[
    str | None,
    typer.Option(help="Licence of the data, such as CC0-1.0, if it is not stated.", show_default=False),
]
Origin = Annotated[
    str | None, typer.Option(help="Where the data comes from, if it is not stated.", show_default=False)
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")]
Tensorboard = Annotated[bool, typer.Option("--tensorboard", help="Also write curves for TensorBoard.")]
Language = Annotated[str, typer.Option("--lang", help="Language of the report: en or zh.")]
Json = Annotated[bool, typer.Option("--json", help="Write each event as a JSON line.")]
