"""The discriminator of music: five ways to look at a work, scores for each role in each bar, one for all.

    private      each role by itself, beat by beat
    shared       all pitched roles laid over each other
    onsets       who strikes when, and nothing of pitch
    chroma       which pitch classes sound in which role
    similarity   how alike the bars of a work are, by which a theme that returns is seen

Letters: B works, T steps, Q beats, K bars, R roles, W width, Y condition, X numbers in a stretch.
"""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.adversarial.game import Judgement
from huohua.arts.music.grid_layout import STEPS, STEPS_PER_QUARTER
from huohua.arts.music.networks.cells import D, R, cells_of
from huohua.arts.music.networks.rolls import PITCHED, PITCHES, Rolls, rolls_of
from huohua.blocks.rotary import rotary_table
from huohua.blocks.transformer import ConditionedBlock
from huohua.config import Config

BEATS = STEPS // STEPS_PER_QUARTER
MOST_BARS = 16


class CriticSettings(Config):
    """The size of a critic.

    Attributes:
        width: numbers that stand for a role in a beat or bar.
        heads: heads of attention over bars.
        blocks: blocks over bars.
        narrow: numbers that stand for a role in a step.
    """

    width: int = Field(default=96, ge=8)
    heads: int = Field(default=4, ge=1)
    blocks: int = Field(default=2, ge=1)
    narrow: int = Field(default=48, ge=4)


