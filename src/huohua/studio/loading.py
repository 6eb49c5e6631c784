"""From a model folder to its networks: weights checked, put in, and laid out for drawing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from huohua.arts.table import art
from huohua.errors import ModelError
from huohua.zoo.format import ModelConfig, PartConfig, load_part_weights, load_weights


def load_generator(folder: Path, config: ModelConfig) -> nn.Module:
    """Return the generator of a model folder, in evaluation mode and 32 bits.

    Raises:
        ModelError: the weights are damaged or do not fit the generator.
    """
    weights = load_weights(folder, config)
    # A network draws its first weights, which are replaced at once, from the dice of the whole program.
    with torch.random.fork_rng(devices=[]):
        generator = art(config.art).build_generator(
            config.generator,
            config.settings,
            latent=config.latent,
            condition=config.conditions.size,
            frame=config.frame,
        )
    return _filled(generator, weights, f"generator '{config.generator}'", folder)


def load_discriminator(folder: Path, config: ModelConfig) -> nn.Module:
    """Return the discriminator of a model folder, in evaluation mode and 32 bits.

    Raises:
        ModelError: the model has none, or its weights are damaged or do not fit it.
    """
    weights = load_part_weights(folder, config, "discriminator")
    known = config.discriminator or PartConfig(name="")
    with torch.random.fork_rng(devices=[]):
        discriminator = art(config.art).build_discriminator(
            known.name, known.settings, condition=config.conditions.size, frame=config.frame
        )
    return _filled(discriminator, weights, f"discriminator '{known.name}'", folder)


def _filled(network: nn.Module, weights: Mapping[str, Tensor], name: str, folder: Path) -> nn.Module:
    """Return a network with its weights put in, laid out for drawing."""
    try:
        network.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        raise ModelError(
            f"The weights of {folder} do not fit {name}: {_brief(error)}",
            advice="config.json was changed, or was made by another version of Huohua.",
        ) from error
    network.requires_grad_(False).eval()
    # The module moves in place; the stubs of torch know this form for tensors only.
    network.to(dtype=torch.float32, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def _brief(error: RuntimeError) -> str:
    """Return the first complaint of a state that does not fit; torch lists them all."""
    lines = [line.strip() for line in str(error).splitlines()[1:] if line.strip()]
    return (lines[0] if lines else str(error))[:300]
