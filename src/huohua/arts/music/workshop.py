"""Where models of music are made: pieces opened, a game of the preset set up, and how it comes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from huohua.arts.music.datasets.dataset import MusicDataset, open_dataset
from huohua.arts.music.frame import MusicFrame
from huohua.arts.music.inspection import Progress
from huohua.arts.music.presets import MusicPreset
from huohua.arts.music.training import prepare, works_of
from huohua.arts.workshop import OnProgress, Part, Parts, Prepared
from huohua.conditions.space import ConditionSpace


class MusicWorkshop:
    """Pieces and a preset; see `Workshop` for the meaning of each member.

    Args:
        dataset: the pieces, cut into windows.
        preset: every setting.
        frame: the bars of a window.
    """

    def __init__(self, dataset: MusicDataset, *, preset: MusicPreset, frame: MusicFrame) -> None:
        self.dataset, self.preset, self.frame = dataset, preset, frame
        self.name, self.licence, self.origin = dataset.name, dataset.licence, dataset.origin
        self.fingerprint = dataset.fingerprint
        self.left_out = sum(problem.lost for problem in dataset.problems)
        self.train_N = dataset.numbers("train")
        if not len(self.train_N):
            self.train_N = np.arange(len(dataset))
        self._progress: Progress | None = None
        self._players: Mapping[str, nn.Module] = {}

    def __len__(self) -> int:
        """Return the number of windows that are trained on."""
        return len(self.train_N)

    @property
    def conditions(self) -> ConditionSpace:
        """Return style, metre, mode, position and controls, as far as they distinguish windows."""
        return self.dataset.conditions

    @property
    def condition_NC(self) -> NDArray[np.float32]:
        """Return what each window has of the conditions."""
        condition_NC: NDArray[np.float32] = self.dataset.condition_NC[self.train_N]
        return condition_NC

    @property
    def progress(self) -> Progress:
        """Return the probes, which `prepare` makes."""
        if self._progress is None:
            raise RuntimeError("The workshop is not prepared yet.")
        return self._progress

    def prepare(self, *, seed: int, device: torch.device) -> Prepared:
        """Build networks, game, optimisers and probes.

        Raises:
            ModelError: the preset names a network that does not exist, or settings that it does not have.
        """
        built = prepare(self.dataset, self.preset, seed=seed, device=device)
        unseen = works_of(self.dataset, "valid", preset=self.preset, device=device)
        self._progress = Progress(unseen, latent=self.preset.latent)
        self._players = built.game.players
        return built

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        """Return surprise at unseen music and the variety of probes."""
        return self.progress.measure(network)

    def preview(self, network: nn.Module, path: Path) -> None:
        """Draw fixed probes into a PNG file."""
        self.progress.draw(network, path)

    def parts(self, network: nn.Module) -> Parts:
        """Return the generator, the discriminator if there is one, and what is usual in each style."""
        preset, critic = self.preset, self._players.get("discriminator")
        return Parts(
            generator=Part(name=preset.generator, settings=preset.generator_settings, network=network),
            latent=preset.latent,
            discriminator=None
            if critic is None
            else Part(name=preset.discriminator, settings=preset.discriminator_settings, network=critic),
            learnt=usual(self.dataset),
        )


def usual(dataset: MusicDataset) -> dict[str, Any]:
    """Return for each style its median tempo and swing, and how often which roles play together."""
    songs = defaultdict(list)
    for song in dataset.songs:
        songs[song.style or ""].append(song)
    found: dict[str, Any] = {}
    for style, members in sorted(songs.items()):
        casts: dict[str, int] = defaultdict(int)
        for song in members:
            casts["".join("01"[bool(there)] for there in song.present)] += 1
        most = sorted(casts.items(), key=lambda pair: (-pair[1], pair[0]))[:8]
        found[style] = {
            "tempo": float(np.median([song.tempo for song in members])),
            "swing": float(np.median([song.swing for song in members])),
            "casts": dict(most),
        }
    return {"styles": found}


def open_workshop(
    source: str | Path,
    *,
    preset: MusicPreset,
    frame: MusicFrame,
    licence: str | None = None,
    origin: str | None = None,
    on_progress: OnProgress | None = None,
    on_download: OnProgress | None = None,
) -> MusicWorkshop:
    """Open the music of a place for training.

    Args:
        source: a folder or a .zip of MIDI, MusicXML or ABC files.
        preset: every setting.
        frame: the bars of a window.
        licence: said instead of what is written beside the music.
        origin: said instead of what is written beside the music.
        on_progress: told (files done, files in all) while reading.
        on_download: not called, because no music is fetched.

    Raises:
        DataError: there is no such place, or too little in it can be used.
    """
    dataset = open_dataset(source, licence=licence, origin=origin, on_progress=on_progress)
    return MusicWorkshop(dataset, preset=preset, frame=frame)
