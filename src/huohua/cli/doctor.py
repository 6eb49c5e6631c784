"""`huohua doctor`: what this machine has, what is missing and how to get it."""

from __future__ import annotations

from typing import Annotated

import typer

from huohua.cli import options
from huohua.cli.screen import put_json, results, say

MARKS = {"good": "[green]✓[/]", "note": "[yellow]•[/]", "bad": "[red]✗[/]"}


def doctor(
    install: Annotated[
        bool,
        typer.Option(
            "--install",
            help="First install what playing and printing music needs, on Debian and Ubuntu with apt-get.",
        ),
    ] = False,
    json: options.Json = False,
) -> None:
    """Look at this machine and say what is missing.

    Each finding comes with what to do about it. The exit code is 1 when something is missing that
    Huohua cannot do without.
    """
    from huohua.studio.doctor import as_records, examine

    if install:
        _install()
    checks = examine()
    sick = [check for check in checks if check.state == "bad"]
    if json:
        put_json({"healthy": not sick, "checks": as_records(checks)}, indent=2)
    else:
        _print(as_records(checks))
        say("Everything that is needed is there." if not sick else f"{len(sick)} things are missing.")
    if sick:
        raise typer.Exit(1)


def _install() -> None:
    from huohua.studio import system_packages

    packages = system_packages.missing_packages()
    if not packages:
        say("All packages of the system that music needs are there.")
        return
    for command in system_packages.install_commands(packages):
        say(" ".join(command), style="dim")
    system_packages.install(packages)


def _print(checks: list[dict[str, str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        advice = f"\n→ {check['advice']}" if check["advice"] else ""
        table.add_row(
            MARKS[check["state"]], Text(check["name"], style="bold"), Text(check["detail"] + advice)
        )
    results().print(table)
