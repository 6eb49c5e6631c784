"""How the pictures of a dataset reach a game: by number, as tensors, half of them mirrored.

A game that grows is fed pictures at the size reached so far, which is what saves its time. Conditions that
were measured are told a little wrong, each time otherwise: a dozen exact numbers are the signature of one
work, and a generator could learn to give back the work that they belong to.

Letters: B works, N all works, C condition.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from huohua.adversarial.game import Batch, Moment
from huohua.adversarial.schedule import Schedule
from huohua.arts.image.datasets.dataset import ImageDataset
from huohua.blocks.growth import partly_grown
from huohua.blocks.resampling import stages

BLUR = 0.1  # spread of the error in measured conditions, whose scales end at 1


class ImageWorks:
    """A dataset as the engine wants it.

    Args:
        dataset: the pictures and their conditions.
        mirror: whether to mirror half of the pictures, at random.
        device: where batches go.
        grow: share of all growth over time, as in `GrowingDuel`; grown up by default.
    """

    def __init__(
        self, dataset: ImageDataset, *, mirror: bool, device: torch.device, grow: Schedule | None = None
    ) -> None:
        self.grow, self.doublings = grow, stages(*dataset.images_NHWC.shape[1:3])[0]
        self.images_NHWC, self.condition_NC = dataset.images_NHWC, dataset.condition_NC
        space = dataset.conditions
        measured = [space.measured(group) for group, names in space.groups.items() for _ in names]
        self.blur_C = BLUR * torch.tensor(measured, dtype=torch.float32)
        self.mirror, self.device = mirror, device

    def __len__(self) -> int:
        """Return the number of works."""
        return len(self.images_NHWC)

    def take(self, numbers: NDArray[np.int64], moment: Moment) -> Batch:
        """Return pictures in [-1, 1], channels last, with their conditions."""
        image_BHWC = np.asarray(self.images_NHWC[numbers])
        if self.mirror:
            turned = (moment.draw("mirror", len(numbers)) < 0).numpy()
            image_BHWC = np.where(turned[:, None, None, None], image_BHWC[:, :, ::-1], image_BHWC)
        sample = as_samples(image_BHWC)
        if self.grow is not None:
            sample = partly_grown(sample, self.grow.at(moment.shown), self.doublings)
        return Batch(
            sample=sample.to(self.device),
            condition_BC=self._told(numbers, moment).to(self.device),
        )

    def _told(self, numbers: NDArray[np.int64], moment: Moment) -> torch.Tensor:
        """Return the conditions of works, measured ones with a small error that the moment decides."""
        condition_BC = torch.from_numpy(self.condition_NC[numbers])
        if not self.blur_C.any():
            return condition_BC
        return condition_BC + self.blur_C * moment.draw("measured conditions", *condition_BC.shape)


def as_samples(image_NHWC: NDArray[np.uint8]) -> torch.Tensor:
    """Return image_NCHW in [-1, 1] of pixels in 0 to 255; the layout stays channels last."""
    pixels = torch.from_numpy(np.array(image_NHWC)).permute(0, 3, 1, 2)
    return pixels.float() / 127.5 - 1


def as_pixels(image_NCHW: torch.Tensor) -> NDArray[np.uint8]:
    """Return pixels_NHWC in 0 to 255 of samples in [-1, 1], rounded."""
    levels = ((image_NCHW.detach().float().clamp(-1, 1) + 1) * 127.5).round().byte()
    return levels.permute(0, 2, 3, 1).contiguous().cpu().numpy()
