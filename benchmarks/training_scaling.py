"""How the cost of training grows with resolution, batch, number of works and processes.

    python benchmarks/training_scaling.py --threads 1

One thing is changed at a time, everything else is the preset's own. Every measurement is a fresh process, and
repetitions take turns. Processes share a batch out among themselves over gloo, as
`torchrun --nproc-per-node 2 -m huohua train image …` does. The result is a table and a plot for each.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from contestants import Contestant, build, playing
from fresh_process import in_fresh_process, tell
from results_page import RESULTS, Page, circumstances, table
from scaling_plot import Panel, plot
from taking_turns import timed

AXES = {
    "resolution": ("side in pixels", (32, 64, 96, 128, 192, 256)),
    "batch": ("works in a round", (4, 8, 16, 32, 64)),
    "works": ("works in the dataset", (50, 200, 1000, 5000)),
    "processes": ("processes of one batch", (1, 2)),
}
SIZE, WORKS = 64, 500


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one setting costs, as one process measured it.

    Attributes:
        axis: what was changed.
        value: to what.
        batch: works in a round, over all processes.
        round_seconds: of the clock.
        processor_seconds: for a round, over all processes.
        works_per_second: of the clock, over all processes.
        prepare_seconds: from a folder of pictures to the first round, of the clock.
        reopen_seconds: the same when the works were decoded before.
        peak_memory_bytes: of the largest process.
    """

    axis: str
    value: int
    batch: int
    round_seconds: float
    processor_seconds: float
    works_per_second: float
    prepare_seconds: float
    reopen_seconds: float
    peak_memory_bytes: int


def main() -> None:
    """Measure along each axis, and write tables, plots and the numbers behind them."""
    options = _arguments()
    if options.worker:
        _work(options)
        return
    made = circumstances()
    costs: list[Cost] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for _ in range(options.repeats):
            for axis in options.axes:
                for value in options.values or AXES[axis][1]:
                    costs.append(_cost(axis, value, place, options))
    page = Page(name="training-scaling", title="How the cost of training grows", made=made)
    page.add(
        f"Preset `{options.preset}`, {options.threads} thread(s) for each process; where it is not what "
        f"changes: {options.size} px, {WORKS} works, one process, the preset's batch. Medians over "
        f"{options.repeats} fresh process(es).",
        *(f"## {axis.capitalize()}\n\n{cost_table(costs, axis)}" for axis in options.axes),
    )
    page.show("plots", plot(panels(costs)), "Seconds of a round, and peak memory, over each.")
    print(page.write(options.out, {"costs": [asdict(cost) for cost in costs]}).read_text(encoding="utf-8"))


def cost_table(costs: Sequence[Cost], axis: str) -> str:
    """Return what each value of one axis costs."""
    heads = (
        AXES[axis][0],
        "batch",
        "ms a round",
        "processor-ms a work",
        "works/s",
        "prepare",
        "reopen",
        "memory",
    )
    rows = []
    for cost in middles(costs, axis):
        rows.append(
            [
                cost.value,
                cost.batch,
                f"{1000 * cost.round_seconds:.0f}",
                f"{1000 * cost.processor_seconds / cost.batch:.1f}",
                f"{cost.works_per_second:.1f}",
                f"{cost.prepare_seconds:.1f} s",
                f"{cost.reopen_seconds:.1f} s",
                f"{cost.peak_memory_bytes / 1e9:.2f} GB",
            ]
        )
    return table(heads, rows, words=0)


def middles(costs: Sequence[Cost], axis: str) -> list[Cost]:
    """Return one cost for each value of an axis, in order: the medians over processes."""
    found = []
    for value in sorted({cost.value for cost in costs if cost.axis == axis}):
        own = [asdict(cost) for cost in costs if (cost.axis, cost.value) == (axis, value)]
        numbers = {key: statistics.median(each[key] for each in own) for key in own[0] if key != "axis"}
        found.append(Cost(**{**numbers, "axis": axis, "value": value}))
    return found


