"""Directions found without labels: the ones that were put in are found."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from huohua.latents.directions import by_weights, principal, without_conditions
from huohua.randomness import torch_generator
from parity.reference.latents import principal as slow_principal
from parity.reference.latents import stretched_most


def draw(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch_generator(seed))


def test_the_axes_of_an_ellipse_are_found_longest_first():
    latent_NV = draw(4000, 3) * torch.tensor([1.0, 5.0, 2.0])
    found = principal(latent_NV, latent_NV, 2)
    torch.testing.assert_close(found.direction_KV, torch.eye(3)[[1, 2]], rtol=0, atol=0.05)
    # Variances 25, 4 and 1 of 30.
    torch.testing.assert_close(found.share_K, torch.tensor([25 / 30, 4 / 30]), rtol=0.1, atol=0.0)


def test_features_carry_their_axes_back_to_the_latents():
    """The features stretch the latent's first and fourth axis, turned and squashed as a network would."""
    latent_NV = draw(4000, 6)
    turned = torch.linalg.qr(draw(40, 40, seed=1)).Q[:6]
    stretch = torch.tensor([3.0, 0.1, 0.1, 1.5, 0.1, 0.1])
    feature_NF = torch.tanh(0.2 * (latent_NV * stretch) @ turned)
    found = principal(feature_NF, latent_NV, 2)
    expected = torch.eye(6)[[0, 3]]
    torch.testing.assert_close(found.direction_KV, expected, rtol=0, atol=0.06)


@pytest.mark.parametrize(("works", "features"), [(60, 15), (20, 50)])
def test_principal_directions_are_those_of_the_slow_twin(works, features):
    latent_NV, feature_NF = draw(works, 7), draw(works, features, seed=2)
    feature_NF[:, :7] += 3 * latent_NV
    found = principal(feature_NF, latent_NV, 4)
    rows, shares = slow_principal(feature_NF.double().numpy(), latent_NV.double().numpy(), 4)
    signs = np.sign((rows * found.direction_KV.numpy()).sum(1, keepdims=True))
    np.testing.assert_allclose(found.direction_KV.numpy(), signs * rows, atol=1e-5)
    np.testing.assert_allclose(found.share_K.numpy(), shares, atol=1e-6)


def test_weights_show_what_they_stretch_most():
    matrix = torch.tensor([[0.0, 3.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
    found = by_weights([matrix], 3)
    assert found.direction_KV.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    torch.testing.assert_close(found.share_K, torch.tensor([9.0, 4.0, 1.0]) / 14)


def test_the_weights_of_several_layers_count_together():
    layers = [draw(9, 5, seed=3), draw(4, 5, seed=4)]
    found = by_weights(layers, 3).direction_KV.numpy()
    rows = stretched_most(torch.cat(layers).double().numpy(), 3)
    signs = np.sign((rows * found).sum(1, keepdims=True))
    np.testing.assert_allclose(found, signs * rows, atol=1e-4)


@pytest.mark.parametrize(
    "find", [lambda: principal(draw(50, 8), draw(50, 8), 5), lambda: by_weights([draw(9, 8)], 5)]
)
def test_directions_have_length_one_and_a_settled_sign(find):
    direction_KV = find().direction_KV
    torch.testing.assert_close(direction_KV.norm(dim=1), torch.ones(5))
    assert all(float(row[row.abs().argmax()]) > 0 for row in direction_KV)


def test_what_conditions_explain_is_taken_out_and_nothing_else():
    condition_NC = torch.eye(3)[torch.arange(300) % 3]
    own_NF = draw(300, 4)
    value_NF = own_NF + condition_NC @ draw(3, 4, seed=5) * 10
    rest_NF = without_conditions(value_NF, condition_NC)
    for name in range(3):
        torch.testing.assert_close(
            rest_NF[condition_NC[:, name] > 0].mean(0), torch.zeros(4), rtol=0, atol=1e-4
        )
    means = torch.stack([own_NF[number % 3 :: 3].mean(0) for number in range(3)])
    torch.testing.assert_close(rest_NF, own_NF - means[torch.arange(300) % 3], rtol=0, atol=1e-4)


def test_without_conditions_only_the_mean_is_taken_out():
    value_NF = draw(10, 2) + 5
    rest_NF = without_conditions(value_NF, torch.zeros(10, 0))
    torch.testing.assert_close(rest_NF, value_NF - value_NF.mean(0))
