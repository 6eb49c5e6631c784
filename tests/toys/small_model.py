"""A small model of pictures with random weights, in a folder or in the catalogue of a home."""

from __future__ import annotations

from pathlib import Path

from huohua.arts.table import art
from huohua.conditions.space import ConditionSpace
from huohua.randomness import torch_generator
from huohua.zoo.card import write_card
from huohua.zoo.format import ModelConfig, Training, save_model


def saved_model(folder: Path, *, name: str = "fruit") -> Path:
    """Save a model of 24 by 16 pixels that knows apples and lemons, and return its folder."""
    space = ConditionSpace(groups={"subject": ("apple", "lemon")})
    config = ModelConfig(
        art="image",
        generator="style",
        settings={"widest": 8, "budget": 64, "mapped": 8, "mapping_layers": 1},
        latent=8,
        height=16,
        width=24,
        channels=3,
        conditions=space,
        trained=Training(data=name, licence="CC0-1.0", works=12, shown=3456),
        name=name,
    )
    sizes = {"latent": 8, "condition": space.size, "frame": config.frame}
    generator = art("image").build_generator("style", config.settings, **sizes)
    random = torch_generator(1, "test model")
    for parameter in generator.parameters():
        parameter.data.normal_(generator=random)
    save_model(folder, config=config, weights=generator.state_dict(), card=write_card(config))
    return folder
