"""MuseGAN: piano rolls of several tracks out of noise, bar by bar, by transposed convolutions.

It is here to be compared with, trained by the same engine on the same windows. In the jamming model every
track has a generator and noise of its own; in the composer model one generator makes all tracks from shared
noise; the hybrid model has a generator for each track, which hears shared noise and noise of its own.

Letters: B works, M tracks, K bars, S steps of a bar, P pitches, Z latent, N noise of one kind.
"""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from huohua.adversarial.game import Judgement
from huohua.arts.music.grid_layout import STEPS
from huohua.arts.music.networks.cells import R
from huohua.config import Config

PITCHES = 84
Kind = Literal["jamming", "composer", "hybrid"]


class MuseGeneratorSettings(Config):
    """The size of a MuseGAN generator.

    Attributes:
        kind: who shares noise and generators.
        bars: bars of a phrase, a power of 2.
        noise: numbers of each of the four kinds of noise.
        width: channels of the first layer of a bar generator.
    """

    kind: Kind = "hybrid"
    bars: Literal[2, 4, 8] = 4
    noise: int = Field(default=32, ge=1)
    width: int = Field(default=128, ge=16)


class MuseCriticSettings(Config):
    """The size of a MuseGAN discriminator.

    Attributes:
        width: channels of its widest layer.
    """

    width: int = Field(default=128, ge=16)


