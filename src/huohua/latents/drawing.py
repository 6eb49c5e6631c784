"""The latent of a work, drawn from its seed and its number: the one place where that is done.

A model names the dice its latents are drawn with, because a recipe says no more than seed and number.
Models of today use the stream of `randomness.normal_numbers`, which needs no torch and is the same on
every machine. Models trained before it was written use torch's, as they always did.

Letters: Z latent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from huohua.randomness import normal_numbers, torch_generator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Dice = Literal["shake", "torch"]


def drawn(dice: Dice, seed: int, index: int, length: int) -> NDArray[np.float32]:
    """Return latent_Z of work number `index` of a creation, Z numbers of the normal distribution.

    Args:
        dice: which stream; `ModelConfig.dice` of the model.
        seed: the seed of the creation.
        index: the number of the work in it.
        length: Z.
    """
    if dice == "shake":
        return normal_numbers(length, seed, "latent", index)
    import torch

    latent_BZ = torch.randn(1, length, generator=torch_generator(seed, "latent", index))
    latent_Z: NDArray[np.float32] = latent_BZ[0].numpy()
    return latent_Z
