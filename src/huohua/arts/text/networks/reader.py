"""The reader: a discriminator that sees a whole text at once, forwards and backwards.

It says four things: how a text compares with others of its prompt (a score), how much likelier it is than its
writer thinks (minus its energy), for each token whether it belongs there, and which labels the text has. It
begins by guessing hidden tokens, so that it knows the language before it judges anybody.

Letters: B works, T tokens, K columns of a row, D width, V tokens there are, C labels, N hidden tokens.
"""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.adversarial.imitation import Reading
from huohua.arts.text.networks.embedding import SPREAD, SymbolEmbedding
from huohua.arts.text.rows import COUNTED, TOKEN, WORK
from huohua.blocks.prenorm import PreNormBlock, shrink_joins
from huohua.blocks.rotary import rotary_table
from huohua.blocks.transformer import kept_channels
from huohua.config import Config

RARE = -5.0  # the logit of a label before anything is learnt: a work has few of hundreds


class ReaderSettings(Config):
    """The size of a reader.

    Attributes:
        vocabulary: V, signs included.
        labels: C, the last tokens of the vocabulary.
        width: D.
        blocks: how many.
        heads: of each attention.
        longest: tokens of the longest row.
        dropout: share of channels that is dropped in training.
    """

    vocabulary: int = Field(ge=2)
    labels: int = Field(default=0, ge=0)
    width: int = Field(default=256, ge=16)
    blocks: int = Field(default=4, ge=1)
    heads: int = Field(default=4, ge=1)
    longest: int = Field(default=384, ge=16)
    dropout: float = Field(default=0.2, ge=0, lt=1)


class Reader(nn.Module):
    """A bidirectional transformer over rows of one work each.

    Args:
        settings: its size.

    Source: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language
    Understanding", section 3; heads of Wu et al. 2021, "TextGAIL: Generative Adversarial Imitation Learning
    for Text Generation", equation 4 (contrastive), Deng et al. 2020, "Residual Energy-Based Models for Text
    Generation", equation 2 (energy), and Clark et al. 2020, "ELECTRA: Pre-training Text Encoders as
    Discriminators Rather Than Generators", section 2 (tokens).
    """

    cos_TD: Tensor
    sin_TD: Tensor

    def __init__(self, settings: ReaderSettings) -> None:
        super().__init__()
        self.settings = settings
        self.token = nn.Embedding(settings.vocabulary, settings.width)
        nn.init.normal_(self.token.weight, std=SPREAD)
        self.symbols = SymbolEmbedding(settings.width)
        self.blocks = nn.ModuleList(
            PreNormBlock(settings.width, settings.heads, causal=False) for _ in range(settings.blocks)
        )
        shrink_joins(self.blocks)
        self.last = nn.LayerNorm(settings.width)
        self.score = nn.Linear(settings.width, 1)
        self.energy = nn.Linear(settings.width, 1)
        self.belongs = nn.Linear(settings.width, 1)
        self.named = nn.Linear(settings.width, max(1, settings.labels))  # a layer of nothing cannot be drawn
        nn.init.constant_(self.named.bias, RARE)
        cos_TD, sin_TD = rotary_table(settings.longest, settings.width // settings.heads)
        self.register_buffer("cos_TD", cos_TD, persistent=False)
        self.register_buffer("sin_TD", sin_TD, persistent=False)

    def forward(
        self, row_BTK: Tensor, dice: torch.Generator | None = None, mixed_BTV: Tensor | None = None
    ) -> Reading:
        """Return what it says of works.

        Args:
            row_BTK: one work to a row; what is asked for is what is judged, the rest is its prompt.
            dice: for dropout; none is dropped without.
            mixed_BTV: weights of all tokens to be read in place of the tokens of the rows.
        """
        hidden_BTD = self.gathered(row_BTK, dice, mixed_BTV)
        judged_BT1 = (row_BTK[..., COUNTED] > 0).to(hidden_BTD.dtype)[..., None]
        whole_BD = (hidden_BTD * judged_BT1).sum(1) / judged_BT1.sum(1).clamp_min(1) + hidden_BTD[:, 0]
        return Reading(
            score_B=self.score(whole_BD)[:, 0].float(),
            energy_B=self.energy(whole_BD)[:, 0].float(),
            token_BT=self.belongs(hidden_BTD)[..., 0].float(),
            label_BC=self.named(whole_BD)[:, : self.settings.labels].float(),
        )

    def guess(self, row_BTK: Tensor, hidden_BT: Tensor, sign: int, dice: torch.Generator | None) -> Tensor:
        """Return how surprised it is by each of some tokens when they are hidden, in nats.

        Args:
            row_BTK: rows, several works to a row if one likes.
            hidden_BT: which tokens to hide.
            sign: the token that stands in their place.
            dice: for dropout.
        """
        shown_BTK = row_BTK.clone()
        shown_BTK[..., TOKEN] = row_BTK[..., TOKEN].masked_fill(hidden_BT, sign)
        gathered_ND = self.gathered(shown_BTK, dice)[hidden_BT]
        score_NV = F.linear(gathered_ND, self.token.weight).float()
        return F.cross_entropy(score_NV, row_BTK[..., TOKEN][hidden_BT], reduction="none")

    def gathered(
        self, row_BTK: Tensor, dice: torch.Generator | None = None, mixed_BTV: Tensor | None = None
    ) -> Tensor:
        """Return hidden_BTD of all places."""
        token_BTD = self.token(row_BTK[..., TOKEN]) if mixed_BTV is None else mixed_BTV @ self.token.weight
        return self._through(token_BTD + self.symbols(row_BTK), row_BTK[..., WORK], dice)

    def _through(self, x_BTD: Tensor, work_BT: Tensor, dice: torch.Generator | None) -> Tensor:
        rows, places = work_BT.shape
        settings = self.settings
        apart_BTT = work_BT[:, :, None] != work_BT[:, None, :]
        drops = None
        if dice is not None and settings.dropout:
            drops = kept_channels(settings.blocks, rows, settings.width, settings.dropout, dice, x_BTD.device)
        for number, block in enumerate(self.blocks):
            kept = None if drops is None else drops[number]
            x_BTD = block(x_BTD, self.cos_TD[:places], self.sin_TD[:places], apart_BTT, kept)
        return cast(Tensor, self.last(x_BTD))
