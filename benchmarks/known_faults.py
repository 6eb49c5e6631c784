"""Do the figures of an evaluation tell faults that are known beforehand, and nothing else?

    python benchmarks/known_faults.py monet.zip --size 64

The works are halved. One half is what is measured against; the generators show the other half, or copies, or
spoilt works, so that what is wrong with each is known. What `huohua evaluate` says of them is written down.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from results_page import RESULTS, Page, circumstances, table
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.arts.image.datasets.dataset import ImageDataset, open_dataset
from huohua.arts.image.feed import as_pixels, as_samples
from huohua.arts.image.sheet import sheet
from huohua.arts.image.yardstick import ImageCollection, ImageYardstick
from huohua.randomness import numpy_generator
from huohua.studio.evaluate import Bench
from huohua.studio.evaluation import Evaluation
from huohua.studio.evaluation_reading import amount, judge, margin
from huohua.studio.evaluation_tables import Describer
from huohua.studio.image_model import ImageModel
from huohua.zoo.format import ModelConfig

FEW = 20  # works that the poor in ideas show over and over
COLUMNS = 12


class Deck(nn.Module):
    """A generator that deals pictures one after another, from the first again when all have been dealt."""

    def __init__(self, pictures: Tensor) -> None:
        super().__init__()
        self.pictures, self.dealt = pictures, 0

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return the next picture for each latent."""
        rows = (torch.arange(len(latent_BZ)) + self.dealt) % len(self.pictures)
        self.dealt += len(latent_BZ)
        return self.pictures[rows]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What an evaluation needs of a model."""

    name: str
    config: ModelConfig
    generator: nn.Module


def main() -> None:
    """Measure every fault and write the page."""
    options = _arguments()
    made = circumstances()
    torch.set_num_threads(options.threads)
    whole = open_dataset(options.data, height=options.size, width=options.size)
    order = numpy_generator(0, "halves").permutation(len(whole))[: options.works]
    measured, other = (as_samples(whole.images_NHWC[np.sort(half)]) for half in np.array_split(order, 2))
    works = ImageCollection(_of(whole, np.sort(np.array_split(order, 2)[0])))
    found, shown = {}, []
    for name, pictures in faults(measured, other).items():
        print(name, flush=True)
        shown += list(as_pixels(pictures[:COLUMNS]))
        found[name] = evaluate(name, pictures, works, options.extractor)
    page = Page(
        name=f"known-faults-{whole.name}-{options.extractor}", title="Known faults, measured", made=made
    )
    fill(page, found, np.stack(shown), works)
    record = {"figures": {name: each.as_record()["figures"] for name, each in found.items()}}
    print(page.write(options.out, record).read_text(encoding="utf-8"))


def faults(works: Tensor, other: Tensor) -> Mapping[str, Tensor]:
    """Return what each generator shows: `works` are measured against, `other` are new works like them."""
    dice = torch.Generator().manual_seed(0)
    tenth = len(other) // 10
    return {
        "other works of the same kind": other,
        "copies": works,
        "copies, mirrored and cropped": _cropped(works.flip(3)),
        "copies, soiled": _soiled(works, dice),
        "other works, a tenth of them copies": torch.cat([other[tenth:], works[:tenth]]),
        f"{FEW} other works over and over": other[:FEW].repeat(len(other) // FEW + 1, 1, 1, 1)[: len(other)],
        "other works, blurred": _blurred(other),
        "other works, soiled": _soiled(other, dice),
        "other works, their patches shuffled": _shuffled(other, dice),
        "noise": torch.rand(other.shape, generator=dice) * 2 - 1,
    }


def evaluate(name: str, pictures: Tensor, works: ImageCollection, extractor: str) -> Evaluation:
    """Return the evaluation of a generator that shows these pictures, each once."""
    count, channels, height, width = pictures.shape
    config = ModelConfig(
        art="image", generator="deck", latent=1, height=height, width=width, channels=channels, name=name
    )
    model = cast(ImageModel, Shown(name=name, config=config, generator=Deck(pictures)))
    yardstick = ImageYardstick()
    describer = Describer(yardstick.extractor(extractor))
    bench = Bench(model=model, yardstick=yardstick, describer=describer, works=works, seed=0)
    return bench.measure(count, lambda stage: lambda done, total: None)[0]


def fill(page: Page, found: Mapping[str, Evaluation], shown: np.ndarray, works: ImageCollection) -> None:
    """Write what was measured, what it was called, and what was shown."""
    first = next(iter(found.values()))
    names = [name for name, figure in first.figures.items() if figure.value is not None]
    page.add(
        f"{len(works)} works of {works.name} at {works.samples([0]).shape[2]} px are measured against, on "
        f"{first.extractor_title}; figures on {first.compared} samples against {first.compared} works. "
        f"{first.copies.power:.0%} of known near-copies are found, and {first.copies.false_alarms:.1%} of "
        "the works are taken for copies of another."
    )
    floors = ["*floor*", *(_number(first, name, floor=True) for name in names)]
    rows = [[each, *(_number(found[each], name) for name in names)] for each in found]
    page.add(table(["shown", *(name.replace("_", " ") for name in names)], [floors, *rows]))
    verdicts = [[name, judge(each, "en").light, judge(each, "en").summary] for name, each in found.items()]
    page.add(table(["shown", "light", "verdict"], verdicts, words=3))
    page.show("shown", sheet(shown, COLUMNS), "What each shows, row by row in the order of the tables.")


def _number(found: Evaluation, name: str, *, floor: bool = False) -> str:
    figure = found.figures[name]
    if figure.value is None:
        return "–"
    value, spread = (figure.floor, figure.floor_spread) if floor else (figure.value, figure.spread)
    return f"{amount(value)} ± {margin(spread)}"


def _of(whole: ImageDataset, rows: np.ndarray) -> ImageDataset:
    """Return some works of a dataset, as one without labels."""
    plain = whole.conditions.model_copy(update={"groups": {}, "scales": {}})
    return ImageDataset(
        name=whole.name, origin=whole.origin, licence=whole.licence, images_NHWC=whole.images_NHWC[rows],
        entries=tuple(whole.entries[row] for row in rows), conditions=plain,
        condition_NC=np.zeros((len(rows), 0), dtype=np.float32), fingerprint=whole.fingerprint,
    )  # fmt: skip


def _cropped(image_NCHW: Tensor) -> Tensor:
    side = image_NCHW.shape[2]
    edge = side // 20
    middle = image_NCHW[:, :, edge : side - edge, edge : side - edge]
    return F.interpolate(middle, (side, side), mode="bilinear", antialias=True)


def _soiled(image_NCHW: Tensor, dice: torch.Generator) -> Tensor:
    return (image_NCHW + 0.1 * torch.randn(image_NCHW.shape, generator=dice)).clamp(-1, 1)


def _blurred(image_NCHW: Tensor) -> Tensor:
    kernel = torch.ones(3, 1, 5, 5) / 25
    return F.conv2d(F.pad(image_NCHW, (2, 2, 2, 2), mode="reflect"), kernel, groups=3)


def _shuffled(image_NCHW: Tensor, dice: torch.Generator, cells: int = 8) -> Tensor:
    count, channels, side, _ = image_NCHW.shape
    cell = side // cells
    grid = image_NCHW[:, :, : cell * cells, : cell * cells].reshape(count, channels, cells, cell, cells, cell)
    tiles = grid.permute(0, 2, 4, 1, 3, 5).reshape(count, cells**2, channels, cell, cell)
    mixed = torch.stack([each[torch.randperm(cells**2, generator=dice)] for each in tiles])
    again = mixed.reshape(count, cells, cells, channels, cell, cell).permute(0, 3, 1, 4, 2, 5)
    return again.reshape(count, channels, cell * cells, cell * cells)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", help="works to halve: a folder, zip or name")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--works", type=int, default=800, help="at most so many are used")
    parser.add_argument("--extractor", default="efficientnet-lite1")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
