"""Options that several commands share, so that one word means one thing everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Write the result as JSON, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Write no remarks and no progress.")]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="Name or folder of the model; the one trained last by default.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="A file or a folder to write to.", show_default=False)
]
