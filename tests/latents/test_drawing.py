"""The latent of a work: from its seed and number alone, with the dice of its model."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from huohua.latents.drawing import drawn
from huohua.randomness import normal_numbers, torch_generator


def test_new_models_draw_from_the_stream_that_needs_no_torch():
    np.testing.assert_array_equal(drawn("shake", 7, 3, 16), normal_numbers(16, 7, "latent", 3))


def test_old_models_draw_what_they_always_drew():
    expected = torch.randn(1, 16, generator=torch_generator(7, "latent", 3))[0]
    np.testing.assert_array_equal(drawn("torch", 7, 3, 16), expected.numpy())


@pytest.mark.parametrize("dice", ["shake", "torch"])
def test_every_work_of_every_seed_has_a_latent_of_its_own(dice):
    latents = [drawn(dice, seed, index, 8) for seed in (0, 1, 2**63 - 1) for index in (0, 1, 99_999)]
    assert all(latent.dtype == np.float32 and latent.shape == (8,) for latent in latents)
    assert len({latent.tobytes() for latent in latents}) == 9


def test_drawing_does_not_import_torch():
    code = (
        "from huohua.latents.drawing import drawn; drawn('shake', 1, 0, 4); "
        "import sys; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