def panels(costs: Sequence[Cost]) -> list[Panel]:
    """Return what the plots show: milliseconds a round and memory over each axis."""
    found = []
    for axis in dict.fromkeys(cost.axis for cost in costs):
        own = middles(costs, axis)
        found.append(
            Panel(
                x_label=AXES[axis][0],
                x=[cost.value for cost in own],
                milliseconds=[1000 * cost.round_seconds for cost in own],
                gigabytes=[cost.peak_memory_bytes / 1e9 for cost in own],
            )
        )
    return found


def draw_works(folder: Path, count: int, size: int) -> Path:
    """Draw a folder of works, each a different cloud of colour, unless it is there; return it."""
    import numpy as np
    from PIL import Image

    target = folder / f"{count}-works"
    if target.exists():
        return target
    target.mkdir(parents=True)
    dice = np.random.default_rng(0)
    for number in range(count):
        cloud = Image.fromarray(dice.integers(0, 256, (6, 6, 3), dtype=np.uint8))
        cloud.resize((size, size), Image.Resampling.BICUBIC).save(target / f"{number:05d}.png")
    return target


def _cost(axis: str, value: int, place: Path, options: argparse.Namespace) -> Cost:
    size = value if axis == "resolution" else options.size
    count = value if axis == "works" else WORKS
    words = ["--worker", axis, "--values", str(value), "--preset", options.preset]
    words += ["--size", str(size), "--data", str(draw_works(place, count, max(128, size)))]
    words += ["--threads", str(options.threads), "--seconds", str(options.seconds)]
    words += ["--batch", str(value)] if axis == "batch" else []
    launcher: list[str] = []
    if axis == "processes":
        launcher = ["torch.distributed.run", "--nproc-per-node", str(value), "--master-port", "29577"]
    home = place / "home"  # where decoded works are kept; each measurement decodes them once itself
    shutil.rmtree(home, ignore_errors=True)
    found = in_fresh_process(
        __file__,
        words,
        threads=options.threads,
        launcher=launcher,
        environment={"HUOHUA_HOME": str(home)},
    )
    cost = Cost(**found)
    print(f"{axis:12} {value:6}  {1000 * cost.round_seconds:8.0f} ms a round", flush=True)
    return cost


def _work(options: argparse.Namespace) -> None:
    """Measure one setting in this process, or in this one of several; the first one tells."""
    import torch

    from huohua.devices import peak_memory_bytes
    from huohua.memory import keep_freed_memory

    keep_freed_memory()
    torch.set_num_threads(options.threads)
    began = time.perf_counter()
    built, accelerator, batch = build(options.preset, options.size, options.data, options.batch)
    prepare_seconds = time.perf_counter() - began
    began = time.perf_counter()
    build(options.preset, options.size, options.data, options.batch)
    reopen_seconds = time.perf_counter() - began
    player = Contestant(play_round=playing(built, accelerator, batch), batch=batch)
    rounds, wall, processor = timed(player, options.seconds)
    numbers = torch.tensor([processor, float(peak_memory_bytes())], dtype=torch.float64)
    everywhere = accelerator.gather(numbers.view(1, 2))
    cost = Cost(
        axis=options.worker,
        value=options.values[0],
        batch=batch,
        round_seconds=wall / rounds,
        processor_seconds=float(everywhere[:, 0].sum()) / rounds,
        works_per_second=rounds * batch / wall,
        prepare_seconds=prepare_seconds,
        reopen_seconds=reopen_seconds,
        peak_memory_bytes=int(everywhere[:, 1].max()),
    )
    if accelerator.is_main_process:
        tell(asdict(cost))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--axes", nargs="+", choices=list(AXES), default=list(AXES))
    parser.add_argument("--values", nargs="+", type=int, help="in place of an axis's own; for one axis")
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    parser.add_argument("--batch", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
