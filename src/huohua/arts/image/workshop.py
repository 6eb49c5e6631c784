"""Where picture models are made: pictures opened, a game of the preset set up, and how it comes on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from huohua.adversarial.autoencoding import Autoencoder
from huohua.arts.image.datasets.dataset import ImageDataset, open_dataset
from huohua.arts.image.frame import ImageFrame
from huohua.arts.image.inspection import Growth
from huohua.arts.image.presets import ImagePreset
from huohua.arts.image.training import draw_sheet, prepare
from huohua.arts.workshop import OnProgress, Part, Parts, Prepared
from huohua.conditions.space import ConditionSpace


class ImageWorkshop:
    """Pictures and a preset; see `Workshop` for the meaning of each member.

    Args:
        dataset: the pictures.
        preset: every setting.
        frame: the shape of a picture.
    """

    def __init__(self, dataset: ImageDataset, *, preset: ImagePreset, frame: ImageFrame) -> None:
        self.dataset, self.preset, self.frame = dataset, preset, frame
        self.name, self.licence, self.origin = dataset.name, dataset.licence, dataset.origin
        self.fingerprint, self.left_out = dataset.fingerprint, dataset.left_out
        self._growth: Growth | None = None

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.dataset)

    @property
    def conditions(self) -> ConditionSpace:
        """Return what labels and measured looks distinguish."""
        return self.dataset.conditions

    @property
    def condition_NC(self) -> NDArray[np.float32]:
        """Return what each picture has of the conditions."""
        return self.dataset.condition_NC

    @property
    def growth(self) -> Growth:
        """Return the probes, which `prepare` makes."""
        if self._growth is None:
            raise RuntimeError("The workshop is not prepared yet.")
        return self._growth

    def prepare(self, *, seed: int, device: torch.device) -> Prepared:
        """Build networks, game, optimisers and probes.

        Raises:
            UsageError: the preset names a network that does not exist, or settings that it does not have.
        """
        built = prepare(
            self.dataset,
            self.preset,
            height=self.frame.height,
            width=self.frame.width,
            seed=seed,
            device=device,
        )
        self._growth = built.growth
        return Prepared(game=built.game, optimisers=built.optimisers, works=built.works)

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        """Return diversity, precision and recall of fixed probes."""
        return self.growth.measure(network)

    def preview(self, network: nn.Module, path: Path) -> None:
        """Draw the sheet of fixed samples into a PNG file."""
        draw_sheet(self.growth, network, path)

    def parts(self, network: nn.Module) -> Parts:
        """Return the generator, and the encoder of an autoencoder."""
        preset, generator, encoder = self.preset, network, None
        if isinstance(network, Autoencoder):
            generator = network.generator
            encoder = Part(name=preset.encoder, settings=preset.encoder_settings, network=network.encoder)
        made = Part(name=preset.generator, settings=preset.generator_settings, network=generator)
        return Parts(generator=made, latent=preset.latent, encoder=encoder)


def open_workshop(
    source: str | Path,
    *,
    preset: ImagePreset,
    frame: ImageFrame,
    licence: str | None = None,
    origin: str | None = None,
    on_progress: OnProgress | None = None,
    on_download: OnProgress | None = None,
) -> ImageWorkshop:
    """Open the pictures of a place for training.

    Args:
        source: a folder, a .zip, an .npz or IDX file, or the name of a dataset.
        preset: every setting.
        frame: the shape in which pictures are seen.
        licence: said instead of what is written beside the pictures.
        origin: said instead of what is written beside the pictures.
        on_progress: told (pictures done, pictures in all) while decoding.
        on_download: told (bytes fetched, bytes in all) while a named dataset is fetched.

    Raises:
        DataError: there is no such place, or too little in it can be used.
    """
    dataset = open_dataset(
        source,
        height=frame.height,
        width=frame.width,
        channels=frame.channels,
        licence=licence,
        origin=origin,
        attributes=preset.attributes,
        on_progress=on_progress,
        on_download=on_download,
    )
    return ImageWorkshop(dataset, preset=preset, frame=frame)
