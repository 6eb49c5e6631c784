"""What an autoencoder pays: for works that do not come back as they were, and for latents that stray.

Both are counted in nats, as a likelihood is, so that neither needs a weight that somebody has to guess.

Shape letters:  B works,  Z latent,  K channels of features.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

# Errors are not chased below the rounding of a picture to 256 levels in [-1, 1]: (2 / 255)^2 / 12.
ROUNDING = 5e-6


def kl_to_normal(mean_BZ: Tensor, log_variance_BZ: Tensor) -> Tensor:
    """Return KL(N(mean, variance) || N(0, 1)) in nats, summed over the latent, averaged over works.

    Source: Kingma and Welling 2014, "Auto-Encoding Variational Bayes", appendix B:
    -1/2 the sum of 1 + log variance - mean^2 - variance.

    Example:
        >>> kl_to_normal(torch.tensor([[2.0, 0.0]]), torch.zeros(1, 2)).item()  # 2^2 / 2
        2.0
    """
    return (mean_BZ.square() + log_variance_BZ.exp() - 1 - log_variance_BZ).sum(1).mean() / 2


def calibrated_error(real: Tensor, made: Tensor) -> Tensor:
    """Return log of the root mean squared error of works: nats per number.

    It is the negative log-likelihood of works under a normal distribution around their reconstructions
    whose spread is the one that suits them best, up to a constant. So the weight of an error is one over
    its own size, and neither a coarse nor a fine autoencoder needs another weight beside the KL term.
    The spread is one for the works shown together; shared out in parts, each part has its own.

    Source: Rybkin et al. 2021, "Simple and Effective VAE Training with Calibrated Decoders", section 3.

    Args:
        real: works, (B, ...); they receive no gradient.
        made: their reconstructions.

    Example:
        >>> made = torch.tensor([[1.0, -1.0]])  # both numbers are off by one: log 1
        >>> round(calibrated_error(torch.zeros(1, 2), made).item(), 4)
        0.0
    """
    return ((real.detach() - made).square().mean() + ROUNDING).log() / 2


def feature_error(real_features: Sequence[Tensor], made_features: Sequence[Tensor]) -> Tensor:
    """Return the calibrated error of reconstructions as a discriminator sees them, averaged over layers.

    Two pictures of the same leaves in another wind differ in every pixel and in few features. The paper
    takes one layer and a spread of one; here all layers count alike, each with its own spread, because
    the size of features changes while their discriminator learns.

    Source: Larsen et al. 2016, "Autoencoding beyond Pixels Using a Learned Similarity Metric",
    equation 7.

    Args:
        real_features: for each layer the features of works, (B, K, ...); they receive no gradient.
        made_features: for the same layers those of their reconstructions.

    Raises:
        ValueError: there are no layers, or not as many of one as of the other.

    Example:
        >>> real, made = [torch.zeros(1, 2)] * 2, [torch.ones(1, 2), torch.full((1, 2), torch.e)]
        >>> round(feature_error(real, made).item(), 4)  # (log 1 + log e) / 2
        0.5
    """
    if not real_features:
        raise ValueError("A reconstruction is compared by the features of at least one layer.")
    pairs = zip(real_features, made_features, strict=True)
    return torch.stack([calibrated_error(real.float(), made.float()) for real, made in pairs]).mean()
