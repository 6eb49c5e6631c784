"""What takes pictures in: the encoder of a model, and the latent it finds for a person's own work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from huohua.arts.table import art
from huohua.errors import ModelError, UsageError
from huohua.zoo.format import ModelConfig, load_part_weights

if TYPE_CHECKING:
    from torch import Tensor


class Reader:
    """The encoder of one model, in evaluation mode.

    Args:
        folder: the model folder.
        config: what it holds.

    Raises:
        UsageError: the model has no encoder.
        ModelError: the encoder's weights are damaged or do not fit it.
    """

    def __init__(self, folder: Path, config: ModelConfig) -> None:
        if config.encoder is None:
            raise UsageError(
                f"The model in {folder} has no encoder, so it cannot take a work in.",
                advice="Train one that has, with --preset vae or vae_gan.",
            )
        self.config = config
        weights = load_part_weights(folder, config, "encoder")
        # A network draws its first weights, which are replaced at once, from the dice of the whole program.
        with torch.random.fork_rng(devices=[]):
            self.encoder = art(config.art).build_encoder(
                config.encoder.name, config.encoder.settings, latent=config.latent, frame=config.frame
            )
        try:
            self.encoder.load_state_dict(weights, strict=True)
        except RuntimeError as error:
            raise ModelError(
                f"The weights of the encoder in {folder} do not fit '{config.encoder.name}'.",
                advice="config.json was changed, or was made by another version of Huohua.",
            ) from error
        self.encoder.requires_grad_(False).eval()
        self.encoder.to(dtype=torch.float32, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def sample_of(self, work: Any) -> Tensor:
        """Return a person's own work as a sample, image_CHW in [-1, 1] for pictures.

        Raises:
            DataError: it cannot be read.
        """
        return art(self.config.art).take_in(work, frame=self.config.frame)

    def latent_of(self, sample: Tensor) -> Tensor:
        """Return latent_Z, the middle of where the latent of a sample lies.

        Raises:
            ModelError: the encoder found values that are not numbers.
        """
        with torch.inference_mode():
            latent_Z: Tensor = self.encoder(sample[None]).mean_BZ[0].float()
        if not bool(latent_Z.isfinite().all()):
            raise ModelError(
                "The encoder found no latent: values that are not numbers.",
                advice="Its weights are damaged: go back to an earlier checkpoint of the run.",
            )
        return latent_Z.clone()
