"""Works as a discriminator sees them: what is struck and what sounds, pitch by pitch, with slopes.

Letters: B works, T steps, V voices, K tokens, R the five pitched roles, P pitches, D drums, N picked steps.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.adversarial.straight_through import straight_through
from huohua.arts.music.grid_layout import FIRST_PITCH, HARMONY_LOWEST, HELD, HOLD, LOWEST, ONSET, PAD
from huohua.arts.music.networks.cells import DRUMS_ROLE, HARMONY_ROLE, Cells, V
from huohua.arts.music.networks.composer import Picked
from huohua.arts.music.roles import VOICES

PITCHED = V + 1
LOW = min(LOWEST.values())
PITCHES = 84  # from `LOW` upwards: all that any role can play
Rolls = tuple[Tensor, Tensor, Tensor]  # struck_BTRP, sounding_BTRP, drums_BTD


def rolls_of(cells: Cells) -> Rolls:
    """Return the rolls of works, of zeros and ones."""
    voice_BTVK = F.one_hot(cells.voice_BTV, PAD + 1)[..., :PAD].float()
    harmony_BTPK = F.one_hot(cells.harmony_BTP, 3).float()
    return _rolls(voice_BTVK, harmony_BTPK, cells.drums_BTD.float())


def retraced(picked: Picked, dice: torch.Generator, *, temperature: float) -> tuple[Rolls, Tensor]:
    """Return the same rolls with slopes of the logits of free cells, and how likely each free choice was.

    The likelihoods are (B, T, X), 0 where nothing is free, and scaled such that their mean over a work is
    that of its free choices.
    """
    cells, work_N, step_N, free_NR = picked.cells, picked.work_N, picked.step_N, picked.free_NR
    logits = picked.logits
    voice_BTVK = F.one_hot(cells.voice_BTV, PAD + 1)[..., :PAD].float()
    harmony_BTPK = F.one_hot(cells.harmony_BTP, 3).float()
    drums_BTDK = F.one_hot(cells.drums_BTD, 2).float()
    free = (free_NR[:, :V], free_NR[:, HARMONY_ROLE, None], free_NR[:, DRUMS_ROLE, None])
    whole, likely = [], []
    for base, logit_NXK, free_NX in zip((voice_BTVK, harmony_BTPK, drums_BTDK), logits, free, strict=True):
        rows_NXK = base[work_N, step_N]
        chosen_Y = rows_NXK.argmax(-1).flatten()
        soft = straight_through(logit_NXK.flatten(0, 1), chosen_Y, dice, temperature=temperature)
        slope_NXK = (soft - soft.detach()).view_as(rows_NXK) * free_NX[..., None]
        whole.append(base.index_put((work_N, step_N), rows_NXK + slope_NXK))
        share_NX = (logit_NXK.softmax(-1) * rows_NXK).sum(-1) * free_NX
        likely.append(share_NX)
    share_NX = torch.cat(likely, dim=1)
    share_BTX = share_NX.new_zeros(*cells.voice_BTV.shape[:2], share_NX.shape[1])
    free_B = share_BTX.new_zeros(len(share_BTX)).index_add(0, work_N, (share_NX > 0).float().mean(1))
    share_NX = share_NX * (share_BTX.shape[1] / free_B.clamp_min(1e-6))[work_N, None]
    rolls = _rolls(whole[0], whole[1], whole[2][..., 1])
    return rolls, share_BTX.index_put((work_N, step_N), share_NX)


def _rolls(voice_BTVK: Tensor, harmony_BTPK: Tensor, drums_BTD: Tensor) -> Rolls:
    struck_BTVP = voice_BTVK[..., FIRST_PITCH:]
    sounding_BTVP = sounding_rolls(struck_BTVP, voice_BTVK[..., HOLD])
    struck = [_placed(struck_BTVP[:, :, voice], LOWEST[role]) for voice, role in enumerate(VOICES)]
    sounding = [_placed(sounding_BTVP[:, :, voice], LOWEST[role]) for voice, role in enumerate(VOICES)]
    struck.append(_placed(harmony_BTPK[..., ONSET], HARMONY_LOWEST))
    sounding.append(_placed(harmony_BTPK[..., ONSET] + harmony_BTPK[..., HELD], HARMONY_LOWEST))
    return torch.stack(struck, dim=2), torch.stack(sounding, dim=2), drums_BTD


def sounding_rolls(struck_BTVP: Tensor, held_BTV: Tensor) -> Tensor:
    """Return what sounds: what is struck, and what sounded before as far as it is held."""
    sound_BVP = torch.zeros_like(struck_BTVP[:, 0])
    sounds = []
    for struck_BVP, held_BV in zip(struck_BTVP.unbind(1), held_BTV.unbind(1), strict=True):
        sound_BVP = torch.addcmul(struck_BVP, sound_BVP, held_BV[..., None])
        sounds.append(sound_BVP)
    return torch.stack(sounds, dim=1)


def _placed(roll_BTX: Tensor, lowest: int) -> Tensor:
    """Return a roll on the pitches that all roles share."""
    below = lowest - LOW
    return F.pad(roll_BTX, (below, PITCHES - below - roll_BTX.shape[-1]))
