"""What a training run looked like after so many minutes: its sheets and figures, as a result page.

    huohua train image pomological_watercolors.zip --preset fast --size 64 --out runs/fruit
    python benchmarks/milestones.py runs/fruit --minutes 10 30 120

Sheets are copied as they were drawn while training; nothing is chosen or drawn again.
"""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import torch

from huohua.adversarial.events import Measured, Previewed, RolledBack, Started
from huohua.devices import look
from huohua.studio.event_log import read_events
from huohua.version import __version__

RESULTS = Path(__file__).parent / "results"
FIGURES = ("diversity_ratio", "diversity_within", "precision", "recall")


def main() -> None:
    """Write the page, the sheets and the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("run", type=Path, help="the run folder")
    parser.add_argument("--minutes", type=float, nargs="+", default=[10, 30, 120])
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    page = write(arguments.run, arguments.minutes, arguments.out)
    print(page)


def write(run: Path, minutes: list[float], out: Path) -> Path:
    """Write `<date>-<name>.md`, `.json` and one PNG for each milestone; return the page's path."""
    plan = json.loads((run / "run.json").read_text(encoding="utf-8"))
    events = read_events(run / "events.jsonl")
    stem = f"{datetime.now(timezone.utc).date().isoformat()}-{plan['name']}"
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    for minute in minutes:
        before = [event for event in events if event.seconds <= minute * 60]
        sheets = [event for event in before if isinstance(event, Previewed)]
        measured = [event for event in before if isinstance(event, Measured)]
        if not sheets or not measured or events[-1].seconds < minute * 60 * 0.95:
            continue
        target = out / f"{stem}-{minute:g}min.png"
        shutil.copyfile(run / sheets[-1].path, target)
        rows.append({"minutes": minute, "kimg": sheets[-1].shown / 1000, "sheet": target.name}
                    | {name: measured[-1].figures.get(name) for name in FIGURES})  # fmt: skip
    facts = next(dict(event.settings) for event in events if isinstance(event, Started))
    for key in ("source", "data"):  # the name will do; where it lies is nobody's business
        facts[key] = Path(str(facts.get(key, ""))).name
    machine = look()
    record = {
        "version": __version__,
        "torch": torch.__version__,
        "processor": machine.processor,
        "cores": machine.cores,
        "facts": facts,
        "roll_backs": sum(isinstance(event, RolledBack) for event in events),
        "milestones": rows,
    }
    (out / f"{stem}.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    page = out / f"{stem}.md"
    page.write_text(_page(plan["name"], record, run.name, minutes), encoding="utf-8")
    return page


def _page(name: str, record: dict[str, Any], run: str, minutes: list[float]) -> str:
    facts, rows = record["facts"], record["milestones"]
    torch_and_version = f"torch {record['torch']}, Huohua {record['version']}"
    lines = [
        f"# {name}",
        "",
        f"{facts['works']} works of {facts['data']}, preset {facts['preset']}, {facts['size']}, batch "
        f"{facts['batch']}, seed {facts['seed']}, {facts['threads']} thread(s), {facts['precision']}; "
        f"{record['processor']}, {record['cores']} cores; {torch_and_version}; "
        f"{record['roll_backs']} roll-backs.",
        "",
        "```",
        f"huohua train image {facts['source']} --preset {facts['preset']} --size {facts['size']} "
        f"--threads {facts['threads']} --seed {facts['seed']} --out runs/{run}",
        f"python benchmarks/milestones.py runs/{run} --minutes {' '.join(f'{m:g}' for m in minutes)}",
        "```",
        "",
        "Diversity is the mean distance between samples as a share of that between real works, on features",
        "of EfficientNet-Lite1; *within* is the same among works of one label. Precision and recall are",
        "those of 128 samples against at most 1,024 real works; recall is far below 1 even for real ones.",
        "",
        "| minutes | kimg | diversity | within a label | precision | recall |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        numbers = [row[key] for key in FIGURES]
        cells = " | ".join("–" if number is None else f"{number:.2f}" for number in numbers)
        lines.append(f"| {row['minutes']:g} | {row['kimg']:.1f} | {cells} |")
    for row in rows:
        lines += ["", f"After {row['minutes']:g} minutes:", "", f"![sheet]({row['sheet']})"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
