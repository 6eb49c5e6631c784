"""From a model folder to its network: weights checked, put in, and laid out for drawing."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from huohua.arts.table import art
from huohua.errors import ModelError
from huohua.zoo.format import ModelConfig, load_weights


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
    try:
        generator.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        raise ModelError(
            f"The weights of {folder} do not fit generator '{config.generator}': {_brief(error)}",
            advice="config.json was changed, or was made by another version of Huohua.",
        ) from error
    generator.requires_grad_(False).eval()
    # The module moves in place; the stubs of torch know this form for tensors only.
    generator.to(dtype=torch.float32, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return generator


def _brief(error: RuntimeError) -> str:
    """Return the first complaint of a state that does not fit; torch lists them all."""
    lines = [line.strip() for line in str(error).splitlines()[1:] if line.strip()]
    return (lines[0] if lines else str(error))[:300]
