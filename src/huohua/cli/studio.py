"""`huohua studio`: the server of the studio, for programs and pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from huohua.cli import options
from huohua.cli.screen import put, put_json, say
from huohua.errors import MissingDependencyError, UsageError
from huohua.files import home


def studio(
    headless: Annotated[
        bool, typer.Option("--headless", help="Serve the HTTP API only and open no browser.")
    ] = False,
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but this machine's own wants a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any that is free.")] = 8421,
    data: Annotated[
        Path | None,
        typer.Option(
            help="Folder for works, runs and the database; by default one in Huohua's own folder.",
            metavar="FOLDER",
            show_default=False,
        ),
    ] = None,
    database: Annotated[
        str,
        typer.Option(
            envvar="HUOHUA_DATABASE",
            help="Address of a PostgreSQL database; a file in the data folder by default.",
            metavar="URL",
            show_default=False,
            show_envvar=True,
        ),
    ] = "",
    json: options.Json = False,
) -> None:
    """Serve the studio over HTTP until Ctrl-C: models, works, and jobs that survive a restart.

    A token for servers that others can reach is read from HUOHUA_TOKEN; without one a fresh token is made
    and shown. The API describes itself at /api/openapi.json.
    """
    if not headless:
        raise UsageError("This version has no page for browsers yet.", advice="Add --headless.")
    try:
        from huohua.api.server import Opening, serve
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"The studio needs '{error.name}', which is not installed.",
            advice='Install it: pip install "huohua[studio]"',
        ) from error
    given = os.environ.get("HUOHUA_TOKEN", "")

    def opened(address: str, token: str) -> None:
        if json:
            put_json({"address": address, "token": "" if given else token})
            return
        put(address)
        if token and not given:
            say(f"Token: {token}")
        say("Stop with Ctrl-C; a training that is going on is saved and goes on next time.", style="dim")

    serve(
        Opening(host=host, port=port, data=data or home() / "studio", database=database, token=given),
        on_open=opened,
    )
