"""The plain block of a transformer: normalise, attend, normalise, think.

Letters: B works, T places, D width.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.blocks.transformer import Attention, Kept


class PreNormBlock(nn.Module):
    """Attention and a small network of two layers, each behind a normalisation and beside a shortcut.

    Args:
        width: D.
        heads: of the attention.
        causal: whether a place sees only itself and what came before.

    Source: Xiong et al. 2020, "On Layer Normalization in the Transformer Architecture", figure 1 (b).
    """

    def __init__(self, width: int, heads: int, *, causal: bool) -> None:
        super().__init__()
        self.attention = Attention(width, heads, causal=causal)
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)

    def forward(
        self,
        x_BTD: Tensor,
        cos_TD: Tensor,
        sin_TD: Tensor,
        apart_BTT: Tensor | None = None,
        kept_2B1D: Tensor | None = None,
    ) -> Tensor:
        """Return the sequence after this block.

        Args:
            x_BTD: the sequence.
            cos_TD: cosines of `rotary_table`.
            sin_TD: its sines.
            apart_BTT: true where one place may not see another.
            kept_2B1D: factors on what the two halves add, for dropout that is the same in all places.
        """
        noticed_BTD = self.attention(self.first(x_BTD), cos_TD, sin_TD, apart_BTT)
        x_BTD = x_BTD + (noticed_BTD if kept_2B1D is None else noticed_BTD * kept_2B1D[0])
        thought_BTD = self._think(x_BTD)
        return x_BTD + (thought_BTD if kept_2B1D is None else thought_BTD * kept_2B1D[1])

    def extend(
        self,
        x_BTD: Tensor,
        cos_TD: Tensor,
        sin_TD: Tensor,
        kept: Kept,
        at: int,
        blank_BT: Tensor | None = None,
    ) -> Tensor:
        """Return the same for the places from `at` on, with keys and values kept; see `Attention.extend`."""
        x_BTD = x_BTD + self.attention.extend(self.first(x_BTD), cos_TD, sin_TD, kept, at, blank_BT)
        return x_BTD + self._think(x_BTD)

    def _think(self, x_BTD: Tensor) -> Tensor:
        thought: Tensor = self.narrow(F.gelu(self.widen(self.second(x_BTD))))
        return thought


def shrink_joins(blocks: nn.ModuleList) -> None:
    """Scale down the layers that add to the shortcut, so that many blocks add no more than one.

    Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3.
    """
    with torch.no_grad():
        for block in blocks:
            for layer in (cast(PreNormBlock, block).attention.join, cast(PreNormBlock, block).narrow):
                layer.weight.mul_((2 * len(blocks)) ** -0.5)
