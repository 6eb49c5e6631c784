"""What are all figures of music for real pieces, for shuffled roles, patchwork and noise, and for given sets?

    python benchmarks/music_metrics.py pop_pop909.zip
    python benchmarks/music_metrics.py chorales.zip --set ours=made/ours --set MuseGAN=made/musegan

Real pieces are those that a model trained on the data never saw (the splits valid and test), in excerpts of
eight bars; copies are looked for among those it did (train). Each set is a folder of MIDI files.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import torch
from music_figures_page import fill
from music_figures_plot import plot
from results_page import RESULTS, Page, circumstances

from huohua.arts.music.datasets.dataset import MusicDataset, open_dataset
from huohua.arts.music.metrics.excerpts import of_dataset, of_folder, of_one_frame, songs_of
from huohua.arts.music.metrics.figures import figures_with_controls
from huohua.arts.music.metrics.notes import Notes
from huohua.randomness import numpy_generator


def main() -> None:
    """Measure, and write the page."""
    options = _arguments()
    made = circumstances()
    torch.set_num_threads(options.threads)
    began = time.monotonic()
    datasets = [open_dataset(source) for source in options.data]
    several = len(datasets) > 1
    real = of_one_frame([notes for dataset in datasets for notes in _excerpts(dataset, options, several)])
    sets = {name: of_one_frame(of_folder(folder), like=real) for name, folder in options.set}
    table = figures_with_controls(
        real,
        sets,
        learnt=None if "train" in options.split else [song for each in datasets for song in songs_of(each)],
        networks=not options.no_networks,
        seed=options.seed,
        on_stage=lambda name: print(f"{time.monotonic() - began:5.0f} s: {name}", flush=True),
    )
    name = "+".join(dataset.name for dataset in datasets)
    page = Page(
        name=f"music-metrics-{name if len(datasets) == 1 else 'styles'}"
        f"{'-sounding-keys' if options.sounding_keys else ''}",
        title=f"Figures of music and their controls: {name}",
        made=made,
    )
    songs = len({notes.song for notes in real})
    licences = "; ".join(dict.fromkeys(dataset.licence for dataset in datasets))
    page.add(
        f"{len(real):,} excerpts of eight bars from {songs} songs of {name} "
        f"({' and '.join(options.split)}; {licences}), seed {options.seed}, "
        f"{time.monotonic() - began:.0f} seconds."
    )
    fill(page, table)
    page.show(
        "told", plot(table), "How far each column is from real music, in gaps of real songs among themselves."
    )
    print(page.write(options.out, {"figures": table.as_record()}).read_text(encoding="utf-8"))


def _excerpts(dataset: MusicDataset, options: argparse.Namespace, several: bool) -> list[Notes]:
    """Return excerpts of a dataset; of several, each is a style."""
    found = of_dataset(dataset, options.split, sounding=options.sounding_keys)
    if options.most:
        order = numpy_generator(options.seed, "most").permutation(len(found))[: options.most]
        found = [found[int(number)] for number in order]
    if not several:
        return found
    return [replace(notes, style=dataset.name, song=f"{dataset.name}/{notes.song}") for notes in found]


def _named(text: str) -> tuple[str, Path]:
    name, _, folder = text.partition("=")
    if not folder:
        raise argparse.ArgumentTypeError("write NAME=FOLDER")
    return name, Path(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", nargs="+", help="real music: a folder or zip; each of several is a style")
    parser.add_argument("--most", type=int, default=0, help="excerpts of each at most")
    parser.add_argument("--set", type=_named, action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--split", nargs="+", default=["valid", "test"], choices=["train", "valid", "test"])
    parser.add_argument("--sounding-keys", action="store_true", help="do not transpose real pieces to C")
    parser.add_argument("--no-networks", action="store_true", help="leave out what needs a network taught")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
