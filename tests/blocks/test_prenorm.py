"""The plain transformer block: step by step as at once, and works that do not see one another."""

from __future__ import annotations

import pytest
import torch

from huohua.blocks.prenorm import PreNormBlock, shrink_joins
from huohua.blocks.rotary import rotary_table
from huohua.blocks.transformer import Kept


@pytest.fixture
def block():
    torch.manual_seed(0)
    return PreNormBlock(16, 2, causal=True).eval()


def test_going_on_place_by_place_gives_what_one_pass_gives(block):
    cos, sin = rotary_table(9, 8)
    x = torch.randn(3, 9, 16)
    whole = block(x, cos, sin)
    kept = Kept.empty(3, 2, 9, 16)
    parts = [block.extend(x[:, :4], cos[:4], sin[:4], kept, 0)]
    parts += [block.extend(x[:, n : n + 1], cos[n : n + 1], sin[n : n + 1], kept, n) for n in range(4, 9)]
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=1e-5)


def test_works_side_by_side_do_not_see_one_another(block):
    cos, sin = rotary_table(8, 8)
    x = torch.randn(1, 8, 16)
    work = torch.tensor([[1, 1, 1, 2, 2, 2, 2, 2]])
    both = block(x, cos, sin, work[:, :, None] != work[:, None, :])
    torch.testing.assert_close(both[:, :3], block(x[:, :3], cos[:3], sin[:3]), atol=1e-5, rtol=1e-5)
    # Only distances count: the second work gives the same from place 3 on as from place 0 on.
    torch.testing.assert_close(both[:, 3:], block(x[:, 3:], cos[:5], sin[:5]), atol=1e-5, rtol=1e-5)


def test_blanks_before_a_work_change_nothing(block):
    cos, sin = rotary_table(8, 8)
    x = torch.randn(1, 5, 16)
    blank = torch.tensor([[True, True, True, False, False, False, False, False]])
    padded = torch.cat([torch.randn(1, 3, 16), x], 1)
    kept = Kept.empty(1, 2, 8, 16)
    found = [block.extend(padded[:, :6], cos[:6], sin[:6], kept, 0, blank)]
    found += [
        block.extend(padded[:, n : n + 1], cos[n : n + 1], sin[n : n + 1], kept, n, blank) for n in (6, 7)
    ]
    torch.testing.assert_close(torch.cat(found, 1)[:, 3:], block(x, cos[:5], sin[:5]), atol=1e-5, rtol=1e-5)


def test_layers_that_add_are_scaled_by_the_root_of_their_number():
    torch.manual_seed(0)
    blocks = torch.nn.ModuleList([PreNormBlock(16, 2, causal=True) for _ in range(2)])
    before = blocks[0].narrow.weight.detach().clone()
    shrink_joins(blocks)
    torch.testing.assert_close(blocks[0].narrow.weight, before / 2)
