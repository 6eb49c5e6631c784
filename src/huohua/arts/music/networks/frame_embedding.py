"""Steps of a work as vectors: the sum of what every role does in a step.

Letters: B works, T steps, V voices, R roles, W width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.arts.music.grid_layout import STEPS
from huohua.arts.music.networks.cells import (
    DRUMS_ROLE,
    HARMONY_ROLE,
    MANNERS,
    PRESENCES,
    SOUNDS,
    Cells,
    D,
    P,
    V,
    manners,
    pairs_of,
    presences,
    sounding,
)

PER_VOICE = SOUNDS + MANNERS
MOST_BARS = 16
PLACES = V * PER_VOICE + 2 * PRESENCES


class FrameEmbedding(nn.Module):
    """A step as one vector, from what is visible of it.

    Args:
        width: W.
        placed: whether the step in its bar and the bar in its work are told too.

    Source: Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language
    Understanding", section 3: the input is a sum of embeddings, with one for what is hidden.
    """

    def __init__(self, width: int, *, placed: bool) -> None:
        super().__init__()
        self.placed = placed
        rows = PLACES + (STEPS + MOST_BARS if placed else 0)
        self.table = nn.Parameter(torch.randn(rows, width) * 0.1)
        self.harmony = nn.Linear(2 * P, width, bias=False)
        self.drums = nn.Linear(D, width, bias=False)

    def forward(self, cells: Cells, hidden_BTR: Tensor | None = None, *, first: int = 0) -> Tensor:
        """Return step_BTW.

        Args:
            cells: what is played.
            hidden_BTR: what must not be seen of it.
            first: number of the first step, a multiple of the steps of a bar.
        """
        hidden = None if hidden_BTR is None else hidden_BTR[..., :V]
        sound_BTV = sounding(cells.voice_BTV, hidden)
        return self.summed(cells, sound_BTV, hidden_BTR, first=first)

    def summed(
        self, cells: Cells, sound_BTV: Tensor, hidden_BTR: Tensor | None = None, *, first: int = 0
    ) -> Tensor:
        """Return step_BTW where it is known what voices sound."""
        rows = [voice_rows(cells.voice_BTV, sound_BTV, hidden_BTR)]
        for number, role in enumerate((HARMONY_ROLE, DRUMS_ROLE)):
            hidden = None if hidden_BTR is None else hidden_BTR[..., role]
            presence_BT = presences(cells.there_BTR[..., role], hidden)
            rows.append((V * PER_VOICE + number * PRESENCES + presence_BT)[..., None])
        if self.placed:
            rows.append(self._places(cells.voice_BTV, first))
        row_BTN = torch.cat(rows, dim=-1)
        step_BTW = F.embedding_bag(row_BTN.flatten(0, 1), self.table, mode="sum").unflatten(
            0, row_BTN.shape[:2]
        )
        pairs, drums = pairs_of(cells.harmony_BTP), cells.drums_BTD.float()
        if hidden_BTR is not None:
            pairs = pairs * ~hidden_BTR[..., HARMONY_ROLE, None]
            drums = drums * ~hidden_BTR[..., DRUMS_ROLE, None]
        whole_BTW: Tensor = step_BTW + self.harmony(pairs) + self.drums(drums)
        return whole_BTW

    def _places(self, voice_BTV: Tensor, first: int) -> Tensor:
        works, steps = voice_BTV.shape[:2]
        step_T = torch.arange(first, first + steps, device=voice_BTV.device)
        in_bar_T = PLACES + step_T % STEPS
        bar_T = PLACES + STEPS + step_T // STEPS
        return torch.stack([in_bar_T, bar_T], dim=-1).expand(works, steps, 2)


def voice_rows(voice_BTV: Tensor, sound_BTV: Tensor, hidden_BTR: Tensor | None = None) -> Tensor:
    """Return for each voice the rows of a table that stand for what it sounds and how, (B, T, 2 V)."""
    hidden = None if hidden_BTR is None else hidden_BTR[..., :V]
    voice_V = torch.arange(V, device=voice_BTV.device) * PER_VOICE
    return torch.cat([voice_V + sound_BTV, voice_V + SOUNDS + manners(voice_BTV, hidden)], dim=-1)
