"""Rotary positions: what two places say of one another depends on how far apart they are."""

from __future__ import annotations

import math

import pytest
import torch

from huohua.blocks.rotary import rotary_table, turned


def test_a_pair_is_turned_by_its_place_times_its_speed():
    cos_TD, sin_TD = rotary_table(4, 4, base=100.0)
    x = torch.tensor([1.0, 2.0, 0.0, 0.0]).expand(1, 1, 4, 4)
    angles = [3 * 1.0, 3 * 100**-0.5]  # of the two pairs (1, 0) and (2, 0) at place 3
    expected = [math.cos(angles[0]), 2 * math.cos(angles[1]), math.sin(angles[0]), 2 * math.sin(angles[1])]
    assert turned(x, cos_TD, sin_TD)[0, 0, 3].tolist() == pytest.approx(expected, abs=1e-6)


def test_products_depend_on_distance_alone_and_lengths_stay():
    dice = torch.Generator().manual_seed(1)
    query, key = torch.randn(2, 1, 1, 1, 16, generator=dice)
    cos_TD, sin_TD = rotary_table(20, 16)
    queries, keys = (turned(x.expand(1, 1, 20, 16), cos_TD, sin_TD)[0, 0] for x in (query, key))
    products = queries @ keys.T
    for distance in (-5, 0, 7):
        same = products.diagonal(distance)
        assert same.max().item() == pytest.approx(same.min().item(), abs=1e-5)
    assert products[0, 0].item() != pytest.approx(products[0, 7].item(), abs=1e-3)
    assert queries.norm(dim=1).tolist() == pytest.approx([query.norm().item()] * 20, abs=1e-5)


def test_an_odd_width_is_refused():
    with pytest.raises(ValueError, match="even width"):
        rotary_table(4, 3)
