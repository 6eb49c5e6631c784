"""What a training run looked like after so many minutes: its sheets and figures, as a result page.

    huohua train image pomological_watercolors.zip --preset fast --size 64 --out runs/fruit
    python benchmarks/milestones.py runs/fruit --minutes 10 30 120

Sheets are copied as they were drawn while training; nothing is chosen or drawn again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from results_page import RESULTS, Page, circumstances, table

from huohua.adversarial.events import Event, Measured, Previewed, RolledBack, Started
from huohua.studio.event_log import read_events

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
    facts = next(dict(event.settings) for event in events if isinstance(event, Started))
    for key in ("source", "data"):  # the name will do; where it lies is nobody's business
        facts[key] = Path(str(facts.get(key, ""))).name
    backs = sum(isinstance(event, RolledBack) for event in events)
    rows, sheets = reached(run, events, minutes)
    page = Page(name=plan["name"], title=plan["name"], made=circumstances())
    page.add(
        f"{facts['works']} works of {facts['data']}, preset {facts['preset']}, {facts['size']}, batch "
        f"{facts['batch']}, seed {facts['seed']}, {facts['threads']} thread(s), {facts['precision']}; "
        f"{backs} roll-backs. Trained with",
        "```bash\n"
        f"huohua train image {facts['source']} --preset {facts['preset']} --size {facts['size']} "
        f"--threads {facts['threads']} --seed {facts['seed']} --out runs/{run.name}\n```",
        "Diversity is the mean distance between samples as a share of that between real works, on features\n"
        "of EfficientNet-Lite1; *within* is the same among works of one label. Precision and recall are\n"
        "those of 128 samples against at most 1,024 real works; recall is far below 1 even for real ones.",
        table(
            ["minutes", "kimg", "diversity", "within a label", "precision", "recall"], _cells(rows), words=0
        ),
    )
    for name, sheet in sheets.items():
        page.show(name, sheet, f"After {name.removesuffix('min')} minutes.")
    return page.write(out, {"facts": facts, "roll_backs": backs, "milestones": rows})


def reached(
    run: Path, events: Sequence[Event], minutes: Sequence[float]
) -> tuple[list[dict[str, Any]], dict[str, Image.Image]]:
    """Return the figures of each milestone that the run reached, and its sheet as it was drawn then."""
    rows: list[dict[str, Any]] = []
    sheets: dict[str, Image.Image] = {}
    for minute in minutes:
        before = [event for event in events if event.seconds <= minute * 60]
        drawn = [event for event in before if isinstance(event, Previewed)]
        measured = [event for event in before if isinstance(event, Measured)]
        if not drawn or not measured or events[-1].seconds < minute * 60 * 0.95:
            continue
        with Image.open(run / drawn[-1].path) as sheet:
            sheets[f"{minute:g}min"] = sheet.convert("RGB")
        figures: dict[str, Any] = {name: measured[-1].figures.get(name) for name in FIGURES}
        rows.append({"minutes": minute, "kimg": drawn[-1].shown / 1000, **figures})
    return rows, sheets


def _cells(rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [
        [f"{row['minutes']:g}", f"{row['kimg']:.1f}"]
        + ["–" if row[name] is None else f"{row[name]:.2f}" for name in FIGURES]
        for row in rows
    ]


if __name__ == "__main__":
    main()
