"""A PostgreSQL server of our own for tests, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl")


def postgresql_programs() -> Path | None:
    """Return the folder of the server's programs: on the path, or where Debian keeps them."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    whole = [folder for folder in folders if all((folder / name).is_file() for name in PROGRAMS)]
    return whole[-1] if whole else None


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a server that listens on a socket in a folder, yield its address, stop it.

    The server refuses to run as root; then the user "nobody" runs it.
    """
    programs = postgresql_programs()
    assert programs is not None
    folder.mkdir(parents=True, exist_ok=True)
    owner: dict[str, object] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        owner = {"user": "nobody", "cwd": folder}

    def run(*command: object) -> None:
        done = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, check=False, **owner
        )
        assert done.returncode == 0, done.stdout + done.stderr

    data, options = folder / "data", f"-c listen_addresses='' -k {folder} -c fsync=off"
    run(programs / "initdb", "-D", data, "-U", "huohua", "-A", "trust", "-E", "UTF8", "--no-sync")
    run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql://huohua@/postgres?host={folder}"
    finally:
        run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
