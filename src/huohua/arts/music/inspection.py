"""Watching a composer grow: its surprise at music it was never shown, and fixed probes that it writes.

Letters: N works, T steps, C columns of a packed work, Y condition, Z latent, F features, R roles.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from huohua.arts.music.feed import THEME, MusicWorks
from huohua.arts.music.grid_layout import STEPS
from huohua.arts.music.masks import drawn_masks
from huohua.arts.music.networks.cells import R, V, cells_of, sounding
from huohua.arts.music.networks.composer import Composer
from huohua.arts.music.networks.musegan import MuseGenerator
from huohua.arts.music.networks.playing import Taste, write_all
from huohua.arts.music.packing import VALID_COLUMN
from huohua.arts.music.piano_rolls import works_from
from huohua.arts.music.roles import ROLES
from huohua.metrics.diversity import diversity_ratio
from huohua.randomness import numpy_generator, torch_generator

UNSEEN = 192  # windows that the surprise is measured on
WRITTEN = 32  # windows that are written each time
CHUNK = 32
SHEET = 4


class Progress:
    """Measures and draws a composer on fixed windows.

    Args:
        unseen: windows that the composer is never trained on, where there are any.
        latent: Z.
    """

    def __init__(self, unseen: MusicWorks, *, latent: int) -> None:
        chosen = np.sort(numpy_generator(0, "unseen").permutation(unseen.numbers)[:UNSEEN])
        self.work_NTC = unseen.works(chosen, np.ones(len(chosen), dtype=np.bool_))
        self.condition_NY = torch.from_numpy(np.asarray(unseen.source.condition_NC[chosen], np.float32))
        self.latent = latent
        everywhere = torch.zeros(*self.work_NTC.shape[:2], R, dtype=torch.bool)
        everywhere[:, THEME:] = True
        jobs = drawn_masks(self.work_NTC, torch_generator(0, "jobs"), theme=THEME)
        self.hidden_NTR: Mapping[str, Tensor] = {"": everywhere, "_jobs": jobs}

    @torch.no_grad()
    def measure(self, network: nn.Module) -> dict[str, float]:
        """Return nats a cell of unseen music, of all roles and of each, and the variety of probes."""
        figures = self._surprise(network) if isinstance(network, Composer) else {}
        fake_NTC = self.written(network, WRITTEN)
        real_NTC = self.work_NTC[:, THEME : THEME + fake_NTC.shape[1]]
        ratio = diversity_ratio(features(fake_NTC), features(real_NTC))
        return {**figures, "diversity_ratio": ratio}

    def _surprise(self, composer: Composer) -> dict[str, float]:
        figures: dict[str, float] = {}
        for name, hidden_NTR in self.hidden_NTR.items():
            nats_R, count_R = self._nats(composer, hidden_NTR)
            figures[f"unseen_nats{name}"] = float(nats_R.sum() / count_R.sum())
            if not name:
                figures |= {
                    f"unseen_nats_{role}": float(nats / count)
                    for role, nats, count in zip(ROLES, nats_R, count_R, strict=True)
                    if count
                }
        return figures

    def written(self, network: nn.Module, count: int) -> Tensor:
        """Return works_NTC without a theme, made from nothing.

        A composer writes them for the roles and conditions of unseen windows.
        """
        dice = torch_generator(0, "probes")
        if isinstance(network, MuseGenerator):
            return works_from(self._rolls(network, count, dice))
        composer = cast(Composer, network)
        device = next(composer.parameters()).device
        works_NTC = self.work_NTC[:count].to(device)
        bars = works_NTC.shape[1] // STEPS
        written_NTC = write_all(
            composer,
            works_NTC,
            self.hidden_NTR[""][:count].to(device),
            self.condition_NY[:count, None].expand(-1, bars, -1).to(device),
            torch.randn(len(works_NTC), self.latent, generator=dice).to(device),
            taste=Taste(),
            dice=dice,
        )
        return written_NTC[:, THEME:].cpu()

    @torch.inference_mode()
    def _rolls(self, network: MuseGenerator, count: int, dice: torch.Generator) -> Tensor:
        device = next(network.parameters()).device
        latent_NZ = torch.randn(count, self.latent, generator=dice).to(device)
        roll_NMTP: Tensor = network(latent_NZ, self.condition_NY[:1].expand(count, -1).to(device))
        return roll_NMTP.float().cpu()

    def draw(self, network: nn.Module, path: Path) -> None:
        """Draw rolls of some probes, above each other, into a PNG file."""
        rolls = [roll_of(work_TC) for work_TC in self.written(network, SHEET)]
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.concatenate(rolls)).save(path)

    def _nats(self, composer: Composer, hidden_NTR: Tensor) -> tuple[Tensor, Tensor]:
        device = next(composer.parameters()).device
        sums = torch.zeros(2, R)
        for start in range(0, len(self.work_NTC), CHUNK):
            cut = slice(start, start + CHUNK)
            works, hidden = self.work_NTC[cut].to(device), hidden_NTR[cut].to(device)
            latent_NZ = torch.zeros(len(works), self.latent, device=device)
            nats = composer(works, hidden, self.condition_NY[cut].to(device), latent_NZ)
            sums += torch.stack([part.sum(0).float().cpu() for part in nats])
        return sums[0], sums[1]


def features(work_NTC: Tensor) -> NDArray[np.float64]:
    """Return feature_NF: how much of each pitch class sounds in each bar, and where notes are struck."""
    cells = cells_of(work_NTC)
    sound_NTV = sounding(cells.voice_BTV)
    pitched = (sound_NTV >= 2) & (sound_NTV < 74)
    chroma = torch.zeros(*sound_NTV.shape[:2], 12)
    chroma.scatter_add_(2, (sound_NTV - 2) % 12, pitched.float())
    chroma += (cells.harmony_BTP > 0).float().unflatten(-1, (5, 12)).sum(-2)
    struck = (cells.voice_BTV >= 2).where(cells.there_BTR[..., :V], False).float()
    rhythm = torch.cat([struck, cells.onset_BTP.any(-1, keepdim=True), cells.drums_BTD], dim=-1)
    bars = chroma.unflatten(1, (-1, STEPS)).mean(2).flatten(1)
    beats = rhythm.unflatten(1, (-1, 4)).mean(2).flatten(1)
    return torch.cat([bars, beats], dim=1).double().numpy()


def roll_of(work_TC: Tensor) -> NDArray[np.uint8]:
    """Return a picture (down, across, RGB) of a packed work: pitch upwards, time to the right."""
    cells = cells_of(work_TC[None])
    steps = len(work_TC)
    page = np.full((110, steps, 3), 255, dtype=np.uint8)
    page[:, (work_TC[:, VALID_COLUMN] == 0).numpy()] = 225
    page[:, ::STEPS] = 200
    sound_TV = sounding(cells.voice_BTV)[0].numpy()
    for voice, colour in enumerate(((200, 30, 30), (220, 140, 0), (20, 130, 60), (30, 60, 190))):
        for step in np.flatnonzero((sound_TV[:, voice] >= 2) & (sound_TV[:, voice] < 74)):
            pitch = sound_TV[step, voice] - 2 + (24 if voice == 3 else 36)
            page[108 - pitch, step] = colour
    for step, pitch in zip(*np.nonzero(cells.harmony_BTP[0].numpy()), strict=True):
        page[108 - pitch - 36, step] = (150, 90, 170)
    for step, drum in zip(*np.nonzero(cells.drums_BTD[0].numpy()), strict=True):
        page[108 - drum, step] = (60, 60, 60)
    page[-1] = 0
    return page.repeat(2, axis=0).repeat(4, axis=1)
