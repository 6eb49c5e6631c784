"""How varied are the works of a model, and how varied are the works it learnt from?

python examples/05_measure_variety.py runs/fruit my_pictures
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

import huohua
from huohua.arts.image.datasets.dataset import open_dataset
from huohua.arts.image.features import FrozenFeatures
from huohua.metrics.table import METRICS

Pictures = NDArray[np.uint8]


def describe(pictures_NHWC: Pictures) -> NDArray[np.float32]:
    """Return the features of pictures, seen at 128 pixels by the network kept for measuring."""
    network = FrozenFeatures("lite1")
    image_BCHW = torch.tensor(pictures_NHWC).permute(0, 3, 1, 2) / 127.5 - 1
    image_BCHW = torch.nn.functional.interpolate(image_BCHW, size=128, mode="bilinear", antialias=True)
    with torch.inference_mode():
        features: NDArray[np.float32] = network(image_BCHW).numpy()
    return features


def main(model_name: str | Path, data: str | Path, *, count: int = 64) -> dict[str, float]:
    """Print and return every figure of new works against real ones, and of real against real."""
    model = huohua.load(model_name)
    real = open_dataset(data, height=model.config.height, width=model.config.width)
    works = model.create(seed=0, count=count)
    fake_NF = describe(np.stack([np.asarray(work.image.convert("RGB")) for work in works]))
    real_NF = describe(real.images_NHWC[: 2 * count])

    figures = {}
    for name, metric in METRICS.items():
        figures[name] = metric.function(fake_NF, real_NF)
        floor = metric.function(real_NF[::2], real_NF[1::2])
        print(f"{name:20} {figures[name]:8.3f}   real against real {floor:8.3f}   {metric.better} is better")
    return figures


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
