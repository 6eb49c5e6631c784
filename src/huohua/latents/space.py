"""The space a generator is steered in, and what its layers are told, whatever the generator is made of.

Steering works on vectors that mean something to the generator: the mapped latent W where there is a
mapping network, else the latent Z itself. A layered generator can be told another vector, and another
condition, at each of its layers; one without layers is told one of each.

Source: Karras et al. 2019, "A Style-Based Generator Architecture for GANs", section 3 (W and the styles
of layers); for generators without a mapping, Härkönen et al. 2020, "GANSpace: Discovering Interpretable GAN
Controls" (a latent told to every layer may be another at each).

Letters: B works, Z latent, C condition, W mapped latent, V what is steered (W or Z), L layers.
"""

from __future__ import annotations

from typing import Protocol, cast, runtime_checkable

import torch
from torch import Tensor, nn

from huohua.latents.truncation import Mapped, middle

# The spread of V is estimated from so many latents.
ESTIMATED_FROM = 1024


@runtime_checkable
class Layered(Protocol):
    """A generator whose layers can each be told something else.

    Attributes:
        layer_sizes: how large the work is at each layer, in pixels along its shorter side, coarse to fine.
    """

    layer_sizes: tuple[int, ...]

    def render_layers(self, latent_BLV: Tensor, condition_BLC: Tensor) -> Tensor:
        """Return the works whose layer l is told the l-th vector and the l-th condition."""
        ...


@runtime_checkable
class Weighing(Protocol):
    """A generator that can show which weights its steered vector meets first."""

    def latent_weights(self) -> list[Tensor]:
        """Return for each layer the matrix_OV that the vector is multiplied with."""
        ...


@runtime_checkable
class Early(Protocol):
    """A generator without a mapping that can show what its first layer makes of a latent."""

    def early(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return the first layer's output."""
        ...


def layer_sizes(generator: nn.Module) -> tuple[int, ...]:
    """Return the size of the work at each layer that can be told something; one 0 if there is one for all."""
    return generator.layer_sizes if isinstance(generator, Layered) else (0,)


def steered(generator: nn.Module, latent_BZ: Tensor, condition_BC: Tensor, *, truncation: float) -> Tensor:
    """Return latent_BV: the vectors to steer, drawn towards the middle by `truncation`."""
    if not isinstance(generator, Mapped):
        return latent_BZ if truncation == 1.0 else truncation * latent_BZ
    latent_BW = generator.map(latent_BZ, condition_BC)
    if truncation == 1.0:
        return latent_BW
    middle_BW = torch.cat([middle(generator, row_C, latent_BZ.shape[1]) for row_C in condition_BC])
    return middle_BW + truncation * (latent_BW - middle_BW)


def render(generator: nn.Module, latent_BLV: Tensor, condition_BLC: Tensor) -> Tensor:
    """Return the works of vectors and conditions told layer by layer.

    Args:
        generator: a generator in evaluation mode.
        latent_BLV: L is the number of `layer_sizes`.
        condition_BLC: a generator with a mapping has its conditions in V already.
    """
    if isinstance(generator, Layered):
        return generator.render_layers(latent_BLV, condition_BLC)
    if isinstance(generator, Mapped):
        return generator.render(latent_BLV[:, 0])
    return cast(Tensor, generator(latent_BLV[:, 0], condition_BLC[:, 0]))


def centre_and_spread(
    generator: nn.Module, latent: int, condition_NC: Tensor, random: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return mean_V and deviation_V of steered vectors under some conditions, N at least 2.

    A latent is drawn from the normal distribution, so without a mapping these are exactly 0 and 1.
    """
    if not isinstance(generator, Mapped):
        return torch.zeros(latent), torch.ones(latent)
    rows = torch.arange(ESTIMATED_FROM) % len(condition_NC)
    latent_NZ = torch.randn(ESTIMATED_FROM, latent, generator=random)
    latent_NW = generator.map(latent_NZ, condition_NC[rows])
    return latent_NW.mean(0), latent_NW.std(0)