class TemporalGenerator(nn.Module):
    """Noise of a phrase into a vector for each bar.

    Source: Dong et al. 2018, "MuseGAN: Multi-track Sequential Generative Adversarial Networks for Symbolic
    Music Generation and Accompaniment", section "Generation from Scratch", the temporal structure generator.
    """

    def __init__(self, noise: int, bars: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        doublings = bars.bit_length() - 1
        for number in range(doublings):
            layers.append(nn.ConvTranspose1d(noise, noise, 2, stride=2))
            if number + 1 < doublings:
                layers += [nn.BatchNorm1d(noise), nn.ReLU()]
        self.layers = nn.Sequential(*layers)

    def forward(self, noise_BN: Tensor) -> Tensor:
        """Return vector_BKN, one for each bar."""
        vector_BNK: Tensor = self.layers(noise_BN[:, :, None])
        return vector_BNK.transpose(1, 2)


class BarGenerator(nn.Module):
    """A vector into the roll of a bar, in one or several tracks.

    Source: Dong et al. 2018, "MuseGAN", section "Generation from Scratch", the bar generator; layers as in
    its appendix, for 16 steps in the place of 96.
    """

    def __init__(self, inputs: int, tracks: int, width: int) -> None:
        super().__init__()
        narrow = width // 2

        def up(before: int, after: int, kernel: tuple[int, int]) -> list[nn.Module]:
            grow = nn.ConvTranspose2d(before, after, kernel, stride=kernel)
            return [grow, nn.BatchNorm2d(after), nn.ReLU()]

        self.layers = nn.Sequential(
            *up(inputs, width, (2, 1)),
            *up(width, width, (2, 1)),
            *up(width, width, (2, 1)),
            *up(width, narrow, (2, 1)),
            *up(narrow, narrow, (1, 7)),
            nn.ConvTranspose2d(narrow, tracks, (1, 12), stride=(1, 12)),
            nn.Tanh(),
        )

    def forward(self, vector_XN: Tensor) -> Tensor:
        """Return roll_XMSP of bars in [-1, 1]."""
        roll_XMSP: Tensor = self.layers(vector_XN[:, :, None, None])
        return roll_XMSP


class MuseGenerator(nn.Module):
    """Rolls of all tracks from noise; what is asked for is not heard, as in the paper.

    Args:
        settings: kind and size.
        condition: not used.
        latent: Z, which must be what `latent_of` says.

    Raises:
        ValueError: the latent has another length.

    Source: Dong et al. 2018, "MuseGAN: Multi-track Sequential Generative Adversarial Networks for Symbolic
    Music Generation and Accompaniment", equations 2 to 4 and figure 3.
    """

    def __init__(self, settings: MuseGeneratorSettings, *, condition: int, latent: int) -> None:
        super().__init__()
        if latent != latent_of(settings):
            raise ValueError(f"The {settings.kind} model has {latent_of(settings)} numbers in a latent.")
        self.settings, self.latent = settings, latent
        self.shared, self.own = _parts(settings.kind)
        noise, width = settings.noise, settings.width
        self.temporal_shared = nn.ModuleList(
            TemporalGenerator(noise, settings.bars) for _ in range(self.shared)
        )
        self.temporal_own = nn.ModuleList(TemporalGenerator(noise, settings.bars) for _ in range(self.own))
        inputs = 2 * noise * (bool(self.shared) + bool(self.own))
        one_for_all = settings.kind == "composer"
        self.bars = nn.ModuleList(
            BarGenerator(inputs, R if one_for_all else 1, width) for _ in range(1 if one_for_all else R)
        )

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return roll_BMTP in [-1, 1]: tracks, steps of all bars one after another, pitches."""
        bars, noise = self.settings.bars, self.settings.noise
        pieces = list(latent_BZ.split(noise, dim=1))
        shared = [self._vectors(temporal, pieces.pop(0), pieces.pop(0)) for temporal in self.temporal_shared]
        own = [self._vectors(temporal, pieces.pop(0), pieces.pop(0)) for temporal in self.temporal_own]
        rolls = []
        for number, generator in enumerate(self.bars):
            heard = [*shared, *own[number : number + 1]]
            vector_BKN = torch.cat(heard, dim=-1)
            roll_XMSP = generator(vector_BKN.flatten(0, 1))
            roll_BKMSP = roll_XMSP.unflatten(0, (-1, bars))
            rolls.append(roll_BKMSP.transpose(1, 2).flatten(2, 3))
        return torch.cat(rolls, dim=1)

    def _vectors(self, temporal: nn.Module, steady_BN: Tensor, moving_BN: Tensor) -> Tensor:
        """Return vector_BKN of bars: noise that is the same in all of them, and noise that moves on."""
        steady_BKN = steady_BN[:, None].expand(-1, self.settings.bars, -1)
        return torch.cat([steady_BKN, temporal(moving_BN)], dim=-1)


class MuseCritic(nn.Module):
    """Scores rolls of all tracks; without normalisation, for WGAN-GP.

    Source: Dong et al. 2018, "MuseGAN", section "Generation from Scratch", the discriminator of the composer
    and hybrid models, which sees all tracks; here the jamming model is judged by it too, so that kinds differ
    in their generators alone.
    """

    def __init__(self, settings: MuseCriticSettings, *, condition: int) -> None:
        super().__init__()
        wide, narrow = settings.width, settings.width // 2
        self.layers = nn.Sequential(
            nn.Conv3d(R, narrow, (2, 1, 1)),
            nn.LeakyReLU(0.2),
            nn.Conv3d(narrow, narrow, (1, 1, 12), stride=(1, 1, 12)),
            nn.LeakyReLU(0.2),
            nn.Conv3d(narrow, wide, (1, 1, 7)),
            nn.LeakyReLU(0.2),
            nn.Conv3d(wide, wide, (1, 4, 1), stride=(1, 4, 1)),
            nn.LeakyReLU(0.2),
            nn.Conv3d(wide, wide, (1, 4, 1)),
            nn.LeakyReLU(0.2),
        )
        self.score = nn.Linear(wide, 1)

    def forward(self, roll_BMTP: Tensor, condition_BC: Tensor) -> Judgement:
        """Return one score for each pair of neighbouring bars."""
        roll_BMKSP = roll_BMTP.float().unflatten(2, (-1, STEPS))
        # In 16 bits the slope of a slope of the strided convolutions is not a number on some processors.
        with torch.autocast(roll_BMTP.device.type, enabled=False):
            found_BWK = self.layers(roll_BMKSP).flatten(2)
            return Judgement(self.score(found_BWK.transpose(1, 2))[..., 0], (found_BWK,))


def latent_of(settings: MuseGeneratorSettings) -> int:
    """Return how many numbers a latent of such a generator has.

    Example:
        >>> [latent_of(MuseGeneratorSettings(kind=kind)) for kind in ("jamming", "composer", "hybrid")]
        [384, 64, 448]
    """
    return 2 * settings.noise * sum(_parts(settings.kind))


def _parts(kind: Kind) -> tuple[int, int]:
    """Return how many pairs of steady and moving noise all tracks share, and how many are one track's."""
    return {"jamming": (0, R), "composer": (1, 0), "hybrid": (1, R)}[kind]
