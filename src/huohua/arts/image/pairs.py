"""Pairs: fixed real works, and what an autoencoder makes of them again.

They are works it learns from, so the pairs show how well it holds on to what it has seen; how well it
does on a picture that it never saw is for `benchmarks/autoencoders.py` and for people to try.

Letters: N works, C condition, F features.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from huohua.adversarial.autoencoding import Autoencoder
from huohua.arts.image.datasets.dataset import ImageDataset
from huohua.arts.image.feed import as_pixels, as_samples
from huohua.randomness import numpy_generator

COMPARED = 64
CHUNK = 32
ROW_LABELS = ("work", "again")


class Pairs:
    """Measures and shows how works come back from their latents.

    Args:
        dataset: the real works.
        describe: pictures in [-1, 1] to feature_NF.
    """

    def __init__(self, dataset: ImageDataset, describe: Callable[[Tensor], NDArray[np.float64]]) -> None:
        count = min(len(dataset), COMPARED)
        chosen = np.sort(numpy_generator(0, "pairs").permutation(len(dataset))[:count])
        self.image_NCHW = as_samples(np.asarray(dataset.images_NHWC[chosen]))
        self.condition_NC = torch.from_numpy(np.asarray(dataset.condition_NC[chosen]))
        self.describe = describe

    def measure(self, network: Autoencoder) -> dict[str, float]:
        """Return how far reconstructions are from works, beside how far works are from one another.

        0 is a perfect reconstruction, 1 one that is no nearer to its work than another work is.

        Returns:
            `reconstruction_pixels`, by mean absolute differences of pixels, and `reconstruction_features`,
            by distances of features.
        """
        made_NCHW = rebuilt(network, self.image_NCHW, self.condition_NC)
        if not bool(made_NCHW.isfinite().all()):
            return {"reconstruction_pixels": float("nan")}
        real_NF, made_NF = self.describe(self.image_NCHW), self.describe(made_NCHW)
        return {
            "reconstruction_pixels": beside_others(
                np.abs(flat(self.image_NCHW) - flat(made_NCHW)).mean(1),
                np.abs(flat(self.image_NCHW) - np.roll(flat(self.image_NCHW), 1, 0)).mean(1),
            ),
            "reconstruction_features": beside_others(
                np.linalg.norm(real_NF - made_NF, axis=1),
                np.linalg.norm(real_NF - np.roll(real_NF, 1, 0), axis=1),
            ),
        }

    def rows(self, network: Autoencoder, columns: int, count: int = 2) -> tuple[NDArray[np.uint8], list[str]]:
        """Return pictures_NHWC, a row of works over one of their reconstructions, and labels of the rows."""
        count = min(count, max(1, len(self.image_NCHW) // columns))
        shown = torch.arange(count * columns) % len(self.image_NCHW)  # few works are shown again
        work_NCHW = self.image_NCHW[shown]
        made_NCHW = rebuilt(network, work_NCHW, self.condition_NC[shown])
        both = torch.stack([part.unflatten(0, (count, columns)) for part in (work_NCHW, made_NCHW)], dim=1)
        return as_pixels(both.flatten(0, 2)), list(ROW_LABELS) * count


@torch.inference_mode()
def rebuilt(network: Autoencoder, image_NCHW: Tensor, condition_NC: Tensor) -> Tensor:
    """Return pictures made again from the middle of where their latents lie, on the CPU."""
    device = next(network.parameters()).device
    pairs = zip(image_NCHW.split(CHUNK), condition_NC.split(CHUNK), strict=True)
    return torch.cat([network(network.encode(x.to(device)).mean_BZ, c.to(device)).cpu() for x, c in pairs])


def flat(image_NCHW: Tensor) -> NDArray[np.float64]:
    """Return pictures as rows of numbers."""
    return image_NCHW.flatten(1).double().numpy()


def beside_others(own_N: NDArray[np.float64], other_N: NDArray[np.float64]) -> float:
    """Return the mean of some distances as a share of the mean of others.

    Example:
        >>> beside_others(np.array([1.0, 2.0]), np.array([2.0, 4.0]))
        0.5
    """
    return float(own_N.mean() / max(float(other_N.mean()), 1e-12))
