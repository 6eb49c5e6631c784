"""How near a model comes to pictures it never saw, when it searches for them.

    python benchmarks/inversion.py pomological_watercolors.zip --minutes 30 --threads 2 --work runs/inversion

A model learns from all works but the held-out ones, which are chosen by a fixed seed; a run that is there
is gone on with. Then held-out pictures, and as many that it learnt from, are inverted. Beside both stands
what needs no model: of the works learnt from, the one that looks nearest to the picture. With `--model` a
model that was trained on `WORK/sets/trained` by other means is measured instead.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from results_page import RESULTS, Page, circumstances, table
from subsets import write_subset

import huohua
from huohua.arts.image.datasets.dataset import ImageDataset, open_dataset
from huohua.arts.image.datasets.table import open_source
from huohua.arts.image.feed import as_samples
from huohua.arts.image.fidelity import peak_signal_to_noise, structural_similarity
from huohua.arts.image.perceptual import PerceptualRows
from huohua.arts.image.sheet import sheet
from huohua.randomness import numpy_generator
from huohua.studio.image_model import ImageModel
from huohua.studio.inversion import SEARCHED_WITH, Inverted, invert_all, looks_apart, searching
from huohua.studio.opening import load

SETS = {"held-out": "never seen", "trained": "learnt from"}
NEAREST = "nearest work learnt from, to held-out pictures"
FIGURES = ("signal_to_noise", "similarity", "distance")
HEADS = ("PSNR, dB", "SSIM", "distance, EfficientNet-Lite1")
CHUNK = 32


def main() -> None:
    """Split, train if there is no model, invert, and write the page."""
    options = _arguments()
    made = circumstances()
    places = write_sets(options.data, options.work, options.hold)
    model = load(options.model) if options.model else _trained(options, places["trained"])
    given = {name: _pictures(place, model, options.hold) for name, place in places.items()}
    found, seconds = {}, {}
    for name, pictures in given.items():
        print(f"inverting {len(pictures)} pictures, {SETS[name]}", flush=True)
        started = time.process_time()
        found[name] = invert_all(
            pictures, model, settings=searching(steps=options.steps, starts=options.starts)
        )
        seconds[name] = (time.process_time() - started) / len(pictures)
    figures = {name: _figures(each) for name, each in found.items()}
    nearest = _nearest(given["held-out"], _dataset(places["trained"], model))
    figures[NEAREST] = _compared(given["held-out"], nearest)
    page = Page(name=f"inversion-{model.name}", title="Pictures inverted", made=made)
    fill(page, model, found, nearest, figures, seconds, options)
    record = {"model": model.config.model_dump(mode="json", exclude={"typical"}), "figures": figures}
    print(page.write(options.out, {**record, "processor_seconds_each": seconds}).read_text(encoding="utf-8"))


def write_sets(data: str, work: Path, hold: int) -> dict[str, Path]:
    """Write the works learnt from and those held out into folders, unless they are there."""
    with closing(open_source(data)) as source:
        names = [entry.name for entry in source.entries()]
    order = numpy_generator(0, "held out").permutation(len(names))
    held_out = {names[number] for number in order[:hold]}
    sets = {"held-out": sorted(held_out), "trained": sorted(set(names) - held_out)}
    return {name: write_subset(data, chosen, work / "sets" / name) for name, chosen in sets.items()}


def _trained(options: argparse.Namespace, place: Path) -> ImageModel:
    return huohua.train(
        "image",
        place,
        preset=options.preset,
        size=options.size,
        minutes=options.minutes,
        threads=options.threads,
        out=options.work / "run",
        name=f"all-but-{options.hold}",
    )


def _dataset(place: Path, model: ImageModel) -> ImageDataset:
    config = model.config
    return open_dataset(place, **config.frame.model_dump())


def _pictures(place: Path, model: ImageModel, count: int) -> list[Image.Image]:
    """Return so many works of a folder as the model sees them, chosen by a fixed seed."""
    images_NHWC = _dataset(place, model).images_NHWC
    chosen = np.sort(numpy_generator(0, "inverted").permutation(len(images_NHWC))[:count])
    return [Image.fromarray(np.asarray(images_NHWC[number]).squeeze()) for number in chosen]


@torch.inference_mode()
def _nearest(pictures: Sequence[Image.Image], learnt: ImageDataset) -> list[Image.Image]:
    """Return for each picture the work that looks nearest to the network that searches."""
    describe = PerceptualRows(SEARCHED_WITH)
    target_PS = describe(as_samples(_stacked(pictures)))
    apart = []
    for start in range(0, len(learnt), CHUNK):
        apart.append(torch.cdist(target_PS, describe(as_samples(learnt.images_NHWC[start : start + CHUNK]))))
    return [
        Image.fromarray(np.asarray(learnt.images_NHWC[int(number)]).squeeze())
        for number in torch.cat(apart, dim=1).argmin(1)
    ]


def _stacked(pictures: Sequence[Image.Image]) -> np.ndarray:
    pixels = np.stack([np.asarray(picture) for picture in pictures])
    return pixels if pixels.ndim == 4 else pixels[..., None]


def _figures(found: Sequence[Inverted]) -> dict[str, float]:
    return {name: statistics.fmean(each.figures[name] for each in found) for name in FIGURES}


def _compared(one: Sequence[Image.Image], other: Sequence[Image.Image]) -> dict[str, float]:
    first_NHWC, second_NHWC = _stacked(one), _stacked(other)
    pairs = list(zip(first_NHWC, second_NHWC, strict=True))
    return {
        "signal_to_noise": statistics.fmean(peak_signal_to_noise(*pair) for pair in pairs),
        "similarity": statistics.fmean(structural_similarity(*pair) for pair in pairs),
        "distance": statistics.fmean(looks_apart(first_NHWC, second_NHWC)),
    }


def fill(
    page: Page,
    model: ImageModel,
    found: Mapping[str, Sequence[Inverted]],
    nearest: Sequence[Image.Image],
    figures: Mapping[str, Mapping[str, float]],
    seconds: Mapping[str, float],
    options: argparse.Namespace,
) -> None:
    """Put the tables and the sheets on the page."""
    config = model.config
    page.add(
        f"{options.hold} works of {Path(options.data).name}, chosen by a fixed seed, were held out; "
        f"the model ({config.generator}, {config.frame.width} × {config.frame.height}) learnt from "
        f"{config.trained.works:,} works, "
        f"{config.trained.shown / 1000:,.1f} kimg in {config.trained.seconds / 60:,.1f} minutes. "
        + (
            "It was given, and that it never saw the held-out works is not checked here."
            if options.model
            else ""
        ),
        f"{options.steps} steps from {options.starts} starts; "
        + " and ".join(
            f"{each:.1f} s of processor a picture ({SETS[name]})" for name, each in seconds.items()
        )
        + ".",
        "Pixels are compared in 8 bits. The distance is that of several scales of EfficientNet-Lite1, which "
        "the search does not see (it looks through Lite0 and pixels); 0 is equal. Means over the pictures.",
        table(
            ["pictures", *HEADS],
            [
                [
                    SETS.get(name, name),
                    f"{f['signal_to_noise']:.2f}",
                    f"{f['similarity']:.3f}",
                    f"{f['distance']:.3f}",
                ]
                for name, f in figures.items()
            ],
        ),
    )
    for name, each in found.items():
        rows = [[one.picture for one in each], [one.work.image for one in each]]
        labels = ["picture", "inverted"]
        if name == "held-out":
            rows.append(list(nearest))
            labels.append("nearest")
        cut = 10
        parts = [row[start : start + cut] for start in range(0, len(each), cut) for row in rows]
        images = [image for part in parts for image in _filled(part, cut)]
        page.show(
            name, sheet(images, cut, row_labels=labels * (len(parts) // len(rows))),
            f"Pictures {SETS[name]}, and what was found for each below it"
            + ("; then the nearest of the works learnt from." if name == "held-out" else "."),
        )  # fmt: skip


def _filled(row: Sequence[Image.Image], columns: int) -> list[Image.Image]:
    """Return a row of a sheet, empty cells at its end where pictures are missing."""
    return [*row, *[Image.new("RGB", row[0].size, "white")] * (columns - len(row))]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", help="as for training")
    parser.add_argument(
        "--work", type=Path, default=Path("runs/inversion"), help="where sets and run are kept"
    )
    parser.add_argument("--hold", type=int, default=20, help="works held out, at least 8")
    parser.add_argument(
        "--model", help="a model that was trained on WORK/sets/trained, in place of training one"
    )
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--size", default="64")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
