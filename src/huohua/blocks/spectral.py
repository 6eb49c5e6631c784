"""Spectral normalisation: a layer that cannot stretch any input by more than one."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations

AnyModule = TypeVar("AnyModule", bound=nn.Module)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)


def spectral(module: AnyModule, generator: torch.Generator, *, iterations: int = 15) -> AnyModule:
    """Divide the weight of `module` by its largest singular value, now and at every later forward.

    PyTorch starts the singular vectors from the global random state. Here they start from `generator`,
    the global state is left as it was, and so the same seed gives the same layer.

    Source: Miyato et al. 2018, "Spectral Normalization for Generative Adversarial Networks", section 2
    and algorithm 1.

    Args:
        module: a linear layer, a convolution or an embedding; it is changed in place and returned.
        generator: draws the first singular vector; a CPU generator.
        iterations: steps of power iteration before first use.
    """
    with torch.random.fork_rng(devices=[]):
        parametrizations.spectral_norm(module)
    norm = module.get_submodule("parametrizations.weight.0")
    weight = module.get_parameter("parametrizations.weight.original").detach()
    matrix = weight.movedim(1 if isinstance(module, TRANSPOSED) else 0, 0).flatten(1)
    start = torch.randn(len(matrix), generator=generator).to(matrix)
    left, right = singular_vectors(matrix, start, iterations)
    norm.get_buffer("_u").copy_(left)
    norm.get_buffer("_v").copy_(right)
    return module


def singular_vectors(matrix: Tensor, start: Tensor, iterations: int) -> tuple[Tensor, Tensor]:
    """Return near the first left and right singular vectors of `matrix`, by power iteration from `start`.

    Source: Miyato et al. 2018, "Spectral Normalization for Generative Adversarial Networks",
    equation 18 (appendix A).
    """
    left = F.normalize(start, dim=0)
    right = F.normalize(matrix.mT @ left, dim=0)
    for _ in range(iterations):
        left = F.normalize(matrix @ right, dim=0)
        right = F.normalize(matrix.mT @ left, dim=0)
    return left, right
