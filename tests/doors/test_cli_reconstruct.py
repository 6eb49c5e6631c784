"""`huohua reconstruct`: works, pairs and JSON, and mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image

from huohua.arts.table import art
from huohua.conditions.space import ConditionSpace
from huohua.studio.recreate import open_artwork
from huohua.zoo import catalogue
from huohua.zoo.card import write_card
from huohua.zoo.format import ModelConfig, PartConfig, save_model


@pytest.fixture
def auto(huohua, tmp_path) -> Path:
    """Return the folder of a small model with an encoder, named "auto", that the catalogue knows."""
    encoder = PartConfig(name="convolutional", settings={"widest": 8, "budget": 64, "gathered": 8})
    config = ModelConfig(
        art="image", generator="fast", settings={"widest": 8, "budget": 64, "told": 4}, latent=6, height=16,
        width=24, channels=3, conditions=ConditionSpace(groups={"subject": ("apple", "lemon")}), name="auto",
        encoder=encoder,
    )  # fmt: skip
    shape = {"latent": 6, "frame": config.frame}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        generator = art("image").build_generator("fast", config.settings, condition=2, **shape)
        network = art("image").build_encoder(encoder.name, encoder.settings, **shape)
    folder = tmp_path / "auto"
    parts = {"weights": generator.state_dict(), "encoder": network.state_dict()}
    save_model(folder, config=config, card=write_card(config), **parts)
    catalogue.remember("auto", folder)
    return folder


@pytest.fixture
def photos(huohua) -> list[str]:
    names = ["one photo.jpg", "two.png"]
    for number, name in enumerate(names):
        Image.effect_mandelbrot((60, 40), (-2 + number, -1, 1, 1), 50).convert("RGB").save(name)
    return names


def test_pictures_are_made_again_and_laid_side_by_side(huohua, auto, photos):
    answer = huohua("reconstruct", *photos, "--sheet")
    assert (answer.code, answer.lines) == (0, ["one-photo-again.png", "two-again.png", "auto-pairs.png"])
    assert "Made again by auto" in answer.err
    assert open_artwork("two-again.png").image.size == (24, 16)
    assert Image.open("auto-pairs.png").size == (2 + 4 * 26, 2 + 18)
    assert huohua("recreate", "two-again.png", "--check").code == 0


def test_programs_get_json(huohua, auto, photos):
    record = huohua(
        "reconstruct", photos[1], "-m", "auto", "--subject", "lemon", "-o", "it.webp", "--json"
    ).record
    expected = {"picture": "two.png", "path": "it.webp", "conditions": {"subject": {"lemon": 1.0}}}
    assert record == {"model": "auto", "works": [expected], "sheet": None}


def test_what_was_made_again_can_be_walked_through(huohua, auto, photos):
    huohua("reconstruct", *photos, "-o", "again")
    ends = ["--through", "again/one-photo-again.png", "--through", "again/two-again.png"]
    assert huohua("walk", *ends, "--seconds", 1, "--fps", 3, "-o", "between.gif").code == 0
    assert Image.open("between.gif").n_frames >= 3


def test_several_pictures_for_one_name_are_numbered(huohua, auto, photos):
    assert huohua("reconstruct", *photos, "-o", "it.png").lines == ["it-0.png", "it-1.png"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nothing.png"], 3, "nothing.png cannot be read"),
        (["two.png", "--subject", "lemno"], 2, "This model knows no subject 'lemno'."),
        (["two.png", "--out", "a.gif"], 2, "Works are not saved as '.gif'."),
        (["two.png", "--model", "fruit"], 2, "The model in"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_clear_message_and_nothing_is_written(
    huohua, auto, fruit, photos, arguments, code, message
):
    catalogue.remember("auto", auto)  # the last one trained
    answer = huohua("reconstruct", *arguments)
    assert answer.code == code
    assert answer.err.splitlines()[0].startswith(f"Error: {message}")
    assert sorted(path.name for path in Path().iterdir()) == sorted(photos)
