"""Load a model and make pictures from seeds.

python examples/01_make_a_picture.py runs/first
"""

from __future__ import annotations

import sys
from pathlib import Path

import huohua


def main(model_name: str | Path, out: Path = Path("pictures")) -> list[Path]:
    """Make four pictures: one for each seed, and the third again in a series."""
    model = huohua.load(model_name)
    print(f"{model.name} makes {model.config.frame.size} pixels")
    for group, names in model.config.conditions.groups.items():
        print(f"  {group}: {', '.join(names)}")

    paths = [model.create(seed=seed).save(out / f"seed-{seed}.png") for seed in range(3)]
    series = model.create(seed=2, count=2)
    paths.append(series[1].save(out / "seed-2-second.png"))
    return paths


if __name__ == "__main__":
    main(sys.argv[1])
