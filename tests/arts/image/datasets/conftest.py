from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep caches and downloads of the tests away from those of the person who runs them."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HUOHUA_HOME", str(home))
    return home


@pytest.fixture
def picture() -> Callable[..., Image.Image]:
    """Return a maker of pictures that differ from each other by their seed."""

    def make(seed: int, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> Image.Image:
        rng = np.random.default_rng(seed)
        coarse = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).convert(mode)

    return make


@pytest.fixture
def folder_of(tmp_path: Path, picture: Callable[..., Image.Image]) -> Callable[..., Path]:
    """Return a maker of a folder with named pictures, each with another content."""

    def make(*names: str, root: str = "pictures") -> Path:
        for seed, name in enumerate(names):
            target = tmp_path / root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            picture(seed).save(target)
        return tmp_path / root

    return make
