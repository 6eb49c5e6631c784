"""Truncation: towards the middle, in whichever space a generator is truncated."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from huohua.latents.truncation import ESTIMATED_FROM, generate, middle


class Plain(nn.Module):
    """A generator that shows its latent and condition."""

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return torch.cat([latent_BZ, condition_BC], dim=1)


class InTwoHalves(nn.Module):
    """A generator whose W is the normalised latent plus a shift that the condition sets."""

    def map(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return latent_BZ / latent_BZ.norm(dim=1, keepdim=True) + 10 * condition_BC

    def render(self, latent_BW: Tensor) -> Tensor:
        return latent_BW

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return self.render(self.map(latent_BZ, condition_BC))


LATENT_BZ = torch.tensor([[3.0, 4.0], [0.0, 1.0]])
CONDITION_BC = torch.tensor([[1.0], [2.0]])


@pytest.mark.parametrize("generator", [Plain(), InTwoHalves()])
def test_a_truncation_of_one_changes_nothing(generator):
    works = generate(generator, LATENT_BZ, CONDITION_BC, truncation=1.0)
    assert torch.equal(works, generator(LATENT_BZ, CONDITION_BC))


def test_without_a_mapping_the_latent_shrinks():
    works = generate(Plain(), LATENT_BZ, CONDITION_BC, truncation=0.5)
    assert torch.equal(works, torch.tensor([[1.5, 2.0, 1.0], [0.0, 0.5, 2.0]]))


def test_with_a_mapping_a_truncation_of_zero_gives_the_middle_of_each_condition():
    works = generate(InTwoHalves(), LATENT_BZ, CONDITION_BC, truncation=0.0)
    # Directions cancel out, so the middle of W is the shift alone: 10 and 20.
    spread = ESTIMATED_FROM**-0.5
    assert torch.allclose(works, torch.tensor([[10.0, 10.0], [20.0, 20.0]]), atol=4 * spread)
    assert not torch.equal(works, torch.tensor([[10.0, 10.0], [20.0, 20.0]]))


@pytest.mark.parametrize("truncation", [0.3, 0.7, 1.5])
def test_with_a_mapping_the_distance_to_the_middle_is_scaled(truncation):
    generator = InTwoHalves()
    center = torch.cat([middle(generator, row, 2) for row in CONDITION_BC])
    full = (generator(LATENT_BZ, CONDITION_BC) - center).norm(dim=1)
    works = generate(generator, LATENT_BZ, CONDITION_BC, truncation=truncation)
    assert torch.allclose((works - center).norm(dim=1), truncation * full, rtol=1e-4)


def test_the_middle_is_the_same_every_time():
    assert torch.equal(middle(InTwoHalves(), CONDITION_BC[0], 2), middle(InTwoHalves(), CONDITION_BC[0], 2))
