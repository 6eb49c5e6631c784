"""Writing the free cells of works, step by step, with all that was worked out for earlier steps kept.

Works are written side by side. Where all are candidates for the same place, what is given is looked at once.

Letters: N works or candidates, T steps, C columns of a packed work, K bars, Y condition, Z latent, W width,
R roles, V voices.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from huohua.arts.music.grid_layout import FIRST_PITCH, HOLD, PAD, STEPS
from huohua.arts.music.networks.cells import (
    DRUMS_ROLE,
    HARMONY_ROLE,
    SOUNDS,
    UNKNOWN,
    Cells,
    D,
    P,
    V,
    cells_of,
    sounding,
)
from huohua.arts.music.networks.composer import Composer
from huohua.arts.music.networks.frame_embedding import PER_VOICE
from huohua.arts.music.packing import DRUM_COLUMNS, HARMONY_COLUMNS, VOICE_COLUMNS
from huohua.arts.music.roles import ROLES, Role
from huohua.blocks.set_density import guided
from huohua.blocks.transformer import Kept

CELLS = ("voice_NTV", "harmony_NTP", "drums_NTD")


@dataclass(frozen=True, kw_only=True)
class Taste:
    """How notes are drawn.

    Attributes:
        temperature: below 1 what is likely becomes likelier.
        guidance: above 1 what is asked for counts for more than it did in training.
        top: voices draw among the likeliest tokens that together are this likely.
        by_role: temperatures of single roles.
    """

    temperature: float = 1.0
    guidance: float = 1.0
    top: float = 1.0
    by_role: tuple[tuple[Role, float], ...] = ()

    def of(self, role: int) -> float:
        """Return the temperature of a role, by its number."""
        return dict(self.by_role).get(ROLES[role], self.temperature)


@torch.inference_mode()
def write(
    composer: Composer,
    work_TC: Tensor,
    hidden_TR: Tensor,
    condition_KY: Tensor,
    latent_Z: Tensor,
    *,
    candidates: int,
    taste: Taste,
    dice: torch.Generator,
) -> Tensor:
    """Return works_NTC: candidates of a work whose free cells are written and whose others are as given.

    Args:
        composer: in evaluation mode.
        work_TC: the packed work; whatever stands in free cells is not looked at.
        hidden_TR: which cells are free.
        condition_KY: what is asked of each bar.
        latent_Z: what is asked for by no name.
        candidates: N.
        taste: how notes are drawn.
        dice: the same dice draw the same notes.
    """
    hidden_NTR, latent_NZ = hidden_TR[None], latent_Z[None]
    return _written(
        composer, work_TC[None], hidden_NTR, condition_KY[None], latent_NZ, taste, dice, candidates=candidates
    )


@torch.inference_mode()
def write_all(
    composer: Composer,
    work_NTC: Tensor,
    hidden_NTR: Tensor,
    condition_NKY: Tensor,
    latent_NZ: Tensor,
    *,
    taste: Taste,
    dice: torch.Generator,
) -> Tensor:
    """Return works_NTC with the free cells of each written; arguments as in `write`, one for each work."""
    return _written(composer, work_NTC, hidden_NTR, condition_NKY, latent_NZ, taste, dice, candidates=1)


def _written(
    composer: Composer,
    work_NTC: Tensor,
    hidden_NTR: Tensor,
    condition_NKY: Tensor,
    latent_NZ: Tensor,
    taste: Taste,
    dice: torch.Generator,
    *,
    candidates: int,
) -> Tensor:
    cells = cells_of(work_NTC)
    free_NTR = hidden_NTR & cells.there_BTR
    steps = free_NTR.any(-1).any(0).nonzero().flatten().tolist()
    work_NTC = work_NTC.repeat_interleave(candidates, dim=0)
    if not steps:
        return work_NTC
    if taste.guidance != 1:
        cells, free_NTR = cells.twice(), free_NTR.repeat(2, 1, 1)
        condition_NKY = torch.cat([condition_NKY, torch.full_like(condition_NKY, torch.nan)])
        latent_NZ = latent_NZ.repeat(2, 1)
    writer = _Writer(composer, cells, free_NTR, condition_NKY, latent_NZ)
    writer.look_back(steps[0])
    writer.spread(candidates)
    noise = _Noise(steps[0], steps[-1] + 1, len(work_NTC), dice)
    for step in range(steps[0], steps[-1] + 1):
        writer.write_step(step, noise, taste)
    return writer.packed(work_NTC)


class _Noise:
    """Gumbel noise for the cells of some steps."""

    def __init__(self, first: int, end: int, candidates: int, dice: torch.Generator) -> None:
        self.first = first
        shape = (end - first, candidates)
        self.voice = _gumbel((*shape, V, PAD), dice)
        self.harmony = _gumbel((*shape, P, 3), dice)
        self.drums = _gumbel((*shape, D, 2), dice)


class _Writer:
    """The state of writing: cells so far, what voices sound, and what attention keeps."""

    def __init__(
        self, composer: Composer, cells: Cells, free_NTR: Tensor, condition_NKY: Tensor, latent_NZ: Tensor
    ) -> None:
        self.composer, self.free_NTR = composer, free_NTR
        works, steps = cells.voice_BTV.shape[:2]
        self.voice_NTV = cells.voice_BTV.masked_fill(free_NTR[..., :V], 0)
        self.harmony_NTP = cells.harmony_BTP.masked_fill(free_NTR[..., HARMONY_ROLE, None], 0)
        self.drums_NTD = cells.drums_BTD.masked_fill(free_NTR[..., DRUMS_ROLE, None], 0)
        self.there_NTR = cells.there_BTR
        # What is free in any work, so that nothing is worked out for roles that are free in none.
        self.roles_TR = free_NTR.any(0).tolist()
        mapped_BKW = composer.mapped(condition_NKY, latent_NZ, steps // STEPS)
        self.around_NTW = composer.encoded(self._cells(), free_NTR, mapped_BKW)
        self.bends = [block.bends(mapped_BKW) for block in composer.decoder]  # type: ignore[operator]
        settings = composer.settings
        self.kept = [Kept.empty(works, settings.heads, steps, settings.width) for _ in composer.decoder]
        self.sound_NV = torch.full((works, V), UNKNOWN)
        self.known_NW = torch.zeros(works, settings.width)

    def look_back(self, step: int) -> None:
        """Pass all steps up to this one, of which those before it are given."""
        cells = self._cells(0, step)
        start_N1W = self.composer.start.expand(len(self.voice_NTV), 1, -1)
        x_BTW = torch.cat([start_N1W, self.composer.played(cells)], dim=1) if step else start_N1W
        self.known_NW = self._decoded(x_BTW, 0)[:, -1]
        if step:
            self.sound_NV = sounding(cells.voice_BTV)[:, -1]

    def spread(self, candidates: int) -> None:
        """Go on as so many candidates for each work, which are alike so far."""
        if candidates == 1:
            return
        rows = torch.arange(len(self.voice_NTV)).repeat_interleave(candidates)
        self.kept = [kept.picked(rows) for kept in self.kept]
        self.around_NTW = self.around_NTW[rows]
        self.bends = [tuple(bend[rows] for bend in bends) for bends in self.bends]
        for name in (*CELLS, "there_NTR", "free_NTR", "sound_NV", "known_NW"):
            setattr(self, name, getattr(self, name)[rows])

    def write_step(self, step: int, noise: _Noise, taste: Taste) -> None:
        """Write the free cells of a step; what is known of it was worked out by the step before."""
        if step > noise.first:
            self.known_NW = self._decoded(self._played(step - 1), step)[:, 0]
        at = step - noise.first
        free_R, free_NR = self.roles_TR[step], self.free_NTR[:, step]
        earlier_NW = self.known_NW
        for voice in range(V):
            if free_R[voice]:
                drawn_N = self._voice(voice, earlier_NW, noise.voice[at], taste)
                drawn_N = drawn_N.repeat(len(free_NR) // len(drawn_N))
                given_N = self.voice_NTV[:, step, voice]
                self.voice_NTV[:, step, voice] = torch.where(free_NR[:, voice], drawn_N, given_N)
            earlier_NW = earlier_NW + self._hear(step, voice)
        if free_R[HARMONY_ROLE]:
            drawn_NP = self._harmony(step, earlier_NW, noise.harmony[at], taste)
            self._lay(self.harmony_NTP, step, drawn_NP, free_NR[:, HARMONY_ROLE])
        if free_R[DRUMS_ROLE]:
            drawn_ND = self._drums(step, earlier_NW, noise.drums[at], taste)
            self._lay(self.drums_NTD, step, drawn_ND, free_NR[:, DRUMS_ROLE])

    def packed(self, work_NTC: Tensor) -> Tensor:
        """Return works_NTC with what was written in their free cells."""
        works_NTC, count = work_NTC.clone(), len(work_NTC)
        free_NTR = self.free_NTR[:count]
        for columns, cells_NTX, free_NTX in (
            (VOICE_COLUMNS, self.voice_NTV, free_NTR[..., :V]),
            (HARMONY_COLUMNS, self.harmony_NTP, free_NTR[..., HARMONY_ROLE, None]),
            (DRUM_COLUMNS, self.drums_NTD, free_NTR[..., DRUMS_ROLE, None]),
        ):
            written_NTX = cells_NTX[:count].to(works_NTC.dtype)
            works_NTC[..., columns] = torch.where(free_NTX, written_NTX, works_NTC[..., columns])
        return works_NTC

    @staticmethod
    def _lay(cells_NTX: Tensor, step: int, drawn_NX: Tensor, free_N: Tensor) -> None:
        cells_NTX[:, step] = torch.where(free_N[:, None], drawn_NX, cells_NTX[:, step])

    def _voice(self, voice: int, earlier_NW: Tensor, noise_NVK: Tensor, taste: Taste) -> Tensor:
        heads = self.composer.heads
        thought_NW = heads.think(earlier_NW, heads.role_RW[voice])
        logit_NK = torch.addmm(heads.bias_VK[voice], thought_NW, heads.voices_VWK[voice])
        logit_NK = guided(logit_NK, taste.guidance) / taste.of(voice)
        # Nothing can be held that does not sound.
        sound_N = self.sound_NV[: len(logit_NK), voice]
        silent_N = (sound_N < FIRST_PITCH) | (sound_N >= PAD)
        logit_NK[:, HOLD].masked_fill_(silent_N, -torch.inf)
        if taste.top < 1:
            logit_NK = _among_the_likeliest(logit_NK, taste.top)
        return (logit_NK + noise_NVK[:, voice]).argmax(-1)

    def _hear(self, step: int, voice: int) -> Tensor:
        """Note what a voice sounds in a step, and return what it tells later roles."""
        token_N = self.voice_NTV[:, step, voice]
        self.sound_NV[:, voice] = sound_N = torch.where(token_N == HOLD, self.sound_NV[:, voice], token_N)
        first = voice * PER_VOICE
        manner_N = torch.where(token_N == PAD, 3, token_N.clamp(max=FIRST_PITCH))
        table = self.composer.heads.earlier
        return table[first + sound_N] + table[first + SOUNDS + manner_N]

    def _harmony(self, step: int, earlier_NW: Tensor, noise_NPK: Tensor, taste: Taste) -> Tensor:
        heads = self.composer.heads
        thought_NW = heads.think(earlier_NW, heads.role_RW[HARMONY_ROLE])
        before_NP = self.harmony_NTP[:, step - 1] if step else torch.zeros_like(self.harmony_NTP[:, 0])
        held = noise_NPK[..., 2].masked_fill(before_NP[: len(noise_NPK)] == 0, -torch.inf)
        noise_NPK = torch.cat([noise_NPK[..., :2], held[..., None]], dim=-1)
        manner = {"temperature": taste.of(HARMONY_ROLE), "guidance": taste.guidance}
        return heads.harmony.draw(thought_NW, before_NP, noise_NPK, **manner)

    def _drums(self, step: int, earlier_NW: Tensor, noise_NDK: Tensor, taste: Taste) -> Tensor:
        heads = self.composer.heads
        struck_NW = heads.struck((self.harmony_NTP[:, step] == 1).float())
        thought_NW = heads.think(earlier_NW + struck_NW, heads.role_RW[DRUMS_ROLE])
        none_ND = torch.zeros_like(self.drums_NTD[:, step])
        manner = {"temperature": taste.of(DRUMS_ROLE), "guidance": taste.guidance}
        return heads.drums.draw(thought_NW, none_ND, noise_NDK, **manner)

    def _played(self, step: int) -> Tensor:
        return self.composer.played.summed(self._cells(step, step + 1), self.sound_NV[:, None])

    def _decoded(self, played_NTW: Tensor, at: int) -> Tensor:
        """Return what is known of the steps from `at` on, given what was played one step before each."""
        end = at + played_NTW.shape[1]
        x_NTW = played_NTW + self.around_NTW[:, at:end]
        cos_TD, sin_TD = self.composer.cos_TD[at:end], self.composer.sin_TD[at:end]
        for block, bends, kept in zip(self.composer.decoder, self.bends, self.kept, strict=True):
            x_NTW = block.extend(x_NTW, _of_steps(bends, at, end), cos_TD, sin_TD, kept, at)  # type: ignore[operator]
        return x_NTW

    def _cells(self, first: int = 0, end: int | None = None) -> Cells:
        cut = slice(first, end)
        return Cells(
            voice_BTV=self.voice_NTV[:, cut],
            harmony_BTP=self.harmony_NTP[:, cut],
            drums_BTD=self.drums_NTD[:, cut],
            there_BTR=self.there_NTR[:, cut],
        )


def _of_steps(bends_BKW: tuple[Tensor, ...], first: int, end: int) -> tuple[Tensor, ...]:
    """Return bends for each step from `first` on, or for a single step those of its bar."""
    if end - first == 1:
        bar = first // STEPS
        return tuple(bend[:, bar : bar + 1] for bend in bends_BKW)
    return tuple(bend.repeat_interleave(STEPS, dim=1)[:, first:end] for bend in bends_BKW)


def _gumbel(shape: tuple[int, ...], dice: torch.Generator) -> Tensor:
    return -torch.empty(shape).exponential_(generator=dice).log()


def _among_the_likeliest(logit_NK: Tensor, top: float) -> Tensor:
    """Return logits with all but the likeliest tokens forbidden that together have probability `top`.

    Source: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", section 3.1.
    """
    ordered, place = logit_NK.softmax(-1).sort(dim=-1, descending=True)
    surplus = ordered.cumsum(-1) - ordered >= top
    return logit_NK.masked_fill(surplus.scatter(-1, place, surplus), -torch.inf)
