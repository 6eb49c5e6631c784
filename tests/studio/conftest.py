"""A small model for the tests of the studio: the real style generator, a few channels wide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from huohua.arts.table import art
from huohua.conditions.space import ConditionSpace
from huohua.randomness import torch_generator
from huohua.studio.image_model import ImageModel
from huohua.zoo.card import write_card
from huohua.zoo.format import ModelConfig, Training, save_model

GROUPS = {
    "subject": ("apple", "lemon", "wild cherry"),
    "style": ("monet", "shanshui"),
    "tags": ("red", "ripe"),
}


def write_model(folder: Path, *, seed: int = 1, **changes: Any) -> Path:
    """Write a model with random weights of its own seed into a folder."""
    fields = {
        "art": "image",
        "generator": "style",
        "settings": {"widest": 8, "budget": 64, "mapped": 8, "mapping_layers": 1},
        "latent": 8,
        "height": 16,
        "width": 24,
        "channels": 3,
        "conditions": ConditionSpace(groups=GROUPS),
        "trained": Training(data="fruit", licence="CC0-1.0", origin="drawn for a test", works=12, shown=3456),
        "name": "fruit",
    }
    config = ModelConfig(**{**fields, **changes})
    generator = art("image").build_generator(
        config.generator,
        config.settings,
        latent=config.latent,
        condition=config.conditions.size,
        frame=config.frame,
    )
    random = torch_generator(seed, "test model")
    for parameter in generator.parameters():
        parameter.data.normal_(generator=random)
    save_model(folder, config=config, weights=generator.state_dict(), card=write_card(config))
    return folder


@pytest.fixture(scope="session")
def write_model_once() -> Callable[..., Path]:
    """Return `write_model` itself, for folders that several tests share."""
    return write_model


@pytest.fixture
def new_model(tmp_path: Path) -> Callable[..., ImageModel]:
    """Return a function that writes a model of its own and opens it."""

    def build(place: str = "model", **changes: Any) -> ImageModel:
        return ImageModel(write_model(tmp_path / place, **changes))

    return build


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home for models of this test alone."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HUOHUA_HOME", str(folder))
    return folder


# Small generators that draw within reach of black and white, as their makers meant them to.
FRESH = {
    "style": {"widest": 16, "budget": 128, "mapped": 12, "mapping_layers": 1, "mapping_speed": 1.0},
    "fast": {"widest": 16, "budget": 256, "told": 4},
    "dcgan": {"base": 4, "widest": 8},
    "mlp": {"widths": (16, 24)},
}


def write_fresh_model(folder: Path, generator: str, **changes: Any) -> Path:
    """Write a model whose generator has its first weights, and has seen batches if it keeps statistics."""
    fields = {
        "art": "image",
        "generator": generator,
        "settings": FRESH[generator],
        "latent": 8,
        "height": 16,
        "width": 24,
        "channels": 3,
        "conditions": ConditionSpace(groups=GROUPS),
        "trained": Training(data="fruit", licence="CC0-1.0", origin="drawn for a test", works=12, shown=3456),
        "name": "fruit",
    }
    config = ModelConfig(**{**fields, **changes})
    condition = config.conditions.size
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(7)
        network = art("image").build_generator(
            generator,
            config.settings,
            latent=config.latent,
            condition=condition,
            frame=config.frame,
        )
        for _ in range(20):
            network(torch.randn(16, config.latent), torch.rand(16, condition))
    save_model(folder, config=config, weights=network.state_dict(), card=write_card(config), dtype="fp32")
    return folder


@pytest.fixture
def fresh_model(tmp_path: Path) -> Callable[..., ImageModel]:
    """Return a function that writes a model with a fresh generator of that name and opens it."""

    def build(generator: str, place: str = "model", **changes: Any) -> ImageModel:
        return ImageModel(write_fresh_model(tmp_path / place, generator, **changes))

    return build