class Critic(nn.Module):
    """Scores what was written into works.

    Args:
        settings: its size.
        condition: Y, numbers in a condition.

    Source: Dong and Yang 2018, "Convolutional Generative Adversarial Networks with Binary Neurons for
    Polyphonic Music Generation", section 3.2 (private, shared, onset and chroma streams); scores of
    stretches as in Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial Networks",
    section 2.2.2; the condition by projection, Miyato and Koyama 2018, "cGANs with Projection
    Discriminator", section 3.
    """

    cos_TD: Tensor
    sin_TD: Tensor

    def __init__(self, settings: CriticSettings, *, condition: int) -> None:
        super().__init__()
        width, narrow = settings.width, settings.narrow
        self.pitches = nn.Parameter(torch.randn(PITCHED, 2 * PITCHES, narrow) * 0.1)
        self.private = nn.Linear(STEPS_PER_QUARTER * narrow, width)
        self.drums = nn.Linear(STEPS_PER_QUARTER * D, width)
        self.role_RW = nn.Parameter(torch.randn(R, width) * 0.1)
        self.shared = nn.Linear(STEPS_PER_QUARTER * 2 * PITCHES, width)
        self.onsets = nn.Linear(STEPS_PER_QUARTER * (PITCHED + D), width)
        self.chroma = nn.Linear(PITCHED * 12, width)
        self.together = nn.Linear(3 * width, width)
        self.beats = nn.ModuleList(nn.Linear(3 * width, width) for _ in range(2))
        self.bar = nn.Linear(BEATS * width, width)
        self.hidden = nn.Linear(R, R * width)
        self.alike = nn.Linear(MOST_BARS, width)
        self.map = nn.Sequential(nn.Linear(2 * condition, width), nn.GELU(), nn.Linear(width, width))
        self.blocks = nn.ModuleList(
            ConditionedBlock(width, settings.heads, width, causal=False) for _ in range(settings.blocks)
        )
        self.local = nn.Linear(width, 1)
        self.whole = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))
        self.wish = nn.Linear(width, width, bias=False)
        cos_TD, sin_TD = rotary_table(MOST_BARS, width // settings.heads)
        self.register_buffer("cos_TD", cos_TD, persistent=False)
        self.register_buffer("sin_TD", sin_TD, persistent=False)

    def forward(self, rolls: Rolls, hidden_BTR: Tensor, condition_BKY: Tensor) -> Judgement:
        """Return scores of K x R stretches, NaN where nothing was hidden, and of the whole, last.

        Args:
            rolls: works as they are seen.
            hidden_BTR: which cells were written, or might have been.
            condition_BKY: what was asked of each bar, or (B, Y) of the whole; NaN is what was not.
        """
        beat_BQRW = self._beats(rolls)
        bars = beat_BQRW.shape[1] // BEATS
        hidden_BKR = hidden_BTR.unflatten(1, (bars, STEPS)).any(2)
        bar_BKRW = self.bar(beat_BQRW.unflatten(1, (bars, BEATS)).transpose(2, 3).flatten(3))
        bar_BKRW = F.gelu(bar_BKRW + self.hidden(hidden_BKR.to(bar_BKRW.dtype)).unflatten(-1, (R, -1)))
        wish_BKW = self._wish(condition_BKY, bars)
        mean_BKW = bar_BKRW.mean(2)
        sum_BKW = mean_BKW + self.alike(_alike(mean_BKW))
        for block in self.blocks:
            sum_BKW = block(sum_BKW, wish_BKW, self.cos_TD[:bars], self.sin_TD[:bars])
        bar_BKRW = _normal(bar_BKRW + sum_BKW[:, :, None])
        wanted_BKW = self.wish(wish_BKW)
        share = bar_BKRW.shape[-1] ** -0.5
        local_BKR = self.local(bar_BKRW)[..., 0] + (bar_BKRW * wanted_BKW[:, :, None]).sum(-1) * share
        whole_BW = _normal(sum_BKW).mean(1)
        whole_B = self.whole(whole_BW)[:, 0] + (whole_BW * wanted_BKW.mean(1)).sum(-1) * share
        local_BKR = local_BKR.float().masked_fill(~hidden_BKR, torch.nan)
        score_BS = torch.cat([local_BKR.flatten(1), whole_B.float()[:, None]], dim=1)
        features = tuple(each.flatten(1, 2).transpose(1, 2) for each in (beat_BQRW, bar_BKRW))
        return Judgement(score_BS, features)

    def score(self, work_BTC: Tensor, hidden_BTR: Tensor, condition_BKY: Tensor) -> Tensor:
        """Return score_B: the mean score of packed works, by which drafts are put in order."""
        judged = self(rolls_of(cells_of(work_BTC)), hidden_BTR, condition_BKY)
        score_B: Tensor = judged.score_BS.nanmean(dim=1)
        return score_B

    def _beats(self, rolls: Rolls) -> Tensor:
        """Return what there is to see of each role in each beat, (B, Q, R, W)."""
        struck_BTRP, sounding_BTRP, drums_BTD = rolls
        both_BTRX = torch.cat([struck_BTRP, sounding_BTRP], dim=-1)
        step_BTRW = torch.einsum("btrx,rxw->btrw", both_BTRX, self.pitches)
        role_BQRW = self.private(_stretched(step_BTRW.transpose(1, 2)).transpose(1, 2))
        role_BQRW = torch.cat([role_BQRW, self.drums(_stretched(drums_BTD))[:, :, None]], dim=2)
        struck_BTX = torch.cat([struck_BTRP.sum(-1), drums_BTD], dim=-1)
        chroma_BQX = sounding_BTRP.unflatten(-1, (-1, 12)).sum(-2).flatten(2)
        chroma_BQX = chroma_BQX.unflatten(1, (-1, STEPS_PER_QUARTER)).mean(2)
        seen = [
            self.shared(_stretched(both_BTRX.sum(2))),
            self.onsets(_stretched(struck_BTX)),
            self.chroma(chroma_BQX),
        ]
        together_BQW = self.together(F.gelu(torch.cat(seen, dim=-1)))
        beat_BQRW = F.gelu(role_BQRW + together_BQW[:, :, None] + self.role_RW)
        for layer in self.beats:
            normal_BQRW = _normal(beat_BQRW)
            around = [
                F.pad(normal_BQRW, (0, 0, 0, 0, 1, 0))[:, :-1],
                normal_BQRW,
                F.pad(normal_BQRW, (0, 0, 0, 0, 0, 1))[:, 1:],
            ]
            beat_BQRW = beat_BQRW + F.gelu(layer(torch.cat(around, dim=-1)))
        return beat_BQRW

    def _wish(self, condition_BKY: Tensor, bars: int) -> Tensor:
        if condition_BKY.ndim == 2:
            condition_BKY = condition_BKY[:, None]
        condition_BKY = condition_BKY.expand(-1, bars, -1)
        told = [condition_BKY.nan_to_num(0.0), (~condition_BKY.isnan()).to(condition_BKY.dtype)]
        wish_BKW: Tensor = self.map(torch.cat(told, dim=-1))
        return wish_BKW


def _stretched(step_XTW: Tensor) -> Tensor:
    """Return the steps of each beat side by side; time is the axis before the last."""
    side_XQW: Tensor = step_XTW.unflatten(-2, (-1, STEPS_PER_QUARTER)).flatten(-2)
    return side_XQW


def _normal(x_XW: Tensor) -> Tensor:
    return F.layer_norm(x_XW, x_XW.shape[-1:])


def _alike(bar_BKW: Tensor) -> Tensor:
    """Return the cosine of every two bars, (B, K, `MOST_BARS`)."""
    length_BK1 = bar_BKW.square().sum(-1, keepdim=True).add(1e-6).sqrt()
    unit_BKW = bar_BKW / length_BK1
    alike_BKK = unit_BKW @ unit_BKW.transpose(1, 2)
    return F.pad(alike_BKK, (0, MOST_BARS - alike_BKK.shape[-1]))
