"""Do small sets of every kind train without a setting touched, and does the report name the doubtful ones?

    python benchmarks/small_sets.py FOLDER_WITH_DATASETS --minutes 10

Twenty sets of 50 to 500 works are made out of the datasets found in the folders, and each is trained
through the ordinary door, `huohua train image SET --minutes N`: the default preset, no setting touched but
the budget (and the size of the one that is not square, which nobody could guess). What is collected is how
it ended, what the report says of it, and a row of works nobody chose. The list goes on where it was if it is
killed, and a training that was cut off goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import functools
import math
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from job_list import do_all, failures
from PIL import Image
from results_page import RESULTS, Page, circumstances, table
from sheet_rows import read_row, stacked, write_row
from subsets import choose, write_subset

SEED = 0
REAL, NEW = 4, 8  # works in a row of the sheet
INTERRUPTED = 130  # what the command returns when a person stops it


@dataclass(frozen=True, kw_only=True)
class Set:
    """A small set.

    Attributes:
        source: name of the dataset it is taken from.
        count: works.
        change: how the files are changed; a name in `subsets.CHANGES`.
        size: what `--size` says, or nothing.
    """

    source: str
    count: int
    change: str = "as they are"
    size: str = ""


SETS: Mapping[str, Set] = {
    "monet-50": Set(source="monet", count=50),
    "monet-299": Set(source="monet", count=299),
    "van-gogh-199": Set(source="van_gogh", count=199),
    "van-gogh-drawings-134": Set(source="van_gogh_drawings", count=134),
    "kandinsky-300": Set(source="kandinsky", count=300),
    "ukiyo-e-500": Set(source="ukiyo_e", count=500),
    "shan-shui-100": Set(source="shanshui", count=100),
    "fruit-100": Set(source="pomological_watercolors", count=100),
    "fruit-500": Set(source="pomological_watercolors", count=500),
    "flowers-400": Set(source="flowers", count=400),
    "emoji-500": Set(source="emoji", count=500),
    "digits-300": Set(source="mnist", count=300),
    "clothes-300": Set(source="fashion_mnist_subset", count=300),
    "photos-400": Set(source="cifar10_subset", count=400),
    "flowers-grey-200": Set(source="flowers", count=200, change="grey"),
    "flowers-transparent-150": Set(source="flowers", count=150, change="transparent"),
    "monet-cmyk-150": Set(source="monet", count=150, change="CMYK"),
    "shan-shui-wide-200": Set(source="shanshui", count=200, size="96x64"),
    "ukiyo-e-mixed-200": Set(source="ukiyo_e", count=200, change="mixed sizes and formats"),
    "kandinsky-broken-100": Set(source="kandinsky", count=100, change="with broken files"),
}


def main() -> int:
    """Make the sets, train each, and write the page; return 0 if all ended normally."""
    options = _arguments()
    made = circumstances()
    found = {name: find(SETS[name].source, options.data) for name in options.sets}
    for name, source in found.items():
        if source is None:
            print(f"{name} is left out: no {SETS[name].source} in the folders.", file=sys.stderr)
    jobs = {
        name: functools.partial(train, name=name, source=source, options=options)
        for name, source in found.items()
        if source is not None
    }
    settings = {"minutes": options.minutes, "threads": options.threads, "seed": SEED}
    records = do_all(options.work, settings, jobs)
    failed = failures(options.work, jobs)
    page = Page(name="small-sets", title="Small sets, without a setting touched", made=made)
    missing = [name for name, source in found.items() if source is None]
    fill(page, records, failed, missing, options)
    print(page.write(options.out, {"sets": records, "failed": failed}).read_text(encoding="utf-8"))
    return 0 if not failed and all(ended_well(record) for record in records.values()) else 1


def find(source: str, folders: Sequence[Path]) -> Path | None:
    """Return a dataset's file or folder of pictures somewhere in the folders."""
    for folder in folders:
        for ending in (".zip", ".npz", ""):
            places = [folder / f"{source}{ending}", folder / source / f"{source}{ending}"]
            for place in places:
                if place.is_file() or (not ending and place.is_dir()):
                    return place
    return None


