"""The generator of music: it fills the free cells of a grid, from what is given and what is asked.

An encoder looks at everything that is given, before and after, and a decoder goes through the steps in the
order of time, knowing what was played so far and what the encoder saw. In a step one role follows another.
So whatever is free and whatever is given, the likelihood of the free cells is exact and takes one pass,
and notes that are written together know of one another.

Letters: B works, T steps, C columns of a packed work, K bars, Y condition, Z latent, W width, R roles,
V voices, N steps picked from all works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.arts.music.grid_layout import STEPS
from huohua.arts.music.networks.cells import Cells, R, V, cells_of, sounding
from huohua.arts.music.networks.frame_embedding import FrameEmbedding, voice_rows
from huohua.arts.music.networks.frame_heads import FrameHeads, FrameLogits
from huohua.blocks.rotary import rotary_table
from huohua.blocks.transformer import ConditionedBlock, kept_channels
from huohua.config import Config

MOST_STEPS = 16 * STEPS


class ComposerSettings(Config):
    """The size of a composer.

    Attributes:
        width: numbers that stand for a step.
        heads: heads of attention.
        encoder: blocks that look at what is given.
        decoder: blocks that go through the steps.
        mapped: width of the mapped condition.
        chord: width of the networks that hold the notes of a chord together.
        dropout: share of what blocks add that is dropped in training.
        forget: share of steps that the decoder forgets in training, against learning pieces by heart.
    """

    width: int = Field(default=192, ge=8)
    heads: int = Field(default=6, ge=1)
    encoder: int = Field(default=3, ge=1)
    decoder: int = Field(default=4, ge=1)
    mapped: int = Field(default=128, ge=8)
    chord: int = Field(default=32, ge=4)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    forget: float = Field(default=0.0, ge=0, lt=1)


class Nats(NamedTuple):
    """How unlikely the free cells of works are: sums by role, and how many cells (role and step) they are."""

    nats_BR: Tensor
    count_BR: Tensor


@dataclass(frozen=True, kw_only=True)
class Picked:
    """The steps of works in which something is free, and the logits of all their cells.

    Attributes:
        work_N: the work of each step.
        step_N: its place in time.
        cells: all cells of the works.
        free_NR: which roles are free and there.
        logits: of the cells of each step.
    """

    work_N: Tensor
    step_N: Tensor
    cells: Cells
    free_NR: Tensor
    logits: FrameLogits


class Composer(nn.Module):
    """Fills the free cells of packed works.

    Args:
        settings: its size.
        condition: Y, numbers in a condition.
        latent: Z, numbers in a latent.

    Source: the encoder and decoder of Vaswani et al. 2017, "Attention Is All You Need", section 3.1, with
    places aligned in the place of cross attention; the condition as in Peebles and Xie 2023, "Scalable
    Diffusion Models with Transformers", and the mapping network as in Karras et al. 2019, "A Style-Based
    Generator Architecture for Generative Adversarial Networks", section 2.
    """

    cos_TD: Tensor
    sin_TD: Tensor

    def __init__(self, settings: ComposerSettings, *, condition: int, latent: int) -> None:
        super().__init__()
        width, mapped = settings.width, settings.mapped
        self.settings, self.condition, self.latent = settings, condition, latent
        self.map = nn.Sequential(
            nn.Linear(2 * condition + latent, mapped), nn.GELU(), nn.Linear(mapped, mapped), nn.GELU()
        )
        self.seen = FrameEmbedding(width, placed=True)
        self.played = FrameEmbedding(width, placed=False)
        self.start = nn.Parameter(torch.zeros(width))
        self.encoder = nn.ModuleList(
            ConditionedBlock(width, settings.heads, mapped, causal=False) for _ in range(settings.encoder)
        )
        self.decoder = nn.ModuleList(
            ConditionedBlock(width, settings.heads, mapped, causal=True) for _ in range(settings.decoder)
        )
        self.join = nn.Linear(width, width)
        self.heads = FrameHeads(width, hidden=settings.chord)
        first: nn.Linear = self.map[0]  # type: ignore[assignment]
        # A latent is listened to from where it pays: in the game against a discriminator.
        nn.init.zeros_(first.weight[:, 2 * condition :])
        cos_TD, sin_TD = rotary_table(MOST_STEPS, width // settings.heads)
        self.register_buffer("cos_TD", cos_TD, persistent=False)
        self.register_buffer("sin_TD", sin_TD, persistent=False)

    def forward(
        self,
        work_BTC: Tensor,
        hidden_BTR: Tensor,
        condition_BKY: Tensor,
        latent_BZ: Tensor,
        dice: torch.Generator | None = None,
    ) -> Nats:
        """Return how unlikely the free cells of works are.

        Args:
            work_BTC: packed works, whole.
            hidden_BTR: which roles are free in which steps.
            condition_BKY: what is asked of each bar, or (B, Y) of the whole.
            latent_BZ: what is asked for by no name.
            dice: for dropout; none without it.
        """
        picked = self.pick(work_BTC, hidden_BTR, condition_BKY, latent_BZ, dice)
        nats_NR = nats_of(picked)
        nats_BR = nats_NR.new_zeros(len(work_BTC), R).index_add(0, picked.work_N, nats_NR)
        count_BR = nats_NR.new_zeros(len(work_BTC), R).index_add(
            0, picked.work_N, picked.free_NR.to(nats_NR.dtype)
        )
        return Nats(nats_BR, count_BR)

    def pick(
        self,
        work_BTC: Tensor,
        hidden_BTR: Tensor,
        condition_BKY: Tensor,
        latent_BZ: Tensor,
        dice: torch.Generator | None = None,
    ) -> Picked:
        """Return the logits of all steps in which something is free; arguments as in `forward`."""
        cells = cells_of(work_BTC)
        free_BTR = hidden_BTR & cells.there_BTR
        mapped_BKW = self.mapped(condition_BKY, latent_BZ, work_BTC.shape[1] // STEPS)
        kept, heard_BT1 = self._kept(len(work_BTC), dice), self._heard(cells, dice)
        known_BTW = self.known(cells, free_BTR, mapped_BKW, kept, heard_BT1)
        work_N, step_N = free_BTR.any(-1).nonzero(as_tuple=True)
        harmony_BTP = cells.harmony_BTP
        before_BTP = F.pad(harmony_BTP, (0, 0, 1, 0))[:, :-1]
        rows_BTE = voice_rows(cells.voice_BTV, sounding(cells.voice_BTV), None)
        logits = self.heads(
            known_BTW[work_N, step_N],
            rows_BTE[work_N, step_N],
            harmony_BTP[work_N, step_N],
            before_BTP[work_N, step_N],
            cells.drums_BTD[work_N, step_N],
        )
        return Picked(
            work_N=work_N, step_N=step_N, cells=cells, free_NR=free_BTR[work_N, step_N], logits=logits
        )

    def mapped(self, condition_BKY: Tensor, latent_BZ: Tensor, bars: int) -> Tensor:
        """Return the mapped condition (B, K, W), one for each bar; NaN is what is not asked for."""
        if condition_BKY.ndim == 2:
            condition_BKY = condition_BKY[:, None]
        condition_BKY = condition_BKY.expand(-1, bars, -1)
        latent_BKZ = latent_BZ[:, None].expand(-1, bars, -1)
        asked_BKY = ~condition_BKY.isnan()
        told = [condition_BKY.nan_to_num(0.0), asked_BKY.to(condition_BKY.dtype), latent_BKZ]
        mapped_BKW: Tensor = self.map(torch.cat(told, dim=-1))
        return mapped_BKW

    def encoded(
        self, cells: Cells, free_BTR: Tensor, mapped_BKW: Tensor, kept: Sequence[Tensor | None] | None = None
    ) -> Tensor:
        """Return what the encoder sees around each step, (B, T, W)."""
        x_BTW = self._passed(self.encoder, self.seen(cells, free_BTR), mapped_BKW, kept)
        joined: Tensor = self.join(F.layer_norm(x_BTW, x_BTW.shape[-1:]))
        return joined

    def known(
        self,
        cells: Cells,
        free_BTR: Tensor,
        mapped_BKW: Tensor,
        kept: Sequence[Tensor | None] | None = None,
        heard_BT1: Tensor | None = None,
    ) -> Tensor:
        """Return what is known of each step before it is played, (B, T, W)."""
        played_BTW = self.played(cells)
        if heard_BT1 is not None:
            played_BTW = played_BTW * heard_BT1
        start_B1W = self.start.to(played_BTW.dtype).expand(len(played_BTW), 1, -1)
        before_BTW = torch.cat([start_B1W, played_BTW[:, :-1]], dim=1)
        x_BTW = before_BTW + self.encoded(cells, free_BTR, mapped_BKW, kept)
        return self._passed(self.decoder, x_BTW, mapped_BKW, kept and kept[len(self.encoder) :])

    def _passed(
        self,
        blocks: nn.ModuleList,
        x_BTW: Tensor,
        mapped_BKW: Tensor,
        kept: Sequence[Tensor | None] | None,
    ) -> Tensor:
        steps = x_BTW.shape[1]
        factors = kept or [None] * len(blocks)
        for block, factor in zip(blocks, factors, strict=False):
            x_BTW = block(x_BTW, mapped_BKW, self.cos_TD[:steps], self.sin_TD[:steps], factor)
        return x_BTW

    def _heard(self, cells: Cells, dice: torch.Generator | None) -> Tensor | None:
        """Return (B, T, 1), 0 in steps that are forgotten."""
        if dice is None or not self.settings.forget:
            return None
        heard_BT1 = torch.rand(*cells.voice_BTV.shape[:2], 1, generator=dice) >= self.settings.forget
        return heard_BT1.float().to(self.start.device)

    def _kept(self, works: int, dice: torch.Generator | None) -> Sequence[Tensor] | None:
        if dice is None or not self.settings.dropout:
            return None
        blocks, width = len(self.encoder) + len(self.decoder), self.settings.width
        factors = kept_channels(blocks, works, width, self.settings.dropout, dice, self.start.device)
        return list(factors)


def nats_of(picked: Picked) -> Tensor:
    """Return nats_NR of the free cells of each step, 0 where a role is not free.

    Harmony is one cell with all its pitches, drums one with all its strokes.
    """
    work_N, step_N, cells, logits = picked.work_N, picked.step_N, picked.cells, picked.logits
    voice_NV = cells.voice_BTV[work_N, step_N]
    nats_NV = F.cross_entropy(
        logits.voice_NVK.flatten(0, 1), voice_NV.flatten().clamp(max=logits.voice_NVK.shape[-1] - 1),
        reduction="none",
    ).unflatten(0, (-1, V))  # fmt: skip
    harmony_N = _of_set(logits.harmony_NPK, cells.harmony_BTP[work_N, step_N])
    drums_N = _of_set(logits.drums_NDK, cells.drums_BTD[work_N, step_N])
    nats_NR = torch.cat([nats_NV, harmony_N[:, None], drums_N[:, None]], dim=1)
    return nats_NR.where(picked.free_NR, nats_NR.new_zeros(()))


def _of_set(logit_NPK: Tensor, chosen_NP: Tensor) -> Tensor:
    """Return the nats of N sets of choices."""
    nats = F.cross_entropy(logit_NPK.flatten(0, 1), chosen_NP.flatten(), reduction="none")
    sums_N: Tensor = nats.unflatten(0, chosen_NP.shape).sum(1)
    return sums_N
