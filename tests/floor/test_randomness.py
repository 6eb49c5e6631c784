"""Randomness as an argument."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from huohua.randomness import derive_seed, normal_numbers, numpy_generator, torch_generator

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


def slow_normal_numbers(count: int, seed: int) -> list[float]:
    """Return what `normal_numbers` returns, number by number, with the standard library alone."""
    stream = hashlib.shake_256(seed.to_bytes(8, "little")).digest(16 * count)
    numbers = []
    for pair in range(count):
        first, second = (
            int.from_bytes(stream[place : place + 8], "little") / 2**64
            for place in (16 * pair, 16 * pair + 8)
        )
        radius = math.sqrt(-2 * math.log(1 - first))
        numbers += [radius * math.cos(2 * math.pi * second), radius * math.sin(2 * math.pi * second)]
    return numbers[:count]


@pytest.mark.parametrize("count", [1, 2, 7, 128])
def test_normal_numbers_are_box_and_muller_of_shake_256(count):
    expected = slow_normal_numbers(count, derive_seed(7, "latent", 3))
    found = normal_numbers(count, 7, "latent", 3)
    assert found.dtype == np.float32
    assert found.shape == (count,)
    np.testing.assert_allclose(found, expected, rtol=3e-7, atol=1e-9)


def test_normal_numbers_are_the_ones_written_down_here():
    """Frozen: another stream would change every work that was ever made."""
    assert normal_numbers(4, 7, "latent", 0).tobytes().hex() == "da0a88bf7b97bbbfa6ab313fbc5b84bc"


def test_normal_numbers_are_normal():
    numbers = normal_numbers(200_000, 1, "test").astype(np.float64)
    assert abs(numbers.mean()) < 0.01
    assert abs(numbers.std() - 1) < 0.01
    assert abs((numbers**3).mean()) < 0.03
    assert abs((numbers**4).mean() - 3) < 0.1
    assert abs(np.corrcoef(numbers[::2], numbers[1::2])[0, 1]) < 0.01
    assert 4 < np.abs(numbers).max() < 6


def test_fewer_normal_numbers_are_the_first_of_more():
    np.testing.assert_array_equal(normal_numbers(5, 1, "x"), normal_numbers(50, 1, "x")[:5])
    assert not np.array_equal(normal_numbers(5, 1, "x"), normal_numbers(5, 1, "y"))


def test_even_the_smallest_and_the_largest_uniform_number_give_a_number(monkeypatch):
    class Ends:
        def digest(self, length):
            return bytes(8) + b"\xff" * 8 + b"\xff" * 8 + bytes(8)

    monkeypatch.setattr(hashlib, "shake_256", lambda _: Ends())
    numbers = normal_numbers(4, 0, "x")
    assert np.isfinite(numbers).all()
    assert numbers[0] == 0
    assert numbers[2] == pytest.approx(math.sqrt(2 * 53 * math.log(2)), rel=1e-6)