def train(folder: Path, *, name: str, source: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Make one set, train on it through the ordinary door, and return what came of it."""
    wanted = SETS[name]
    data = write_subset(source, choose(source, wanted.count, SEED), folder / "set", wanted.change, seed=SEED)
    words = ["train", "image", str(data), "--minutes", str(options.minutes), "--out", str(folder / "run")]
    words += ["--size", wanted.size] if wanted.size else []
    words += ["--threads", str(options.threads)] if options.threads else []
    began = time.monotonic()
    # The catalogue and the cache of this benchmark are not those of the person.
    surroundings = {**os.environ, "HUOHUA_HOME": str(options.work / "home")}
    command = [sys.executable, "-m", "huohua", *words, "--name", name, "--quiet"]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode == INTERRUPTED:
        raise KeyboardInterrupt
    outcome: dict[str, Any] = {
        "exit_code": done.returncode,
        "wall_seconds": round(time.monotonic() - began, 1),
    }
    outcome |= {"complaint": done.stderr.strip()[-500:]} if done.returncode else {}
    outcome |= story(folder / "run") | {"change": wanted.change, "size": wanted.size}
    if not done.returncode:
        outcome["left_out"] = _keep_row(folder, data, surroundings["HUOHUA_HOME"])
    return outcome


def story(run: Path) -> dict[str, Any]:
    """Return what a run's log tells: its end, its mishaps, its figures, and the report's words."""
    from huohua.adversarial.events import Measured, Progress, RolledBack, Started, Warned
    from huohua.studio.event_log import read_events
    from huohua.studio.verdict import verdict

    events = read_events(run / "events.jsonl")
    judged = verdict(events)
    started = [dict(event.settings) for event in events if isinstance(event, Started)]
    facts = started[-1] if started else {}
    progress = [event for event in events if isinstance(event, Progress)]
    figures = next((dict(event.figures) for event in reversed(events) if isinstance(event, Measured)), {})
    last = progress[-1].costs.values() if progress else ()
    return {
        "works": facts.get("works", 0),
        "left_out": 0,
        "shown": events[-1].shown if events else 0,
        "roll_backs": sum(isinstance(event, RolledBack) for event in events),
        "problems": [event.problem for event in events if isinstance(event, Warned)],
        "finite": bool(progress) and all(math.isfinite(cost) for cost in last),
        "figures": figures,
        "light": judged.light,
        "summary": judged.summary,
        "advice": list(judged.advice),
    }


def ended_well(record: Mapping[str, Any]) -> bool:
    """Return whether a training ended normally, with numbers."""
    return record["exit_code"] == 0 and bool(record["finite"])


def fill(
    page: Page,
    records: Mapping[str, Mapping[str, Any]],
    failed: Mapping[str, str],
    missing: Sequence[str],
    options: argparse.Namespace,
) -> None:
    """Put results on the page."""
    well = sum(ended_well(record) for record in records.values())
    backs = sum(record["roll_backs"] for record in records.values())
    page.add(
        f"`huohua train image SET --minutes {options.minutes:g}` for each of {len(records)} sets: the "
        f"default preset at its default size, no setting touched. **{well} of {len(records)} ended normally, "
        f"with numbers; {backs} roll-back(s) in all.**",
        f"Left out, because their dataset is not there: {', '.join(missing)}." if missing else "",
        f"Failed in the benchmark itself: {failed}." if failed else "",
        outcomes(records),
        "*Diversity* is the mean distance between new works as a share of that between real ones, on "
        "features of EfficientNet-Lite1; *precision* the share of new works that could pass among real ones.",
        "## What the reports say of the doubtful ones",
        doubts(records),
    )
    rows = {name: read_row(options.work / name / "row.png") for name in records}
    there = {name: row for name, row in rows.items() if row is not None}
    if there:
        text = f"Each row: {REAL} real works, then the first {NEW} works of the model, not chosen."
        page.show("sheet", stacked(there), text)


def doubts(records: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what the reports say of runs that they doubt, in trouble before merely watched."""
    doubtful = [(name, record) for name, record in records.items() if record["light"] != "good"]
    ordered = sorted(doubtful, key=lambda pair: pair[1]["light"] != "trouble")
    lines = [f"- **{name}** ({record['light']}): {record['summary']}" for name, record in ordered]
    return "\n".join(lines) or "No report doubts its run."


def outcomes(records: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a line for each set."""
    heads = ["set", "files", "ended", "report", "works", "left out", "shown", "roll-backs"]
    rows: list[list[object]] = []
    for name, record in records.items():
        figures = [record["figures"].get(key) for key in ("diversity_ratio", "precision")]
        ended = "normally" if ended_well(record) else "NaN" if record["exit_code"] == 0 else "with an error"
        files = ", ".join(part for part in (record["change"], record["size"]) if part)
        counts = [record[key] for key in ("works", "left_out", "shown", "roll_backs")]
        shown = ["–" if figure is None else f"{figure:.2f}" for figure in figures]
        rows.append([name, files, ended, record["light"], *counts, *shown])
    return table([*heads, "diversity", "precision"], rows, words=4)


def _keep_row(folder: Path, data: Path, home: str) -> int:
    """Keep some real works at the model's size and its first works; return how many files were left out."""
    from huohua.arts.image.datasets.dataset import open_dataset
    from huohua.studio.image_model import ImageModel

    model = ImageModel(folder / "run" / "model")
    config = model.config
    os.environ["HUOHUA_HOME"] = home  # where the training has just put the decoded works
    dataset = open_dataset(data, **config.frame.model_dump())
    real = [Image.fromarray(image.squeeze()) for image in dataset.images_NHWC[:REAL]]
    write_row(folder / "row.png", [*real, *(work.image for work in model.create(count=NEW))])
    return len({problem.name for problem in dataset.problems} - {entry.name for entry in dataset.entries})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", nargs="+", type=Path, help="folders that hold the datasets")
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS), metavar="SET")
    parser.add_argument("--minutes", type=float, default=10.0, help="of training for each set")
    parser.add_argument("--threads", type=int, help="the free cores by default")
    parser.add_argument("--work", type=Path, default=Path("runs/small-sets"), help="folder of sets and runs")
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
