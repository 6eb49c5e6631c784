"""A place to run the documentation in: drawn pictures, a run of a moment, cheap training."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

import huohua

# What the documentation trains for an hour is trained here for a moment: kimg by this factor.
THRIFT = 1 / 1000
ENCODING = ("vae", "vae_gan")
SUBJECTS = {"apple": "red", "lemon": "gold"}


def draw_pictures(folder: Path) -> None:
    """Draw ten pictures of each subject, no two alike."""
    for subject, colour in SUBJECTS.items():
        (folder / subject).mkdir(parents=True)
        for number in range(10):
            picture = Image.new("RGB", (40, 40), "white")
            box = (4 + number, 6, 24 + number, 30 + number // 2)
            ImageDraw.Draw(picture).ellipse(box, fill=colour)
            picture.save(folder / subject / f"{number}.png")


def cheap(train: Callable[..., Any]) -> Callable[..., Any]:
    """Return `train` with the smallest preset and size and a thousandth of the budget.

    An autoencoder stays one, because the page that trains it takes pictures in.
    """

    def train_a_little(art: str, data: str | Path, **settings: Any) -> Any:
        kimg = settings.pop("kimg", None) or settings.pop("minutes", None) or 64
        settings.pop("minutes", None)
        small = settings.get("preset") if settings.get("preset") in ENCODING else "tiny"
        settings |= {"preset": small, "size": 32, "kimg": kimg * THRIFT, "threads": 1, "precision": "fp32"}
        return train(art, data, **settings)

    return train_a_little


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `my_pictures` and the runs that the documentation speaks of."""
    folder = tmp_path_factory.mktemp("documentation")
    draw_pictures(folder / "my_pictures")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        cheap(huohua.train)("image", "my_pictures", out="runs/fruit", kimg=32)
    shutil.copytree(folder / "runs" / "fruit", folder / "runs" / "first")
    return folder


@pytest.fixture
def workplace(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, to work in; `huohua.train` is cheap there."""
    shutil.copytree(trained, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(huohua, "train", cheap(huohua.train))
    return tmp_path / "work"
