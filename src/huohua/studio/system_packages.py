"""Install the packages of Debian and Ubuntu that music needs: `huohua doctor --install`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence

from huohua.arts.music.needs import DEBIAN_PACKAGES
from huohua.errors import MissingDependencyError

Run = Callable[[Sequence[str]], int]


def missing_packages() -> tuple[str, ...]:
    """Return those of the packages that are not installed.

    Raises:
        MissingDependencyError: this is neither Debian nor Ubuntu.
    """
    if not (shutil.which("apt-get") and shutil.which("dpkg-query")):
        raise MissingDependencyError(
            "Only packages of Debian and Ubuntu can be installed from here.",
            advice="On macOS: brew install fluid-synth cairo, and name a sound font with HUOHUA_SOUND_FONT.",
        )
    return tuple(package for package in DEBIAN_PACKAGES if not _is_installed(package))


def install_commands(packages: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the commands that install packages, for this user: with sudo, unless it is root."""
    above = () if os.geteuid() == 0 else ("sudo",)
    return (
        (*above, "apt-get", "update"),
        (*above, "apt-get", "install", "-y", "--no-install-recommends", *packages),
    )


def install(packages: Sequence[str], *, run: Run | None = None) -> None:
    """Install packages; what apt-get says, and a question for the password, go to the terminal.

    Raises:
        MissingDependencyError: there is no sudo, or apt-get failed; the advice is what to do by hand.
    """
    update, add = install_commands(packages)
    by_hand = f"An administrator installs them with: {' '.join(add[add.index('apt-get') :])}."
    if shutil.which(add[0]) is None:
        raise MissingDependencyError(f"There is no {add[0]} to install packages with.", advice=by_hand)
    run = run or _run
    run(update)  # lists that are a day old will do as well, so that a failure here is no matter
    if run(add) != 0:
        raise MissingDependencyError("The packages could not be installed; see above.", advice=by_hand)


def _run(command: Sequence[str]) -> int:
    # Results go to standard output, and what apt-get tells is none.
    return subprocess.run(list(command), stdout=2, check=False).returncode  # noqa: S603 - the command is ours


def _is_installed(package: str) -> bool:
    command = ["dpkg-query", "-W", "-f", "${Status}", package]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return "ok installed" in found.stdout
