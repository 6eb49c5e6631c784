"""A place to run the documentation in: drawn pictures, written music and texts, cheap training."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import huohua
from toys.small_collections import draw_pictures, write_pieces, write_quatrains

# What the documentation trains for an hour is trained here for a moment: kimg by this factor.
THRIFT = 1 / 1000
ENCODING = ("vae", "vae_gan")
# Networks small enough to write a piece or a text in a moment.
SMALL: dict[str, dict[str, Any]] = {
    "image": {"size": 32},
    "music": {
        "batch": 4,
        "generator_settings": {"width": 16, "heads": 2, "encoder": 1, "decoder": 1, "mapped": 8, "chord": 4},
    },
    "text": {
        "size": 64,
        "batch": 8,
        "generator_settings": {"width": 16, "blocks": 1, "heads": 2},
        "discriminator_settings": {"width": 16, "blocks": 1, "heads": 2},
    },
}


def cheap(train: Callable[..., Any]) -> Callable[..., Any]:
    """Return `train` with the smallest preset and size and a thousandth of the budget.

    An autoencoder stays one, because the page that trains it takes pictures in.
    """

    def train_a_little(art: str, data: str | Path, **settings: Any) -> Any:
        kimg = settings.pop("kimg", None) or settings.pop("minutes", None) or 64
        settings.pop("minutes", None)
        settings.pop("size", None)
        small = settings.get("preset") if settings.get("preset") in ENCODING else "tiny"
        settings |= {"preset": small, "kimg": kimg * THRIFT, "threads": 1, "precision": "fp32"}
        return train(art, data, **settings, **SMALL[art])

    return train_a_little


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures, music and texts of one's own, and the runs that the documentation speaks of."""
    folder = tmp_path_factory.mktemp("documentation")
    draw_pictures(folder / "my_pictures")
    write_pieces(folder / "my_music")
    write_quatrains(folder / "my_poems")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        cheap(huohua.train)("image", "my_pictures", out="runs/fruit", kimg=32)
        cheap(huohua.train)("music", "my_music", out="runs/band", kimg=16)
        cheap(huohua.train)("text", "my_poems", out="runs/poet", kimg=16)
    shutil.copytree(folder / "runs" / "fruit", folder / "runs" / "first")
    return folder


@pytest.fixture
def workplace(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, to work in; `huohua.train` is cheap there."""
    shutil.copytree(trained, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(huohua, "train", cheap(huohua.train))
    return tmp_path / "work"
