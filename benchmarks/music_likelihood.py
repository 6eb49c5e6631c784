"""How surprised is a model by chorales it never saw, note by note, beside tables of counts?

    python benchmarks/music_likelihood.py runs/chorales/model chorales.zip

The pieces are those of the splits `valid` and `test`. Voices are scored in the order of time and in each
step from soprano to bass; nothing is known of what comes later, nor of the key, the bar lines or the end
(what the grid of a piece tells of its key and metre is added to its nats). Tables of counts, learnt on the
split `train`, say how much of that is easy: what follows a pitch, where in the bar, under which pitch of the
voice above.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from results_page import RESULTS, Page, circumstances, table

import huohua
from huohua.arts.music.datasets.dataset import MusicDataset, open_dataset
from huohua.arts.music.grid import Grid
from huohua.arts.music.likelihood import Surprise, mean_nats, surprises
from huohua.arts.music.networks.cells import sounding
from huohua.arts.music.networks.composer import Composer
from huohua.arts.music.roles import VOICES
from huohua.errors import UsageError

TABLES = ("previous pitch", "and place in the bar", "and voice above")
Cell = tuple[int, tuple[tuple[int, ...], ...]]  # a pitch, and its contexts from the widest to the narrowest


def main() -> None:
    """Score, and write the page."""
    options = _arguments()
    made = circumstances()
    torch.set_num_threads(options.threads)
    began = time.monotonic()
    composer = composer_of(options.model)
    dataset = open_dataset(options.data)
    page = Page(name=f"music-likelihood-{dataset.name}", title=f"Surprise at {dataset.name}", made=made)
    rows, record = [], {}
    for split in options.split:
        pieces = songs(dataset, split)
        found = surprises(composer, pieces)
        nats_TV = np.concatenate([one.nats_TV for one in found])
        figures = {
            "model": mean_nats(found),
            "model, without what grids tell": float(np.nanmean(nats_TV)),
            **dict(zip(VOICES, np.nanmean(nats_TV, axis=0).tolist(), strict=True)),
            **dict(zip(TABLES, counted(songs(dataset, "train"), pieces, found), strict=True)),
        }
        cells = sum(one.cells for one in found)
        record[split] = {"pieces": len(pieces), "cells": cells, **figures}
        rows.append([split, f"{len(pieces)}", f"{cells:,}", *(f"{value:.3f}" for value in figures.values())])
    page.add(
        f"Nats a cell of a model and of tables of counts, on {dataset.name} ({dataset.licence}); "
        f"{time.monotonic() - began:.0f} seconds on {options.threads} thread."
    )
    page.add(table(["split", *record[options.split[0]]], rows))
    print(page.write(options.out, record).read_text(encoding="utf-8"))


def composer_of(folder: Path) -> Composer:
    """Return the composer of a model.

    Raises:
        UsageError: it is a model of something else.
    """
    generator = getattr(huohua.load(folder), "generator", None)
    if not isinstance(generator, Composer):
        raise UsageError(f"{folder} is no model of music with a composer.")
    return generator.eval()


def songs(dataset: MusicDataset, split: str) -> list[Grid]:
    """Return the whole pieces of a split."""
    return [dataset.song(number) for number, song in enumerate(dataset.songs) if song.split == split]


def counted(train: Sequence[Grid], pieces: Sequence[Grid], found: Sequence[Surprise]) -> list[float]:
    """Return the nats a cell of each table of counts, wider ones standing in where a narrower knows little.

    Source: Witten and Bell 1991, "The Zero-Frequency Problem: Estimating the Probabilities of Novel Events in
    Adaptive Text Compression", method C.
    """
    counts: list[dict[tuple[int, ...], Counter[int]]] = [defaultdict(Counter) for _ in range(4)]
    for grid in train:
        for pitch, contexts in cells_of(grid, None):
            for count, context in zip(counts, contexts, strict=True):
                count[context][pitch] += 1
    sums, cells = np.zeros(len(TABLES)), 0
    for grid, surprise in zip(pieces, found, strict=True):
        for pitch, contexts in cells_of(grid, surprise):
            share = 1 / 75
            for number, (count, context) in enumerate(zip(counts, contexts, strict=True)):
                seen = count.get(context, Counter())
                total, kinds = sum(seen.values()), len(seen)
                share = (seen[pitch] + kinds * share) / (total + kinds) if total else share
                if number:
                    sums[number - 1] -= math.log(share)
            cells += 1
    return [float(value) for value in sums / max(1, cells)]


def cells_of(grid: Grid, surprise: Surprise | None) -> Iterator[Cell]:
    """Yield each pitch that sounds with its contexts; only cells that were scored, if a score is given."""
    token_BSV = torch.from_numpy(grid.mono_BVS.transpose(0, 2, 1).astype(np.int64)).reshape(1, -1, 4)
    sounds_TV = sounding(token_BSV)[0].numpy()
    for step in range(1, len(sounds_TV)):
        if step % 16 >= grid.steps or (surprise is not None and np.isnan(surprise.nats_TV[step, 0])):
            continue
        before = step - 1 if step % 16 else step - 1 - (16 - grid.steps)
        for voice in range(4):
            previous, above = int(sounds_TV[before, voice]), int(sounds_TV[step, voice - 1]) if voice else -1
            place = step % 16
            yield (
                int(sounds_TV[step, voice]),
                ((voice,), (voice, previous), (voice, previous, place), (voice, previous, place, above)),
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path, help="the folder of a model of music")
    parser.add_argument("data", help="chorales in four voices: a folder or zip")
    parser.add_argument("--split", nargs="+", default=["valid", "test"], choices=["train", "valid", "test"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
