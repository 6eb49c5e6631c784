"""The writer: a generator that goes on with a row, one token after another.

At each place it is told the token there and what the *next* one is for, and says how likely each token is to
be the next. It can be run over whole rows, several works to a row, or token by token with keys and values
kept: both give the same numbers.

Letters: B rows, T tokens, K columns of a row, D width, V tokens there are, N places that are asked for.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from huohua.arts.text.networks.embedding import SPREAD, SymbolEmbedding
from huohua.arts.text.rows import COUNTED, TOKEN, WORK
from huohua.blocks.prenorm import PreNormBlock, shrink_joins
from huohua.blocks.rotary import rotary_table
from huohua.blocks.transformer import Kept, kept_channels
from huohua.config import Config

AT_ONCE = 512  # places whose scores are kept at once


class WriterSettings(Config):
    """The size of a writer.

    Attributes:
        vocabulary: V, signs included.
        width: D.
        blocks: how many.
        heads: of each attention.
        longest: tokens of the longest row.
        dropout: share of channels that is dropped in training.
    """

    vocabulary: int = Field(ge=2)
    width: int = Field(default=256, ge=16)
    blocks: int = Field(default=4, ge=1)
    heads: int = Field(default=4, ge=1)
    longest: int = Field(default=384, ge=16)
    dropout: float = Field(default=0.1, ge=0, lt=1)


class Asked(NamedTuple):
    """What a writer says of the tokens that are asked for in some rows, in order.

    Attributes:
        nats_N: how surprised it is by each.
        row_N: the row of each.
        place_N: its place there.
    """

    nats_N: Tensor
    row_N: Tensor
    place_N: Tensor


class Writer(nn.Module):
    """A causal transformer over rows.

    Args:
        settings: its size.

    Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3, with
    rotary positions and the symbols of SongNet.
    """

    cos_TD: Tensor
    sin_TD: Tensor

    def __init__(self, settings: WriterSettings) -> None:
        super().__init__()
        self.settings = settings
        self.token = nn.Embedding(settings.vocabulary, settings.width)
        nn.init.normal_(self.token.weight, std=SPREAD)
        self.symbols = SymbolEmbedding(settings.width)
        self.blocks = nn.ModuleList(
            PreNormBlock(settings.width, settings.heads, causal=True) for _ in range(settings.blocks)
        )
        shrink_joins(self.blocks)
        self.last = nn.LayerNorm(settings.width)
        cos_TD, sin_TD = rotary_table(settings.longest, settings.width // settings.heads)
        self.register_buffer("cos_TD", cos_TD, persistent=False)
        self.register_buffer("sin_TD", sin_TD, persistent=False)

    def forward(self, row_BTK: Tensor, dice: torch.Generator | None = None) -> Asked:
        """Return how surprised it is by the tokens that are asked for.

        Args:
            row_BTK: rows, each of one or more works.
            dice: for dropout; none is dropped without.
        """
        hidden_BTD = self.gathered(row_BTK, dice)
        asked_BT = row_BTK[:, 1:, COUNTED] > 0
        row_N, place_N = asked_BT.nonzero(as_tuple=True)
        asked_ND, token_N = hidden_BTD[:, :-1][asked_BT], row_BTK[:, 1:, TOKEN][asked_BT]
        # Scores of all tokens at all places would fill gigabytes: they are kept for a few, and made again.
        parts = zip(asked_ND.split(AT_ONCE), token_N.split(AT_ONCE), strict=True)
        nats = [checkpoint(self._nats, *p, use_reentrant=False, preserve_rng_state=False) for p in parts]
        return Asked(torch.cat(nats) if nats else asked_ND.new_zeros(0).float(), row_N, place_N + 1)

    def _nats(self, hidden_ND: Tensor, token_N: Tensor) -> Tensor:
        return F.cross_entropy(self.scores(hidden_ND).float(), token_N, reduction="none")

    def gathered(self, row_BTK: Tensor, dice: torch.Generator | None = None) -> Tensor:
        """Return hidden_BTD of all places but that nothing is known of what follows the last."""
        next_BTD = self.symbols(F.pad(row_BTK[:, 1:], (0, 0, 0, 1)))
        return self._through(self.token(row_BTK[..., TOKEN]) + next_BTD, row_BTK[..., WORK], dice)

    def gathered_mixed(self, mixed_BTV: Tensor, row_BTK: Tensor) -> Tensor:
        """Return the same for tokens given as weights of all tokens, through which gradients flow."""
        next_BTD = self.symbols(F.pad(row_BTK[:, 1:], (0, 0, 0, 1)))
        return self._through(mixed_BTV @ self.token.weight + next_BTD, row_BTK[..., WORK], None)

    def scores(self, hidden_NVD: Tensor) -> Tensor:
        """Return how likely each token is to come next, as logits."""
        return F.linear(hidden_NVD, self.token.weight)

    def begin(self, works: int) -> list[Kept]:
        """Return room for the keys and values of rows, to `extend` them from their first token on."""
        shape = (works, self.settings.heads, self.settings.longest, self.settings.width)
        kept, device = [Kept.empty(*shape) for _ in self.blocks], self.token.weight.device
        return [Kept(key_BHTD=own.key_BHTD.to(device), value_BHTD=own.value_BHTD.to(device)) for own in kept]

    def extend(
        self,
        token_BT: Tensor,
        next_BTK: Tensor,
        kept: list[Kept],
        at: int,
        blank_BT: Tensor | None = None,
        *,
        every: bool = False,
    ) -> Tensor:
        """Return score_BV of what comes after the tokens from `at` on, or score_BTV after `every` one.

        Args:
            token_BT: the new tokens.
            next_BTK: rows of which the symbols say what follows each of them.
            kept: what `begin` returned; it is filled.
            at: the place of the first of them.
            blank_BT: true for blanks before a work begins, all earlier places included.
            every: whether scores are wanted after each of them.
        """
        x_BTD = self.token(token_BT) + self.symbols(next_BTK)
        places = slice(at, at + token_BT.shape[1])
        for block, own in zip(self.blocks, kept, strict=True):
            x_BTD = cast(PreNormBlock, block).extend(
                x_BTD, self.cos_TD[places], self.sin_TD[places], own, at, blank_BT
            )
        return self.scores(self.last(x_BTD if every else x_BTD[:, -1]))

    def _through(self, x_BTD: Tensor, work_BT: Tensor, dice: torch.Generator | None) -> Tensor:
        rows, places = work_BT.shape
        apart_BTT = work_BT[:, :, None] != work_BT[:, None, :]
        drops = self._drops(rows, dice, x_BTD.device)
        for number, block in enumerate(self.blocks):
            kept = None if drops is None else drops[number]
            x_BTD = block(x_BTD, self.cos_TD[:places], self.sin_TD[:places], apart_BTT, kept)
        last_BTD: Tensor = self.last(x_BTD)
        return last_BTD

    def _drops(self, rows: int, dice: torch.Generator | None, device: torch.device) -> Tensor | None:
        if dice is None or not self.settings.dropout:
            return None
        return kept_channels(len(self.blocks), rows, self.settings.width, self.settings.dropout, dice, device)
