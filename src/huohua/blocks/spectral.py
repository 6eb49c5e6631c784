"""Spectral normalisation: a layer that cannot stretch any input by more than one.

PyTorch's own does the same and is the slow twin in the tests. Here the matrix is read in the order in
which it lies in memory, its norm falls out of the step of power iteration, the result comes in the type
in which it will be used, and the backward pass is written out: with few works in a round this was a
quarter of the whole.
"""

from __future__ import annotations

from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrize

AnyModule = TypeVar("AnyModule", bound=nn.Module)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
TINY = 1e-12


class _DividedByNorm(torch.autograd.Function):
    """(weight, left_O, right_I, norm, dtype) -> weight / norm; the norm is left . weight . right.

    With q = weight / norm and g the slope at q, the slope at the weight is (g - <g, q> left right^T) / norm.
    The matrix is the weight with its first dimension as rows.
    """

    @staticmethod
    def forward(
        ctx: Any, weight: Tensor, left: Tensor, right: Tensor, norm: Tensor, dtype: torch.dtype
    ) -> Tensor:
        ctx.save_for_backward(weight, left, right, norm)
        return (weight / norm).to(dtype)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *slopes: Any) -> Any:
        weight, left, right, norm = ctx.saved_tensors
        slope = torch.empty_like(weight).copy_(slopes[0])
        along = torch.dot(in_memory_order(slope).reshape(-1), in_memory_order(weight).reshape(-1)) / norm
        # The slope is a tensor of our own, so it may be changed where it lies.
        changed = in_memory_order(slope).addr_(left * -along, right).div_(norm)
        return _as_it_was(changed, weight), None, None, None, None


class SpectralNorm(nn.Module):
    """A parametrisation that divides a weight by its largest singular value.

    While it trains, each use makes one more step of power iteration.

    Args:
        left_O: near the first left singular vector; O are the weight's outputs.
        right_I: near the first right singular vector; I is all the rest of the weight, in its order.
        rows: which dimension of the weight are its outputs.

    Source: Miyato et al. 2018, "Spectral Normalization for Generative Adversarial Networks", algorithm 1.
    """

    _u: Tensor
    _v: Tensor

    def __init__(self, left_O: Tensor, right_I: Tensor, *, rows: int = 0) -> None:
        super().__init__()
        self.rows = rows
        # These are PyTorch's names, so that checkpoints fit either.
        self.register_buffer("_u", left_O)
        self.register_buffer("_v", right_I)

    def forward(self, weight: Tensor) -> Tensor:
        """Return the weight divided by its norm, under autocast in the type that is cast to."""
        outputs_first = weight.movedim(self.rows, 0)
        with torch.no_grad():
            left, right, norm = self._step(outputs_first)
        place = weight.device.type
        dtype = torch.get_autocast_dtype(place) if torch.is_autocast_enabled(place) else weight.dtype
        divided: Tensor = _DividedByNorm.apply(outputs_first, left, right, norm, dtype)  # type: ignore[no-untyped-call]
        return divided.movedim(0, self.rows)

    def right_inverse(self, weight: Tensor) -> Tensor:
        """Return the weight as it is to be kept, when one is set from outside."""
        return weight

    def _step(self, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return both vectors, in the order of memory, and the norm; while training after one more step."""
        matrix, shape = in_memory_order(weight), weight.shape[1:]
        with torch.autocast(weight.device.type, enabled=False):
            right = in_memory_order(self._v.view(1, *shape), like=weight)[0]
            if not self.training:
                return self._u.clone(), right.clone(), torch.dot(self._u, torch.mv(matrix, right))
            left = F.normalize(torch.mv(matrix, right), dim=0, eps=TINY)
            right = torch.mv(matrix.mT, left)
            norm = torch.linalg.vector_norm(right)
            right = right / norm.clamp(min=TINY)
            self._u.copy_(left)
            self._v.copy_(_as_it_was(right[None], weight[:1]).reshape(-1))
        return left, right, norm


def spectral(module: AnyModule, generator: torch.Generator, *, iterations: int = 15) -> AnyModule:
    """Divide the weight of `module` by its largest singular value, now and at every later forward.

    The singular vectors start from `generator`, so the same seed gives the same layer.

    Source: Miyato et al. 2018, "Spectral Normalization for Generative Adversarial Networks", section 2
    and algorithm 1.

    Args:
        module: a linear layer, a convolution or an embedding; it is changed in place and returned.
        generator: draws the first singular vector; a CPU generator.
        iterations: steps of power iteration before first use.
    """
    rows = 1 if isinstance(module, TRANSPOSED) else 0
    weight = module.get_parameter("weight").detach()
    matrix = weight.movedim(rows, 0).flatten(1)
    start = torch.randn(len(matrix), generator=generator).to(matrix)
    norm = SpectralNorm(*singular_vectors(matrix, start, iterations), rows=rows)
    # Unsafe only in that the type may change, which is what autocast would do as well.
    parametrize.register_parametrization(module, "weight", norm, unsafe=True)
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


def in_memory_order(weight: Tensor, *, like: Tensor | None = None) -> Tensor:
    """Return a weight as a matrix whose columns are in the order in which they lie in memory.

    For a weight with channels last that is a view, where flattening would copy. The order is that of
    `like`, if it is given. The singular values are the same in any order of the columns.
    """
    if weight.ndim == 4 and _channels_last(weight if like is None else like):
        weight = weight.permute(0, 2, 3, 1)
    return weight.flatten(1)


def _as_it_was(matrix: Tensor, weight: Tensor) -> Tensor:
    """Return a matrix of `in_memory_order` in the shape of its weight."""
    if weight.ndim == 4 and _channels_last(weight):
        outputs, inputs, height, width = weight.shape
        return matrix.view(outputs, height, width, inputs).permute(0, 3, 1, 2)
    return matrix.view(weight.shape)


def _channels_last(weight: Tensor) -> bool:
    return weight.is_contiguous(memory_format=torch.channels_last) and not weight.is_contiguous()
