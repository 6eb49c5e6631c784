"""Mixing: some layers are told one latent, the others another.

Coarse layers settle where things are and what shape they have, fine ones their colours and textures, so
a mix takes the build of one work and the surface of another.

Source: Karras et al. 2019, "A Style-Based Generator Architecture for GANs", section 3.1 and figure 3.
"""

from __future__ import annotations

from collections.abc import Sequence


def crossover(layer_sizes: Sequence[int], size: int | None = None) -> int:
    """Return the number of the first fine layer.

    Args:
        layer_sizes: size of the work at each layer, coarse to fine.
        size: layers of works larger than this are fine; by default those of the finer half of the sizes.

    Raises:
        ValueError: the layers cannot be parted, at that size or at all.

    Example:
        >>> crossover((4, 8, 8, 16, 16, 32, 32)), crossover((4, 8, 8, 16, 16, 32, 32), size=16)
        (3, 5)
    """
    sizes = sorted(set(layer_sizes))
    if len(sizes) < 2:
        raise ValueError("a generator that is told everything at once cannot be mixed")
    border = sizes[(len(sizes) - 1) // 2] if size is None else size
    fine = sum(each <= border for each in layer_sizes)
    if not 0 < fine < len(layer_sizes):
        raise ValueError(f"no two parts meet at {border}; choose between {sizes[0]} and {sizes[-2]}")
    return fine
