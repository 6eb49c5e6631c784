"""Feature matching: the average fake work should look to the discriminator like the average real one.

Shape letters:  B works,  C channels,  ... positions.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def feature_matching(real_features: Sequence[Tensor], fake_features: Sequence[Tensor]) -> Tensor:
    """Return |E f(real) - E f(fake)|^2, averaged over the layers f of a discriminator.

    The expectation is taken over works and positions, so each layer is compared by one vector of C
    numbers. Real features are targets and receive no gradient.

    Source: Salimans et al. 2016, "Improved Techniques for Training GANs", section 3.1.

    Args:
        real_features: for each layer the features of real works, (B, C, ...).
        fake_features: for the same layers those of fake works; their number of works may differ.

    Raises:
        ValueError: there are no layers, or not as many real as fake ones.

    Example:
        >>> real = [torch.tensor([[1.0, 0.0], [3.0, 0.0]])]  # mean (2, 0)
        >>> fake = [torch.tensor([[0.0, 1.0]])]  # mean (0, 1)
        >>> feature_matching(real, fake).item()  # 2^2 + 1^2
        5.0
    """
    if not real_features:
        raise ValueError("Feature matching needs the features of at least one layer.")
    distances = [
        (_mean_C(real.detach()) - _mean_C(fake)).square().sum()
        for real, fake in zip(real_features, fake_features, strict=True)
    ]
    return torch.stack(distances).mean()


def _mean_C(feature: Tensor) -> Tensor:
    return feature.mean(dim=[axis for axis in range(feature.ndim) if axis != 1])
