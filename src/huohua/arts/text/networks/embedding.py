"""How tokens and what they are for become numbers.

Letters: B rows, T tokens, K columns of a row, D width.
"""

from __future__ import annotations

from torch import Tensor, nn

from huohua.arts.text.rows import LEFT, LINE, RHYME, TONE
from huohua.arts.text.slots import LEFTS, LINES, RHYMES, TONES

SPREAD = 0.02  # of first weights, as in the models of Radford et al. 2019


class SymbolEmbedding(nn.Module):
    """The sum of what is said of a token: its line, how much of the line is left, its tone, its rhyme.

    Args:
        width: D.

    Source: Li et al. 2020, "Rigid Formats Controlled Text Generation" (SongNet), equation 5.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.line, self.left = nn.Embedding(LINES, width), nn.Embedding(LEFTS, width)
        self.tone, self.rhyme = nn.Embedding(TONES, width), nn.Embedding(RHYMES, width)
        for table in (self.line, self.left, self.tone, self.rhyme):
            nn.init.normal_(table.weight, std=SPREAD)

    def forward(self, row_BTK: Tensor) -> Tensor:
        """Return what is said of each token of rows."""
        symbol_BTD: Tensor = self.line(row_BTK[..., LINE]) + self.left(row_BTK[..., LEFT])
        symbol_BTD = symbol_BTD + self.tone(row_BTK[..., TONE]) + self.rhyme(row_BTK[..., RHYME])
        return symbol_BTD
