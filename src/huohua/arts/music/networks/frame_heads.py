"""From what is known of a step to what each role plays in it, one role after another.

The order is that of `ROLES`: lead, counter, inner, bass, then harmony, then drums. Each role knows those
before it, so the likelihood of a step is the product of its roles'.

Letters: N steps, V voices, P pitches of harmony, D drums, R roles, W width, K values.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.arts.music.grid_layout import PAD
from huohua.arts.music.networks.cells import DRUMS_ROLE, HARMONY_ROLE, D, P, R, V
from huohua.arts.music.networks.frame_embedding import PER_VOICE
from huohua.blocks.set_density import SetDensity


class FrameLogits(NamedTuple):
    """Logits of each cell of N steps, each knowing all cells before it."""

    voice_NVK: Tensor
    harmony_NPK: Tensor
    drums_NDK: Tensor


class FrameHeads(nn.Module):
    """Logits of every role in a step.

    Args:
        width: W of what is known of a step.
        hidden: width of the networks that hold the notes of a chord, and the strokes of drums, together.

    Source: Larochelle and Murray 2011, "The Neural Autoregressive Distribution Estimator", the product of
    conditionals in a fixed order; the order soprano, alto, tenor, bass is that in which chorales are scored.
    """

    def __init__(self, width: int, *, hidden: int) -> None:
        super().__init__()
        self.role_RW = nn.Parameter(torch.randn(R, width) * 0.1)
        self.earlier = nn.Parameter(torch.randn(V * PER_VOICE, width) * 0.1)
        self.struck = nn.Linear(P, width, bias=False)
        self.widen = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)
        self.voices_VWK = nn.Parameter(torch.randn(V, width, PAD) * width**-0.5 * 0.5)
        self.bias_VK = nn.Parameter(torch.zeros(V, PAD))
        self.harmony = SetDensity(width, choices=P, values=3, hidden=hidden)
        self.drums = SetDensity(width, choices=D, values=2, hidden=hidden)

    def forward(
        self, known_NW: Tensor, rows_NE: Tensor, harmony_NP: Tensor, before_NP: Tensor, drums_ND: Tensor
    ) -> FrameLogits:
        """Return the logits of steps whose cells are all known.

        Args:
            known_NW: what is known of each step beforehand.
            rows_NE: `voice_rows` of the step itself.
            harmony_NP: harmony in the step.
            before_NP: harmony in the step before.
            drums_ND: drums in the step.
        """
        said_NVW = self.said(rows_NE)
        earlier_NVW = torch.cat([torch.zeros_like(said_NVW[:, :1]), said_NVW.cumsum(1)], dim=1)
        struck_NW = self.struck((harmony_NP == 1).float())
        known_NRW = (
            torch.cat([earlier_NVW, (earlier_NVW[:, -1] + struck_NW)[:, None]], dim=1) + known_NW[:, None]
        )
        thought_NRW = self.think(known_NRW, self.role_RW)
        drums_before_ND = torch.zeros_like(drums_ND)
        return FrameLogits(
            self.voices(thought_NRW[:, :V], slice(None)),
            self.harmony(thought_NRW[:, HARMONY_ROLE], harmony_NP, before_NP),
            self.drums(thought_NRW[:, DRUMS_ROLE], drums_ND, drums_before_ND),
        )

    def said(self, rows_NE: Tensor) -> Tensor:
        """Return (N, V, W), what each voice tells those after it."""
        sound_NVW, manner_NVW = F.embedding(rows_NE, self.earlier).chunk(2, dim=1)
        return sound_NVW + manner_NVW

    def think(self, known_NRW: Tensor, role_RW: Tensor) -> Tensor:
        """Return what a role makes of what it knows, normalised."""
        known_NRW = known_NRW + role_RW
        inner = self.widen(F.layer_norm(known_NRW, known_NRW.shape[-1:]))
        known_NRW = known_NRW + self.narrow(F.gelu(inner))
        return F.layer_norm(known_NRW, known_NRW.shape[-1:])

    def voices(self, thought_NVW: Tensor, which: slice) -> Tensor:
        """Return logit_NVK of some voices."""
        logit_VNK = torch.bmm(thought_NVW.transpose(0, 1), self.voices_VWK[which].to(thought_NVW.dtype))
        return logit_VNK.float().transpose(0, 1) + self.bias_VK[which]
