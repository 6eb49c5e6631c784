"""Packed works as the piano rolls of MuseGAN, and back: what sounds, and nothing of what is struck.

Letters: B works, M tracks, T steps, P pitches, C columns of a packed work.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from huohua.adversarial.game import Batch, Moment
from huohua.arts.music.feed import MusicWorks
from huohua.arts.music.grid_layout import (
    FIRST_PITCH,
    HARMONY_LOWEST,
    HARMONY_PITCHES,
    HOLD,
    LOWEST,
    PITCHES,
    STEPS,
)
from huohua.arts.music.networks.cells import DRUMS_ROLE, HARMONY_ROLE, D, V, cells_of
from huohua.arts.music.networks.rolls import LOW, rolls_of
from huohua.arts.music.packing import (
    COLUMNS,
    DRUM_COLUMNS,
    HARMONY_COLUMNS,
    ROLE_COLUMNS,
    VALID_COLUMN,
)
from huohua.arts.music.roles import VOICES

ROLL_PITCHES = 84


class RollWorks:
    """Windows as rolls in [-1, 1], six tracks of 84 pitches; drums play on the lowest nine.

    Args:
        works: the windows.
        bars: how many bars are shown, from the beginning of a window or from its middle.
    """

    def __init__(self, works: MusicWorks, *, bars: int) -> None:
        self.works, self.bars = works, bars

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.works)

    def take(self, numbers: NDArray[np.int64], moment: Moment) -> Batch:
        """Return roll_BMTP of some windows."""
        chosen = self.works.numbers[numbers]
        window_BTC = self.works.works(chosen, np.zeros(len(chosen), dtype=np.bool_))
        shown_BTC = window_BTC[:, -8 * STEPS :][:, : self.bars * STEPS]
        condition_BY = torch.zeros(len(chosen), self.works.source.condition_NC.shape[1])
        roll_BMTP = rolls_from(shown_BTC)
        return Batch(sample=roll_BMTP.to(self.works.device), condition_BC=condition_BY.to(self.works.device))


def rolls_from(work_BTC: Tensor) -> Tensor:
    """Return roll_BMTP in [-1, 1] of packed works."""
    _, sounding_BTRP, drums_BTD = rolls_of(cells_of(work_BTC))
    drums_BTP = F.pad(drums_BTD, (0, ROLL_PITCHES - D))
    roll_BTMP = torch.cat([sounding_BTRP, drums_BTP[:, :, None]], dim=2)
    return roll_BTMP.transpose(1, 2).contiguous() * 2 - 1


def works_from(roll_BMTP: Tensor) -> Tensor:
    """Return packed works of rolls: what is above 0 sounds, and what sounded before is held.

    A voice sings the strongest of its pitches. A role that never sounds does not take part.
    """
    roll_BTMP = roll_BMTP.transpose(1, 2)
    works, steps = roll_BTMP.shape[:2]
    work_BTC = torch.zeros(works, steps, COLUMNS, dtype=torch.int16)
    for voice, role in enumerate(VOICES):
        below = LOWEST[role] - LOW
        strongest = roll_BTMP[:, :, voice, below : below + PITCHES].max(dim=-1)
        token_BT = (strongest.indices + FIRST_PITCH) * (strongest.values > 0)
        before_BT = F.pad(token_BT, (1, 0))[:, :-1]
        work_BTC[..., voice] = torch.where((token_BT == before_BT) & (token_BT > 0), HOLD, token_BT)
    below = HARMONY_LOWEST - LOW
    sounds_BTP = (roll_BTMP[:, :, HARMONY_ROLE, below : below + HARMONY_PITCHES] > 0).to(torch.int16)
    before_BTP = F.pad(sounds_BTP, (0, 0, 1, 0))[:, :-1]
    work_BTC[..., HARMONY_COLUMNS] = sounds_BTP * (1 + before_BTP)
    work_BTC[..., DRUM_COLUMNS] = (roll_BTMP[:, :, DRUMS_ROLE, :D] > 0).to(torch.int16)
    work_BTC[..., VALID_COLUMN] = 1
    plays = [(work_BTC[..., voice] > 0).any(1) for voice in range(V)]
    plays += [work_BTC[..., HARMONY_COLUMNS].flatten(1).any(1), work_BTC[..., DRUM_COLUMNS].flatten(1).any(1)]
    work_BTC[..., ROLE_COLUMNS] = torch.stack(plays, dim=1)[:, None].to(torch.int16)
    return work_BTC
