"""Randomness as an argument."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from huohua.randomness import derive_seed, numpy_generator, torch_generator

NAMES = st.lists(
    st.one_of(st.integers(), st.text(alphabet=st.characters(exclude_characters="\x1f"))), max_size=4
)


def test_a_derived_seed_is_the_one_written_down_here():
    text = "7\x1fstr:latent\x1fint:3"
    first_eight = hashlib.sha256(text.encode()).digest()[:8]
    assert derive_seed(7, "latent", 3) == int.from_bytes(first_eight, "big") // 2


@given(st.integers(), NAMES)
def test_a_derived_seed_fits_sixty_three_bits(seed, names):
    assert 0 <= derive_seed(seed, *names) < 2**63


@given(st.integers(), NAMES, NAMES)
def test_different_names_give_different_seeds(seed, names, others):
    assert (derive_seed(seed, *names) == derive_seed(seed, *others)) == (
        [(type(name), name) for name in names] == [(type(name), name) for name in others]
    )


def test_a_number_and_its_digits_are_different_names():
    assert derive_seed(0, 1) != derive_seed(0, "1")


def test_names_do_not_run_together():
    assert derive_seed(0, "ab", "c") != derive_seed(0, "a", "bc")


def test_the_same_name_draws_the_same_numbers():
    first = torch.randn(4, generator=torch_generator(5, "noise", 2))
    again = torch.randn(4, generator=torch_generator(5, "noise", 2))
    other = torch.randn(4, generator=torch_generator(5, "noise", 3))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    np.testing.assert_array_equal(numpy_generator(5, "a").random(4), numpy_generator(5, "a").random(4))


def test_drawing_leaves_the_global_generators_alone():
    torch_before, numpy_before = torch.get_rng_state(), np.random.get_state()[1].copy()
    torch.randn(3, generator=torch_generator(1, "x"))
    numpy_generator(1, "x").random(3)
    assert torch.equal(torch.get_rng_state(), torch_before)
    np.testing.assert_array_equal(np.random.get_state()[1], numpy_before)


@pytest.mark.parametrize("seed", [-1, 0, 2**64, 2**200])
def test_any_whole_number_is_a_seed(seed):
    assert torch.randn(2, generator=torch_generator(seed, "x")).isfinite().all()
