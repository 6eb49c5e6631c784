"""The command line in this process, and a small model to try it with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from huohua.arts.table import art
from huohua.cli.main import main
from huohua.conditions.space import ConditionSpace
from huohua.randomness import torch_generator
from huohua.zoo import catalogue
from huohua.zoo.card import write_card
from huohua.zoo.format import ModelConfig, Training, save_model


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command answered: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def record(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def huohua(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Answer]:
    """Return a function that runs a command in an empty folder, with an empty home."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HUOHUA_HOME", str(tmp_path / "home"))

    def run(*arguments: object) -> Answer:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(code=code, out=captured.out, err=captured.err)

    return run


@pytest.fixture
def fruit(huohua: Callable[..., Answer], tmp_path: Path) -> Path:
    """Return the folder of a small model named "fruit" that the catalogue knows."""
    space = ConditionSpace(groups={"subject": ("apple", "lemon"), "style": ("monet", "face: smiling")})
    config = ModelConfig(
        art="image",
        generator="style",
        settings={"widest": 8, "budget": 64, "mapped": 8, "mapping_layers": 1},
        latent=8,
        height=16,
        width=24,
        channels=3,
        conditions=space,
        trained=Training(data="fruit", licence="CC0-1.0", works=12, shown=3456, figures={"recall": 0.25}),
        name="fruit",
    )
    sizes = {"latent": 8, "condition": space.size, "frame": config.frame}
    generator = art("image").build_generator("style", config.settings, **sizes)
    random = torch_generator(1, "test model")
    for parameter in generator.parameters():
        parameter.data.normal_(generator=random)
    folder = tmp_path / "fruit"
    save_model(folder, config=config, weights=generator.state_dict(), card=write_card(config))
    catalogue.remember("fruit", folder)
    return folder
