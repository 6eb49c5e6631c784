"""The page of `quality_at_equal_minutes.py`: tables, what is reached, and sheets side by side."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from quality_words import DCGAN, MOST_OF_DCGAN, OURS
from results_page import Page, table
from sheet_rows import stacked

from huohua.arts.image.sheet import sheet

COLUMNS = 12
TITLES = {"efficientnet-lite1": "Lite1", "vgg16": "VGG16"}
SIDES = {"to_trained": "trained", "to_held_out": "held-out"}


def fill(
    page: Page,
    records: Mapping[str, Mapping[str, Any]],
    qualities: Mapping[str, Any],
    problems: Sequence[str],
    options: argparse.Namespace,
) -> None:
    """Put results on the page."""
    page.add(
        f"{options.minutes:g} minutes of the clock each, {options.threads} thread(s), {options.size} px, "
        f"batch {options.batch} (ours: its own), {options.samples} pictures of each. Distances are kernel "
        f"distances × 1000, means over 100 subsets of at most {options.subset} pictures ± their standard "
        "deviation: to the works learnt from, and to a tenth of the dataset that nobody learnt from. *Lite1* "
        "is EfficientNet-Lite1, a relative of what our discriminator sees with; *VGG16* is used by no "
        "discriminator. *Copied* is the share of pictures more like a work learnt from than 99 in 100 of "
        "those works are like each other. *Diversity* is on VGG16. *Load* is the system's before and after.",
        "Our minutes include previews, measurements and checkpoints; the others' count their rounds only. "
        "Our samples ask for what works learnt from have, drawn at random; the others know no labels. The "
        "peers play one batch a round and do not gather gradients over several: this gives them more steps.",
        *problems,
    )
    for few in dict.fromkeys(record["set"] for record in records.values()):
        own = {name: record for name, record in records.items() if record["set"] == few}
        page.add(
            f"## Learnt from: {few if few == 'all' else few + ' works'}",
            distances(own, qualities, few),
            reached(own, qualities),
        )
    page.add("## Seen with the eyes", options.eyes)
    for few in dict.fromkeys(record["set"] for record in records.values()):
        own_names = [name for name, record in records.items() if record["set"] == few]
        text = f"The first {COLUMNS} pictures of each, none chosen, and real works; learnt from: {few}."
        page.show(few, first_pictures(own_names, options.work, few), text)
    ours = [name for name, record in records.items() if (record["who"], record["seed"]) == (OURS, 0)]
    if ours:
        text = "Our first pictures (above), and beneath each the work learnt from that it is most like."
        page.show("nearest", beside_nearest(ours, options.work), text)


def distances(records: Mapping[str, Mapping[str, Any]], qualities: Mapping[str, Any], few: str) -> str:
    """Return what was measured of each training on one set, the real works last."""
    networks = list(qualities[f"{few}-real"]["to_trained"])
    heads = ["who", "seed", "shown", "processor minutes"]
    heads += [f"{TITLES[network]}, {side}" for network in networks for side in SIDES.values()]
    heads += ["copied", "diversity", "memory", "load"]
    rows = []
    for name, record in records.items():
        load = f"{record['load_before']:.1f}, {record['load_after']:.1f}"
        minutes = f"{record['processor_seconds'] / 60:.1f}"
        memory = f"{record['peak_memory_bytes'] / 1e9:.1f} GB"
        row = [record["who"], record["seed"], record["shown"], minutes]
        rows.append([*row, *_measured(qualities[name], networks), memory, load])
    rows.append(["real works", "", "", "", *_measured(qualities[f"{few}-real"], networks), "", ""])
    return table(heads, rows)


def reached(records: Mapping[str, Mapping[str, Any]], qualities: Mapping[str, Any]) -> str:
    """Return our distances beside each other contestant's, means over seeds, and what was to be shown."""
    means = _means(records, qualities)
    if OURS not in means:
        return ""
    rows = []
    for who in [who for who in means if who != OURS]:
        most = MOST_OF_DCGAN if who == DCGAN else 1.0
        ratios = {key: means[OURS][key] / value for key, value in means[who].items() if value > 0}
        verdict = (
            "yes" if len(ratios) == len(means[who]) and all(r <= most for r in ratios.values()) else "no"
        )
        shown = [f"{ratios[key]:.2f}" if key in ratios else "–" for key in means[who]]
        rows.append([f"ours / {who}", *shown, f"≤ {most:g}" if who == DCGAN else "< 1", verdict])
    return table(["mean over seeds", *next(iter(means.values())), "to be shown", "shown"], rows)


def first_pictures(names: Sequence[str], work: Path, few: str) -> Image.Image:
    """Return one row of pictures for each training, and a row of works that were learnt from."""
    rows = {name.removeprefix(f"{few}-"): _row(np.load(work / name / "pictures.npy")) for name in names}
    return stacked({**rows, "real works": _row(np.load(work / f"real-{few}.npy"))})


def beside_nearest(names: Sequence[str], work: Path) -> Image.Image:
    """Return pictures above the works they are most like."""
    rows = {}
    for name in names:
        rows[name] = _row(np.load(work / name / "pictures.npy"))
        rows[f"{name}: nearest"] = _row(np.load(work / name / "nearest.npy"))
    return stacked(rows)


def _row(pixels_NHWC: np.ndarray) -> Image.Image:
    return sheet(pixels_NHWC[:COLUMNS], columns=COLUMNS, gap=1)


def _measured(quality: Mapping[str, Any], networks: Sequence[str]) -> list[str]:
    cells = []
    for network in networks:
        for side in SIDES:
            distance = quality[side][network]
            cells.append(f"{1000 * distance['mean']:.1f} ± {1000 * distance['spread']:.1f}")
    return [*cells, f"{quality['copied']:.1%}", f"{quality['diversity']:.2f}"]


def _means(
    records: Mapping[str, Mapping[str, Any]], qualities: Mapping[str, Any]
) -> dict[str, dict[str, float]]:
    """Return each contestant's distances, means over its seeds."""
    found: dict[str, dict[str, list[float]]] = {}
    for name, record in records.items():
        for side, word in SIDES.items():
            for network, distance in qualities[name][side].items():
                key = f"{TITLES[network]}, {word}"
                found.setdefault(record["who"], {}).setdefault(key, []).append(distance["mean"])
    return {
        who: {key: statistics.fmean(values) for key, values in each.items()} for who, each in found.items()
    }
