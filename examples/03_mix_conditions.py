"""Walk from one subject to another with the same seed: weights mix conditions.

python examples/03_mix_conditions.py runs/fruit
"""

from __future__ import annotations

import sys
from pathlib import Path

import huohua


def main(model_name: str | Path, out: Path = Path("pictures"), *, steps: int = 5) -> list[Path]:
    """Make pictures between the first two subjects that the model knows."""
    model = huohua.load(model_name)
    first, second, *_ = model.config.conditions.groups["subject"]
    paths = []
    for step in range(steps):
        weight = step / (steps - 1)
        work = model.create(seed=5, subject={first: 1 - weight, second: weight})
        paths.append(work.save(out / f"{first}-{second}-{step}.png"))
    return paths


if __name__ == "__main__":
    main(sys.argv[1])
