"""Randomness as an argument: generators that depend on nothing but a seed and a name.

A long run never stores the state of a random generator. Every draw is made from a generator built
afresh from (seed, what it is for, when it is), so that a resumed run draws the same numbers as one
that was never stopped, and a second process can draw the whole batch and keep its share.

Latents of works are drawn without any library's generator (`normal_numbers`): a recipe must give the
same latent after an upgrade, on another processor, and in a program that has no torch.

Source: the per-step reseeding of Karras et al., "Analyzing and Improving the Training Dynamics of
Diffusion Models" (2024), whose training loop seeds from (seed, rank, images shown).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray


def derive_seed(seed: int, *names: int | str) -> int:
    """Mix a seed with names and numbers into a new seed of 63 bits, the same on every machine.

    Example:
        >>> derive_seed(7, "latent", 3) == derive_seed(7, "latent", 3)
        True
        >>> derive_seed(7, "latent", 3) == derive_seed(7, "latent", 4)
        False
    """
    text = "\x1f".join([str(seed), *(f"{type(name).__name__}:{name}" for name in names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def torch_generator(seed: int, *names: int | str, device: str | torch.device = "cpu") -> torch.Generator:
    """Return a torch generator for one named use of `seed`."""
    import torch

    return torch.Generator(device=device).manual_seed(derive_seed(seed, *names))


def numpy_generator(seed: int, *names: int | str) -> np.random.Generator:
    """Return a NumPy generator for one named use of `seed`."""
    import numpy as np

    return np.random.default_rng(derive_seed(seed, *names))


def normal_numbers(count: int, seed: int, *names: int | str) -> NDArray[np.float32]:
    """Return `count` numbers of the standard normal distribution for one named use of `seed`.

    The stream is ours and frozen: SHAKE-256 of the derived seed, eight bytes a number, little end first,
    whose upper 53 bits are a uniform number; then the transform of Box and Muller in 64 bits, pair by pair
    (cosine first), rounded to 32. Whatever the last bit of a logarithm is on a machine, the rounding hides.

    Source: Box and Muller 1958, "A Note on the Generation of Random Normal Deviates", equation 1;
    SHAKE-256 is FIPS 202, section 6.2.

    Example:
        >>> [round(float(number), 4) for number in normal_numbers(3, 7, "latent", 0)]
        [-1.0628, -1.4656, 0.694]
    """
    import numpy as np

    pairs = -(-count // 2)
    stream = hashlib.shake_256(derive_seed(seed, *names).to_bytes(8, "little")).digest(16 * pairs)
    bits = np.frombuffer(stream, "<u8").reshape(pairs, 2) >> np.uint64(11)
    uniform = bits.astype(np.float64) * 2.0**-53
    radius = np.sqrt(-2.0 * np.log1p(-uniform[:, 0]))  # of 1 - u, which is never zero
    angle = 2.0 * np.pi * uniform[:, 1]
    both = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return both.reshape(-1)[:count].astype(np.float32)
