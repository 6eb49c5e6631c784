"""What keeps the game calm: penalties on the slope of a score, or of a generator.

Each is a pure function; the weight in front (gamma / 2 for R1 and R2, lambda for the others) is the
caller's. All keep their graph, so that they can be minimised. Slopes are squared in 32 bits or more,
because in 16 the squares of small ones are lost.

The score of a work that is scored in S positions is the mean of the S scores. A work may consist of
several tensors (an image and its small copy, a bar and its rhythm): squares are summed over all parts.

Shape letters:  B works,  S positions scored in each work,  W width of the mapped latent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor


def r1(sample: Tensor | Sequence[Tensor], score_BS: Tensor) -> Tensor:
    """Return E |d score / d sample|^2 on real works; the usual weight in front of it is gamma / 2.

    At a fair discriminator the score is flat over the data, and this alone makes the game settle there.

    Source: Mescheder et al. 2018, "Which Training Methods for GANs do actually Converge?", the
    simplified gradient penalty R1.

    Args:
        sample: the works the scores were computed from, (B, ...), with `requires_grad` set before.
        score_BS: their scores.

    Example:
        >>> sample = torch.ones(2, 3, requires_grad=True)
        >>> r1(sample, (2 * sample).sum(1, keepdim=True)).item()  # three slopes of 2: 3 * 2^2
        12.0
    """
    return _squared_slope_B(sample, score_BS).mean()


def r2(sample: Tensor | Sequence[Tensor], score_BS: Tensor) -> Tensor:
    """Return E |d score / d sample|^2 on fake works; the usual weight in front of it is gamma / 2.

    Source: Mescheder et al. 2018, "Which Training Methods for GANs do actually Converge?", the
    simplified gradient penalty R2.

    Args:
        sample: the fake works, detached from the generator and with `requires_grad` set before.
        score_BS: their scores.
    """
    return _squared_slope_B(sample, score_BS).mean()


def gradient_penalty(
    discriminate: Callable[[Tensor], Tensor],
    real: Tensor,
    fake: Tensor,
    generator: torch.Generator,
    target: float = 1.0,
) -> Tensor:
    """Return E (|d score / d x| - target)^2 at points x between real and fake; the paper's weight is 10.

    Source: Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", section "Gradient
    penalty" and algorithm 1.

    Args:
        discriminate: gives the scores (B, S) of works.
        real: real works (B, ...).
        fake: as many fake works; neither needs a gradient.
        generator: draws, for each pair of works, how far x lies from the fake one; a CPU generator.
        target: the slope that costs nothing.
    """
    share = torch.rand(len(real), generator=generator).to(real)
    between = fake.lerp(real, share.view(-1, *[1] * (real.ndim - 1))).detach().requires_grad_()
    slope = _slopes((between,), discriminate(between))[0]
    return (_length_B(slope) - target).square().mean()


PATH_LENGTH_DECAY = 0.01


def path_length(sample: Tensor, latent_w: Tensor, noise: Tensor, mean: Tensor) -> tuple[Tensor, Tensor]:
    """Return E (|J^T y| - a)^2 and the new a: equal steps in latent space should change a work equally.

    J is the derivative of a work by its mapped latent, y is noise, and a is the running mean of the
    lengths. The noise is divided by the root of the number of positions, so that the length does not
    grow with the size of a work.

    Source: Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN", section "Path
    length regularization".

    Args:
        sample: generated works (B, C, ...), still attached to the graph.
        latent_w: the mapped latents (B, W), or (B, layers, W) when each layer has its own.
        noise: standard normal numbers of the shape of `sample`.
        mean: the running mean so far, a scalar; zero at the beginning.
    """
    positions = sample[0, 0].numel()
    seen = (sample * noise).sum() / positions**0.5
    (slope,) = torch.autograd.grad(seen, latent_w, create_graph=True)
    layers = 1 if slope.ndim == 2 else slope[0, ..., 0].numel()
    length_B = _length_B(slope) / layers**0.5
    new_mean = mean.lerp(length_B.detach().mean().to(mean), PATH_LENGTH_DECAY)
    return (length_B - new_mean).square().mean(), new_mean


PENALTIES: Mapping[str, Callable[..., Any]] = {
    "r1": r1,
    "r2": r2,
    "gradient_penalty": gradient_penalty,
    "path_length": path_length,
}


def _slopes(parts: Sequence[Tensor], score_BS: Tensor) -> tuple[Tensor, ...]:
    """Return for each part d(sum of the works' scores) / d(part): works do not mix, so one row each."""
    score = score_BS.flatten(1).mean(1).sum()
    slopes: tuple[Tensor, ...] = torch.autograd.grad(score, list(parts), create_graph=True)
    return slopes


def _squared_slope_B(sample: Tensor | Sequence[Tensor], score_BS: Tensor) -> Tensor:
    parts = [sample] if isinstance(sample, Tensor) else list(sample)
    squares = [_square_sum_B(slope) for slope in _slopes(parts, score_BS)]
    return torch.stack(squares).sum(0)


def _square_sum_B(slope: Tensor) -> Tensor:
    # Summing over named axes and not over a flattened view keeps a channels-last slope uncopied.
    return _precise(slope).square().sum(dim=tuple(range(1, slope.ndim)))


def _length_B(slope: Tensor) -> Tensor:
    # vector_norm, unlike the root of a sum of squares, has a finite derivative at zero.
    length_B: Tensor = torch.linalg.vector_norm(_precise(slope), dim=tuple(range(1, slope.ndim)))
    return length_B


def _precise(tensor: Tensor) -> Tensor:
    return tensor if tensor.dtype == torch.float64 else tensor.float()
