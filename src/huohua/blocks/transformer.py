"""A transformer block that listens to a condition, and goes on where it stopped.

The condition scales and shifts the input of both halves of a block, for each stretch of time of its own.
A block can be run over a whole sequence, or place by place with the keys and values of earlier places
kept: both give the same numbers.

Letters: B works, T places in time, D width, H heads, K stretches of time under one condition each,
W width of the mapped condition.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.blocks.rotary import turned


@dataclass(kw_only=True)
class Kept:
    """Keys and values (B, H, T, D / H) of the places a block has passed; later places are not filled yet."""

    key_BHTD: Tensor
    value_BHTD: Tensor

    @classmethod
    def empty(cls, works: int, heads: int, places: int, width: int) -> Kept:
        """Return room for `places`."""
        shape = (works, heads, places, width // heads)
        return cls(key_BHTD=torch.zeros(shape), value_BHTD=torch.zeros(shape))

    def picked(self, rows: Tensor) -> Kept:
        """Return a copy for some works, of which one may be picked more than once."""
        return Kept(key_BHTD=self.key_BHTD[rows], value_BHTD=self.value_BHTD[rows])


class Attention(nn.Module):
    """Multi-head attention with rotary positions.

    Args:
        width: D.
        heads: H.
        causal: whether a place sees only itself and what came before.

    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.2.
    """

    def __init__(self, width: int, heads: int, *, causal: bool) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.project = nn.Linear(width, 3 * width, bias=False)
        self.join = nn.Linear(width, width, bias=False)

    def forward(
        self, x_BTD: Tensor, cos_TD: Tensor, sin_TD: Tensor, apart_BTT: Tensor | None = None
    ) -> Tensor:
        """Return what each place gathers from those it sees.

        `apart_BTT` is true where one may not see another.
        """
        query, key, value = self._projected(x_BTD, cos_TD, sin_TD)
        # Written out, because going back through the fused kernel costs four times as much in 16 bits.
        score_BHTT = query * query.shape[-1] ** -0.5 @ key.transpose(-1, -2)
        if self.causal:
            places = x_BTD.shape[1]
            unseen_TT = torch.ones(places, places, dtype=torch.bool, device=x_BTD.device).triu(1)
            apart_BTT = unseen_TT[None] if apart_BTT is None else apart_BTT | unseen_TT
        if apart_BTT is not None:
            score_BHTT = score_BHTT.masked_fill(apart_BTT[:, None], -torch.inf)
        return self._joined(score_BHTT.softmax(-1).to(value.dtype) @ value)

    def extend(
        self,
        x_BTD: Tensor,
        cos_TD: Tensor,
        sin_TD: Tensor,
        kept: Kept,
        at: int,
        blank_BT: Tensor | None = None,
    ) -> Tensor:
        """Return the same for the T places from `at` on, whose keys and values are kept as well.

        `blank_BT` is true for places, earlier ones included, that nobody sees: works of unequal length end
        together if the shorter ones begin with blanks.
        """
        query, key, value = self._projected(x_BTD, cos_TD, sin_TD)
        end = at + x_BTD.shape[1]
        kept.key_BHTD[:, :, at:end], kept.value_BHTD[:, :, at:end] = key, value
        keys, values = kept.key_BHTD[:, :, :end], kept.value_BHTD[:, :, :end]
        if blank_BT is not None:
            seen_TT = torch.ones(end - at, end, dtype=torch.bool, device=x_BTD.device).tril(at)
            seen_BTT = seen_TT[None] & ~blank_BT[:, None, :end]
            # A blank sees itself: of nothing there is no mean.
            seen_BTT = seen_BTT | torch.eye(end, dtype=torch.bool, device=x_BTD.device)[at:]
            return self._joined(
                F.scaled_dot_product_attention(query, keys, values, attn_mask=seen_BTT[:, None])
            )
        if x_BTD.shape[1] == 1:
            return self._joined(F.scaled_dot_product_attention(query, keys, values))
        seen_TT = torch.ones(end - at, end, dtype=torch.bool, device=x_BTD.device).tril(at)
        return self._joined(F.scaled_dot_product_attention(query, keys, values, attn_mask=seen_TT))

    def _projected(self, x_BTD: Tensor, cos_TD: Tensor, sin_TD: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        parts = self.project(x_BTD).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        query, key, value = parts.unbind(0)
        return turned(query, cos_TD, sin_TD), turned(key, cos_TD, sin_TD), value

    def _joined(self, gathered_BHTD: Tensor) -> Tensor:
        joined: Tensor = self.join(gathered_BHTD.transpose(1, 2).flatten(2))
        return joined


class ConditionedBlock(nn.Module):
    """Attention and a small network of two layers, each after a normalisation that the condition bends.

    Args:
        width: D.
        heads: H.
        mapped: W.
        causal: whether a place sees only itself and what came before.
    Source: Peebles and Xie 2023, "Scalable Diffusion Models with Transformers", the adaLN block of figure 3.
    """

    def __init__(self, width: int, heads: int, mapped: int, *, causal: bool) -> None:
        super().__init__()
        self.attention = Attention(width, heads, causal=causal)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)
        self.bend = nn.Linear(mapped, 4 * width)
        nn.init.zeros_(self.bend.weight)
        nn.init.zeros_(self.bend.bias)

    def forward(
        self,
        x_BTD: Tensor,
        mapped_BKW: Tensor,
        cos_TD: Tensor,
        sin_TD: Tensor,
        kept_2B1D: Tensor | None = None,
    ) -> Tensor:
        """Return the sequence after this block.

        Args:
            x_BTD: the sequence.
            mapped_BKW: the mapped condition of each of K stretches of equal length.
            cos_TD: cosines of `rotary_table`.
            sin_TD: its sines.
            kept_2B1D: factors on what the two halves add, for dropout that is the same in all places.
        """
        bends = self.bends(mapped_BKW)
        noticed_BTD = self.attention(_bent(x_BTD, *bends[:2]), cos_TD, sin_TD)
        x_BTD = x_BTD + (noticed_BTD if kept_2B1D is None else noticed_BTD * kept_2B1D[0])
        thought_BTD = self._think(_bent(x_BTD, *bends[2:]))
        return x_BTD + (thought_BTD if kept_2B1D is None else thought_BTD * kept_2B1D[1])

    def extend(
        self,
        x_BTD: Tensor,
        bends_BKD: tuple[Tensor, ...],
        cos_TD: Tensor,
        sin_TD: Tensor,
        kept: Kept,
        at: int,
    ) -> Tensor:
        """Return the same for the places from `at` on; `bends_BKD` is what `bends` returned for them."""
        x_BTD = x_BTD + self.attention.extend(_bent(x_BTD, *bends_BKD[:2]), cos_TD, sin_TD, kept, at)
        return x_BTD + self._think(_bent(x_BTD, *bends_BKD[2:]))

    def bends(self, mapped_BKW: Tensor) -> tuple[Tensor, ...]:
        """Return the four scales and shifts (B, K, D) of a condition."""
        return tuple(self.bend(mapped_BKW).chunk(4, dim=-1))

    def _think(self, x_BTD: Tensor) -> Tensor:
        thought: Tensor = self.narrow(F.gelu(self.widen(x_BTD)))
        return thought


def kept_channels(
    blocks: int, works: int, width: int, dropout: float, dice: torch.Generator, device: torch.device
) -> Tensor:
    """Return factors (blocks, 2, B, 1, D) that drop channels, in all places of a work alike.

    Source: Gal and Ghahramani 2016, "A Theoretically Grounded Application of Dropout in Recurrent Neural
    Networks", section 4: one mask for all steps. It also takes a hundredth of the random numbers.

    Args:
        blocks: how many blocks.
        works: B.
        width: D.
        dropout: share of channels that is dropped; the others are enlarged, so that means stay.
        dice: a CPU generator.
        device: where the factors go.
    """
    kept = torch.rand(blocks, 2, works, 1, width, generator=dice) >= dropout
    return (kept.float() / (1 - dropout)).to(device)


def _bent(x_BTD: Tensor, scale_BKD: Tensor, shift_BKD: Tensor) -> Tensor:
    """Return the normalised input, scaled and shifted stretch by stretch."""
    normal = F.layer_norm(x_BTD, x_BTD.shape[-1:]).unflatten(1, (scale_BKD.shape[1], -1))
    return torch.addcmul(shift_BKD[:, :, None], normal, 1 + scale_BKD[:, :, None]).flatten(1, 2)
