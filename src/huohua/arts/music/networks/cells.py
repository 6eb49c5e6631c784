"""A packed work as the networks read it: who plays what in each step, what sounds, and what is hidden.

Letters: B works, T steps, C columns of a packed work, V voices, P pitches of harmony, D drums, R roles.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from huohua.arts.music.grid_layout import FIRST_PITCH, HARMONY_PITCHES, HOLD, PAD
from huohua.arts.music.packing import (
    DRUM_COLUMNS,
    HARMONY_COLUMNS,
    ROLE_COLUMNS,
    VALID_COLUMN,
    VOICE_COLUMNS,
)
from huohua.arts.music.roles import DRUMS, ROLES, VOICES

V, P, D, R = len(VOICES), HARMONY_PITCHES, len(DRUMS), len(ROLES)
HARMONY_ROLE, DRUMS_ROLE = ROLES.index("harmony"), ROLES.index("drums")

# What a voice is heard to sound: a rest, one of the pitches, nothing because it is absent, or unknown.
UNKNOWN = PAD + 1
SOUNDS = UNKNOWN + 1
# How it sounds: rest, held, struck, absent, hidden. Harmony and drums: there, absent, hidden.
ABSENT_MANNER, HIDDEN_MANNER, MANNERS = 3, 4, 5
PLAIN, ABSENT, HIDDEN, PRESENCES = 0, 1, 2, 3


@dataclass(frozen=True, kw_only=True)
class Cells:
    """The cells of some works.

    Attributes:
        voice_BTV: tokens of voices; `PAD` where a voice or a step is absent.
        harmony_BTP: 0 off, 1 struck, 2 held.
        drums_BTD: 1 where a drum is struck.
        there_BTR: whether a role takes part and the step is one of its bar.
    """

    voice_BTV: Tensor
    harmony_BTP: Tensor
    drums_BTD: Tensor
    there_BTR: Tensor

    def twice(self) -> Cells:
        """Return the same works again after themselves."""
        return Cells(**{name: part.repeat(2, 1, 1) for name, part in vars(self).items()})

    @property
    def onset_BTP(self) -> Tensor:
        """Return where harmony is struck."""
        return self.harmony_BTP == 1


def cells_of(work_BTC: Tensor) -> Cells:
    """Return the cells of packed works; those of absent roles and steps are empty."""
    work_BTC = work_BTC.long()
    voice_BTV, harmony_BTP = work_BTC[..., VOICE_COLUMNS], work_BTC[..., HARMONY_COLUMNS]
    drums_BTD = work_BTC[..., DRUM_COLUMNS]
    there_BTR = (work_BTC[..., VALID_COLUMN, None] > 0) & (work_BTC[..., ROLE_COLUMNS] > 0)
    return Cells(
        voice_BTV=voice_BTV.where(there_BTR[..., :V], torch.full_like(voice_BTV, PAD)),
        harmony_BTP=harmony_BTP * there_BTR[..., HARMONY_ROLE, None],
        drums_BTD=drums_BTD * there_BTR[..., DRUMS_ROLE, None],
        there_BTR=there_BTR,
    )


def sounding(voice_BTV: Tensor, hidden_BTV: Tensor | None = None) -> Tensor:
    """Return what each voice is heard to sound in each step: a held note sounds its pitch.

    A note held from a hidden step, or from before the beginning, sounds an unknown pitch.
    """
    if hidden_BTV is not None:
        voice_BTV = voice_BTV.masked_fill(hidden_BTV, UNKNOWN)
    step_T = torch.arange(voice_BTV.shape[1], device=voice_BTV.device)[:, None]
    source_BTV = step_T.where(voice_BTV != HOLD, step_T.new_tensor(-1)).cummax(dim=1).values
    found_BTV = voice_BTV.gather(1, source_BTV.clamp_min(0))
    return found_BTV.masked_fill(source_BTV < 0, UNKNOWN)


def manners(voice_BTV: Tensor, hidden_BTV: Tensor | None = None) -> Tensor:
    """Return how each voice sounds in each step: rest, held, struck, absent or hidden."""
    manner_BTV = voice_BTV.clamp(max=FIRST_PITCH)
    manner_BTV = manner_BTV.masked_fill(voice_BTV == PAD, ABSENT_MANNER)
    return manner_BTV if hidden_BTV is None else manner_BTV.masked_fill(hidden_BTV, HIDDEN_MANNER)


def presences(there_BT: Tensor, hidden_BT: Tensor | None = None) -> Tensor:
    """Return whether harmony or drums are there, absent or hidden in each step."""
    presence_BT = (~there_BT).long() * ABSENT
    return presence_BT if hidden_BT is None else presence_BT.masked_fill(hidden_BT, HIDDEN)


def pairs_of(harmony_BTP: Tensor) -> Tensor:
    """Return what harmony sounds and what it strikes, (B, T, 2 P) of zeros and ones."""
    return torch.cat([harmony_BTP > 0, harmony_BTP == 1], dim=-1).float()
