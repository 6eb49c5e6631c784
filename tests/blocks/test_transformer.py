"""A transformer block under a condition: place by place as all at once, and blind to what comes later."""

from __future__ import annotations

import pytest
import torch

from huohua.blocks.rotary import rotary_table, turned
from huohua.blocks.transformer import ConditionedBlock, Kept, kept_channels

WORKS, PLACES, WIDTH, HEADS, MAPPED = 2, 12, 16, 2, 6
COS_TD, SIN_TD = rotary_table(PLACES, WIDTH // HEADS)


def block(*, causal: bool) -> ConditionedBlock:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        made = ConditionedBlock(WIDTH, HEADS, MAPPED, causal=causal)
        torch.nn.init.normal_(made.bend.weight)  # fresh blocks do not listen yet
    return made


def inputs() -> tuple[torch.Tensor, torch.Tensor]:
    dice = torch.Generator().manual_seed(5)
    x_BTD = torch.randn(WORKS, PLACES, WIDTH, generator=dice)
    return x_BTD, torch.randn(WORKS, 3, MAPPED, generator=dice)


def slowly(network: ConditionedBlock, x_TD: torch.Tensor, mapped_KW: torch.Tensor) -> torch.Tensor:
    """The block of one work, place by place, head by head, as the papers write it."""
    stretch = PLACES // len(mapped_KW)
    bends_TX = torch.stack([network.bend(mapped_KW[place // stretch]) for place in range(PLACES)])
    scale1, shift1, scale2, shift2 = bends_TX.chunk(4, dim=-1)
    normal = torch.nn.functional.layer_norm
    query, key, value = network.attention.project(normal(x_TD, (WIDTH,)) * (1 + scale1) + shift1).chunk(3, -1)
    out_TD = torch.zeros(PLACES, WIDTH)
    for head in range(HEADS):
        cut = slice(head * WIDTH // HEADS, (head + 1) * WIDTH // HEADS)
        for place in range(PLACES):
            seen = place + 1 if network.attention.causal else PLACES
            q = turned(query[None, None, :, cut], COS_TD, SIN_TD)[0, 0, place]
            k = turned(key[None, None, :, cut], COS_TD, SIN_TD)[0, 0, :seen]
            share = torch.softmax(k @ q / (WIDTH // HEADS) ** 0.5, dim=0)
            out_TD[place, cut] = share @ value[:seen, cut]
    x_TD = x_TD + network.attention.join(out_TD)
    inner = torch.nn.functional.gelu(network.widen(normal(x_TD, (WIDTH,)) * (1 + scale2) + shift2))
    return x_TD + network.narrow(inner)


@pytest.mark.parametrize("causal", [True, False])
def test_all_works_at_once_give_what_one_place_after_another_gives(causal):
    network, (x_BTD, mapped_BKW) = block(causal=causal), inputs()
    fast = network(x_BTD, mapped_BKW, COS_TD, SIN_TD)
    for work in range(WORKS):
        torch.testing.assert_close(
            fast[work], slowly(network, x_BTD[work], mapped_BKW[work]), atol=1e-5, rtol=0
        )


def test_going_on_from_what_was_kept_gives_the_same():
    network, (x_BTD, mapped_BKW) = block(causal=True), inputs()
    whole = network(x_BTD, mapped_BKW, COS_TD, SIN_TD)
    bends_T = [bend.repeat_interleave(4, dim=1) for bend in network.bends(mapped_BKW)]
    kept, parts, at = Kept.empty(WORKS, HEADS, PLACES, WIDTH), [], 0
    for end in (5, 6, 7, 11, 12):
        bends = tuple(bend[:, at:end] for bend in bends_T)
        parts.append(network.extend(x_BTD[:, at:end], bends, COS_TD[at:end], SIN_TD[at:end], kept, at))
        at = end
    torch.testing.assert_close(torch.cat(parts, dim=1), whole, atol=1e-5, rtol=0)


def test_candidates_that_go_on_from_one_past_are_copies_of_it():
    kept = Kept.empty(1, HEADS, PLACES, WIDTH)
    kept.key_BHTD += 1
    three = kept.picked(torch.zeros(3, dtype=torch.long))
    three.key_BHTD[1] += 1
    assert three.key_BHTD.mean(dim=(1, 2, 3)).tolist() == [1, 2, 1]
    assert kept.key_BHTD.mean().item() == 1


def test_dropped_channels_are_dropped_in_all_places_and_means_stay():
    factors = kept_channels(3, 64, 32, 0.25, torch.Generator().manual_seed(1), torch.device("cpu"))
    assert factors.shape == (3, 2, 64, 1, 32)
    assert factors.unique().tolist() == pytest.approx([0, 4 / 3])
    assert factors.mean().item() == pytest.approx(1.0, abs=0.03)
    network, (x_BTD, mapped_BKW) = block(causal=True), inputs()
    nothing = network(x_BTD, mapped_BKW, COS_TD, SIN_TD, torch.zeros(2, WORKS, 1, WIDTH))
    torch.testing.assert_close(nothing, x_BTD, atol=0, rtol=0)
