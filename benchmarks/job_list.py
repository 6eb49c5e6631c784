"""A list of long jobs that goes on where it was when it was killed.

Each job has a folder. When it is done, what it found is written there, whole or not at all, and it is not
done again. A job that was cut off is begun again, in the folder as it was left. A list belongs to its
settings: a folder of other settings is refused, because results of both would be mixed.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from results_page import strict

from huohua.files import write_text

DONE, SETTINGS = "done.json", "settings.json"
Record = dict[str, Any]
Job = Callable[[Path], Mapping[str, Any]]


def do_all(place: Path, settings: Mapping[str, Any], jobs: Mapping[str, Job]) -> dict[str, Record]:
    """Do what is not done yet; return what each job found, in the order of the list.

    A job that fails is told, left out of the result, and tried again when the list is started again.

    Args:
        place: the folder of the list.
        settings: what all jobs were made with.
        jobs: by name; each is given its own folder and returns what it found.

    Raises:
        SystemExit: the folder holds a list of other settings.
    """
    _agree(place, settings)
    for number, (name, job) in enumerate(jobs.items(), start=1):
        folder = place / name
        if (folder / DONE).is_file():
            continue
        print(f"[{number}/{len(jobs)}] {name}", file=sys.stderr, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            found = job(folder)
        except (Exception, SystemExit) as error:  # the others shall not wait for somebody to come and look
            write_text(folder / "failed.txt", traceback.format_exc())
            print(f"{name} failed: {str(error)[-600:]}", file=sys.stderr, flush=True)
            continue
        (folder / "failed.txt").unlink(missing_ok=True)
        write_text(folder / DONE, json.dumps(strict(found), indent=1) + "\n")
    return done(place, jobs)


def done(place: Path, jobs: Mapping[str, Any]) -> dict[str, Record]:
    """Return what the jobs that are done have found, in the order of the list."""
    return {
        name: json.loads((place / name / DONE).read_text(encoding="utf-8"))
        for name in jobs
        if (place / name / DONE).is_file()
    }


def failures(place: Path, jobs: Mapping[str, Any]) -> dict[str, str]:
    """Return the last line of what went wrong with each job that failed."""
    found = {}
    for name in jobs:
        file = place / name / "failed.txt"
        if file.is_file() and not (place / name / DONE).is_file():
            found[name] = file.read_text(encoding="utf-8").strip().splitlines()[-1]
    return found


def _agree(place: Path, settings: Mapping[str, Any]) -> None:
    file, text = place / SETTINGS, json.dumps(strict(settings), indent=1, sort_keys=True) + "\n"
    if not file.is_file():
        write_text(file, text)
    elif file.read_text(encoding="utf-8") != text:
        raise SystemExit(f"{place} was begun with other settings; name another folder with --work.\n{text}")
