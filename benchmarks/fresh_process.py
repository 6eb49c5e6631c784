"""Measuring in a process of its own, so that neither memory nor warm caches of one contestant serve another.

A script starts itself again in a role; in that role it prints what it found as its last line, in JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def in_fresh_process(
    script: str | Path,
    words: Sequence[str],
    *,
    threads: int,
    launcher: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run a script of this folder and return what it printed last.

    Args:
        script: the script.
        words: its role and options.
        threads: processor threads of the process.
        launcher: a module that starts it and that module's options, such as torchrun's.
        environment: what else the process shall find in its environment.

    Raises:
        SystemExit: it failed; its last words are repeated.
    """
    start = ["-m", *launcher] if launcher else []
    command = [sys.executable, *start, str(Path(script).resolve()), *words]
    surroundings = {**os.environ, "OMP_NUM_THREADS": str(threads), **(environment or {})}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{Path(script).name} {' '.join(words)} failed:\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def tell(found: Mapping[str, Any]) -> None:
    """Print what was found, for `in_fresh_process` to read."""
    print(json.dumps(found), flush=True)
