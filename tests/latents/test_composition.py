"""A work from several latents: sums by layer, and what each layer is asked for."""

from __future__ import annotations

import pytest
import torch

from huohua.latents.composition import Part, compose

A, B = torch.tensor([[1.0, 2.0]]), torch.tensor([[10.0, 20.0]])
LEMON, APPLE = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])


def test_latents_add_up_with_their_weights():
    parts = [Part(latent_LV=A, weight=0.5), Part(latent_LV=B, weight=-1.0)]
    latent_LV, condition_LC = compose(parts, layers=2, condition_C=LEMON)
    assert latent_LV.tolist() == [[-9.5, -19.0], [-9.5, -19.0]]
    assert condition_LC.tolist() == [[1.0, 0.0], [1.0, 0.0]]


def test_layers_are_told_only_what_is_meant_for_them():
    rows = torch.tensor([[1.0, 1.0], [2.0, 2.0]])
    parts = [
        Part(latent_LV=A, layers=(0, 1), condition_C=LEMON),
        Part(latent_LV=rows, layers=(1, 3), condition_C=APPLE),
        Part(latent_LV=B, weight=0.1, layers=(2, 3)),
    ]
    latent_LV, condition_LC = compose(parts, layers=3, condition_C=torch.tensor([7.0, 7.0]))
    assert latent_LV.tolist() == [[1.0, 2.0], [1.0, 1.0], [3.0, 4.0]]
    assert condition_LC.tolist() == [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]


def test_conditions_are_averaged_by_positive_weights():
    parts = [
        Part(latent_LV=A, weight=0.9, condition_C=LEMON),
        Part(latent_LV=B, weight=0.3, condition_C=APPLE),
        Part(latent_LV=B, weight=-0.2, condition_C=torch.tensor([5.0, 5.0])),
    ]
    _, condition_LC = compose(parts, layers=1, condition_C=LEMON)
    torch.testing.assert_close(condition_LC, torch.tensor([[0.75, 0.25]]))


def test_the_condition_given_is_not_written_over():
    given = LEMON.clone()
    compose([Part(latent_LV=A, condition_C=APPLE)], layers=2, condition_C=given)
    assert torch.equal(given, LEMON)


def test_models_without_conditions_are_composed_too():
    latent_LV, condition_LC = compose([Part(latent_LV=A)], layers=4, condition_C=torch.zeros(0))
    assert (latent_LV.shape, condition_LC.shape) == ((4, 2), (4, 0))


@pytest.mark.parametrize("layers", [(0, 4), (2, 2), (-1, 2), (1, 3)])
def test_a_part_that_does_not_fit_is_refused(layers):
    rows = torch.zeros(3, 2)
    with pytest.raises(ValueError, match="does not fit a generator of 3"):
        compose([Part(latent_LV=rows, layers=layers)], layers=3, condition_C=LEMON)


def test_a_work_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one latent"):
        compose([], layers=3, condition_C=LEMON)
