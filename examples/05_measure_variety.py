"""How varied are the works of a model, and how varied are the works it learnt from?

python examples/05_measure_variety.py runs/fruit my_pictures

`huohua evaluate` does this for you, over many halves and with a report; here is what it is made of.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import huohua
from huohua.arts.image.datasets.dataset import open_dataset
from huohua.arts.image.extractors import build_extractor
from huohua.arts.image.feed import as_samples
from huohua.metrics.perceptual import perceptual_rows
from huohua.metrics.table import METRICS

Pictures = NDArray[np.uint8]
Rows = NDArray[np.floating]


def describe(pictures_NHWC: Pictures) -> dict[str, Rows]:
    """Return what figures are measured on: a description of each picture, and its looks on several scales."""
    seen = build_extractor("efficientnet-lite1").look(as_samples(pictures_NHWC))
    return {"description": seen.feature_NF, "scales": perceptual_rows(seen.tap_LNCP)}


def main(model_name: str | Path, data: str | Path, *, count: int = 64) -> dict[str, float]:
    """Print and return every figure of new works against real ones, and of real against real."""
    model = huohua.load(model_name)
    real = open_dataset(data, **model.config.frame.model_dump())
    works = model.create(seed=0, count=count)
    fake = describe(np.stack([np.asarray(work.image.convert("RGB")) for work in works]))
    whole = describe(real.images_NHWC[: 2 * count])

    figures = {}
    for name, metric in METRICS.items():
        fake_NF, real_NF = fake[metric.of], whole[metric.of]
        figures[name] = metric.function(fake_NF, real_NF)
        floor = metric.function(real_NF[::2], real_NF[1::2])
        print(f"{name:20} {figures[name]:8.3f}   real against real {floor:8.3f}   {metric.better} is better")
    return figures


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
