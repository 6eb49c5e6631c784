"""Train on a folder and watch the run through its events.

python examples/02_train_on_a_folder.py my_pictures
"""

from __future__ import annotations

import sys
from pathlib import Path

import huohua
from huohua.adversarial.events import Event, Measured, Progress, Warned


def watch(event: Event) -> None:
    """Print what matters. Any function that takes an event can listen."""
    if isinstance(event, Progress):
        print(f"{event.shown / 1000:8.1f} kimg   {event.speed:6.1f} works/s")
    elif isinstance(event, Measured):
        print("         variety:", event.figures.get("diversity_ratio"))
    elif isinstance(event, Warned):
        print("        ", event.message, event.remedy)


def main(
    data: str | Path, out: Path = Path("runs/example"), *, size: int = 64, kimg: float = 20
) -> huohua.Model:
    """Train and return the model; run it again and it goes on."""
    return huohua.train("image", data, preset="tiny", size=size, kimg=kimg, out=out, listeners=[watch])


if __name__ == "__main__":
    main(sys.argv[1])
