"""How a discriminator of pixels sees works: augmented, and laid out for fast convolutions.

Source: Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training", equation 3:
real and fake works are augmented alike, in both turns.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from huohua.adversarial.game import Seen
from huohua.arts.image.augment import augment


class HasPolicy(Protocol):
    """Settings that name the augmentations of a view."""

    @property
    def policy(self) -> tuple[str, ...]:
        """Return names in `AUGMENTATIONS`, in their order."""
        ...


class PixelView:
    """Augmentation and nothing else: (works, strength, dice) to works.

    Args:
        settings: which augmentations.
    """

    def __init__(self, settings: HasPolicy) -> None:
        self.policy = settings.policy

    def __call__(self, image_BCHW: Tensor, strength: float, dice: torch.Generator) -> Seen:
        """Return the augmented works, channels last, in the type that convolutions will run in."""
        image_BCHW = augment(image_BCHW, strength, dice, self.policy)
        image_BCHW = image_BCHW.contiguous(memory_format=torch.channels_last)
        if torch.is_autocast_enabled(image_BCHW.device.type):
            image_BCHW = image_BCHW.to(torch.get_autocast_dtype(image_BCHW.device.type))
        return image_BCHW
