"""Some dozens of short poems that nobody wrote, and a model that has hardly seen them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from huohua.studio.text_model import TextModel
from huohua.studio.train import train

LETTERS = "月江春花山水风雪夜云松石鸟雨门灯"


def write_poems(path: Path, *, count: int = 60) -> Path:
    """Write poems of two styles into a .jsonl file."""
    dice = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            lines = ["".join(dice.choice(list(LETTERS), 5)) for _ in range(4)]
            work = {"text": "\n".join(f"{line}。" for line in lines), "title": f"其{number}"}
            labels = {"style": ("old", "new")[number % 2], "form": "自由诗", "lang": "zh-Hans"}
            file.write(json.dumps({**work, **labels}, ensure_ascii=False) + "\n")
    return path


def train_small(folder: Path) -> TextModel:
    """Train a model of such poems for a moment."""
    model = train(
        "text",
        write_poems(folder / "poems.jsonl"),
        preset="tiny",
        kimg=0.016,
        batch=8,
        threads=1,
        precision="fp32",
        size=64,
        out=folder / "run",
        name="poems",
        generator_settings={"width": 16, "blocks": 1, "heads": 2},
        discriminator_settings={"width": 16, "blocks": 1, "heads": 2},
    )
    assert isinstance(model, TextModel)
    return model
