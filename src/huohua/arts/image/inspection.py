"""Watching a picture generator grow: figures of fixed probes, and the sheet a person looks at.

The probes are fixed latents under fixed conditions, so that figures and sheets of one run can be
compared. Diversity is measured on ImageNet features of a network other than the one that judges, as
the mean distance between works that share a label, beside the same for the real works.

Letters: N works, C condition, Z latent, F features.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from huohua.adversarial.autoencoding import Autoencoder
from huohua.arts.image.datasets.dataset import ImageDataset
from huohua.arts.image.extractors import EfficientNet
from huohua.arts.image.feed import as_pixels, as_samples
from huohua.arts.image.pairs import Pairs
from huohua.metrics.diversity import diversity_ratio, within_class_ratio
from huohua.metrics.precision_recall import precision, recall
from huohua.randomness import numpy_generator, torch_generator

MOST_REAL = 1024  # real works described for comparison
PROBES = 128
COLUMNS = 8
CHUNK = 32


@dataclass(frozen=True, kw_only=True)
class Probes:
    """Fixed latents and conditions, and the class of each: its most telling label."""

    latent_NZ: Tensor
    condition_NC: Tensor
    class_N: tuple[str, ...]


def leading_group(groups: Mapping[str, Sequence[str]]) -> str | None:
    """Return the group of conditions that names what is in a picture: subject before style before others."""
    return next((group for group in ("subject", "style", *groups) if group in groups), None)


def probes_of(dataset: ImageDataset, *, latent: int, count: int = PROBES) -> Probes:
    """Return probes that ask for every label of the leading group alike, or for real works' conditions."""
    dice = torch_generator(0, "probes")
    latent_NZ = torch.randn(count, latent, generator=dice)
    labels = main_labels(dataset)
    names = sorted(set(labels) - {""})
    if len(names) < 2:
        chosen = numpy_generator(0, "probes").integers(0, len(dataset), count)
        condition = torch.from_numpy(dataset.condition_NC[chosen])
        return Probes(latent_NZ=latent_NZ, condition_NC=condition, class_N=("",) * count)
    most_common = sorted(names, key=lambda name: -labels.count(name))[:16]
    picked = [most_common[number % len(most_common)] for number in range(count)]
    condition_NC = _conditions_like(dataset, labels, picked, "probes")
    return Probes(latent_NZ=latent_NZ, condition_NC=condition_NC, class_N=tuple(picked))


def main_labels(dataset: ImageDataset) -> list[str]:
    """Return each work's first label in the leading group, or an empty word."""
    group = leading_group(dataset.conditions.groups)
    known = set(dataset.conditions.groups.get(group or "", ()))
    labels = [
        [name for name in entry.labels.get(group or "", ()) if name in known] for entry in dataset.entries
    ]
    return [names[0] if names else "" for names in labels]


class Growth:
    """Measures and draws a generator on fixed probes.

    Args:
        dataset: the real works, for comparison.
        latent: Z.
    """

    def __init__(self, dataset: ImageDataset, *, latent: int) -> None:
        self.describer = EfficientNet()
        self.probes = probes_of(dataset, latent=latent)
        count = min(len(dataset), MOST_REAL)
        chosen = np.sort(numpy_generator(0, "real works").permutation(len(dataset))[:count])
        self.real_NF = self.describer.describe(as_samples(np.asarray(dataset.images_NHWC[chosen])))
        labels = main_labels(dataset)
        self.real_class_N = [labels[number] for number in chosen]
        self.sheet_latent_NZ, self.sheet_condition_NC, self.row_labels = _sheet_probes(dataset, latent)
        self.pairs = Pairs(dataset, self.describer.describe)

    def measure(self, network: nn.Module) -> dict[str, float]:
        """Return diversity beside that of the real works, precision and recall of the probes."""
        fake_NF = self.describer.describe(draw(network, self.probes.latent_NZ, self.probes.condition_NC))
        if not np.isfinite(fake_NF).all():
            return {"diversity_ratio": float("nan")}
        ratio = diversity_ratio(fake_NF, self.real_NF)
        figures = {
            "diversity_ratio": ratio,
            "precision": precision(fake_NF, self.real_NF),
            "recall": recall(fake_NF, self.real_NF),
        }
        if len(set(self.probes.class_N)) > 1:
            figures["diversity_within"] = within_class_ratio(
                fake_NF, self.probes.class_N, self.real_NF, self.real_class_N
            )
        if isinstance(network, Autoencoder):
            figures |= self.pairs.measure(network)
        return figures

    def sheet(self, network: nn.Module) -> tuple[NDArray[np.uint8], list[str]]:
        """Return pictures_NHWC of the fixed sheet, row by row of `COLUMNS`, and a label for each row.

        That of an autoencoder begins with some works and what it makes of them again.
        """
        pixels_NHWC = as_pixels(draw(network, self.sheet_latent_NZ, self.sheet_condition_NC))
        if not isinstance(network, Autoencoder):
            return pixels_NHWC, self.row_labels
        first_NHWC, labels = self.pairs.rows(network, COLUMNS)
        new = self.row_labels or [""] * (len(pixels_NHWC) // COLUMNS)
        return np.concatenate([first_NHWC, pixels_NHWC]), labels + new


@torch.inference_mode()
def draw(network: nn.Module, latent_NZ: Tensor, condition_NC: Tensor) -> Tensor:
    """Return image_NCHW of a generator in evaluation mode, a few at a time, on the CPU."""
    device = next(network.parameters()).device
    pairs = zip(latent_NZ.split(CHUNK), condition_NC.split(CHUNK), strict=True)
    return torch.cat([network(z.to(device), c.to(device)).cpu() for z, c in pairs])


def _sheet_probes(dataset: ImageDataset, latent: int) -> tuple[Tensor, Tensor, list[str]]:
    dice = torch_generator(0, "sheet")
    group = leading_group(dataset.conditions.groups)
    labels = main_labels(dataset)
    names = sorted(set(labels) - {""}, key=lambda name: -labels.count(name))[:16]
    if group is None or len(names) < 2:
        count = COLUMNS * 8
        chosen = numpy_generator(0, "sheet").integers(0, len(dataset), count)
        return torch.randn(count, latent, generator=dice), torch.from_numpy(dataset.condition_NC[chosen]), []
    # One row a label and one latent a column: what stays the same down a column is the latent's doing.
    columns = torch.randn(COLUMNS, latent, generator=dice)
    picked = [name for name in sorted(names) for _ in range(COLUMNS)]
    condition_NC = _conditions_like(dataset, labels, picked, "sheet")
    return columns.repeat(len(names), 1), condition_NC, sorted(names)


def _conditions_like(dataset: ImageDataset, labels: Sequence[str], picked: Sequence[str], use: str) -> Tensor:
    """Return for each name the whole condition of a real work that bears it.

    A generator is trained on works with all their groups set; with the label alone it would be asked
    for something it has never seen, and its figures would speak of that.
    """
    bearers = {name: [row for row, label in enumerate(labels) if label == name] for name in set(picked)}
    dice = numpy_generator(0, use, "conditions")
    rows = [bearers[name][int(dice.integers(len(bearers[name])))] for name in picked]
    return torch.from_numpy(dataset.condition_NC[rows])
