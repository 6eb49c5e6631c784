"""`huohua create image --prompt`: words about colour and light are said back and recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from huohua.arts.table import art
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.randomness import torch_generator
from huohua.studio.recreate import open_artwork
from huohua.zoo import catalogue
from huohua.zoo.card import write_card
from huohua.zoo.format import ModelConfig, save_model

SPACE = ConditionSpace(
    groups={"subject": ("rose", "daisy"), "colour_top": ("blue", "white"), "look": ("light", "warm")},
    scales={
        "colour_top": {"blue": Scale(high=0.9), "white": Scale(high=0.7)},
        "look": {name: Scale(low=0.2, middle=0.5, high=0.8) for name in ("light", "warm")},
    },
)
KNOWN = (
    {"subject": ("rose",), "colour_top": "blue 0.9, white 0.1", "look": "light 0.3, warm -0.2"},
    {"subject": ("daisy",), "colour_top": "white 1", "look": "light 0.9"},
)


@pytest.fixture
def skies(huohua, tmp_path) -> Path:
    """Return the folder of a small model named "skies" that understands colours above, light and warmth."""
    sizes = {"latent": 8, "height": 16, "width": 16, "channels": 3}
    config = ModelConfig(
        art="image",
        generator="style",
        settings={"widest": 8, "budget": 64, "mapped": 8, "mapping_layers": 1},
        conditions=SPACE,
        typical=KNOWN,
        name="skies",
        **sizes,
    )
    asked = {"latent": 8, "condition": SPACE.size, "frame": config.frame}
    generator = art("image").build_generator("style", config.settings, **asked)
    random = torch_generator(1, "test model")
    for parameter in generator.parameters():
        parameter.data.normal_(generator=random)
    save_model(tmp_path / "skies", config=config, weights=generator.state_dict(), card=write_card(config))
    catalogue.remember("skies", tmp_path / "skies")
    return tmp_path / "skies"


@pytest.mark.parametrize("prompt", ["very blue sky, slightly dark", "很蓝的天空，略暗"])
def test_words_in_either_language_ask_for_the_same(huohua, skies, prompt):
    answer = huohua("create", "image", "--prompt", prompt, "--seed", 3, "--out", "sky.png")
    assert answer.code == 0
    assert "as much blue at the top" in answer.err
    assert "as slightly dark" in answer.err
    recipe = open_artwork("sky.png").recipe
    assert recipe.prompt == prompt
    assert recipe.conditions["colour_top"]["blue"] == 1.0
    assert recipe.conditions["look"] == {"light": -0.4, "warm": -0.2}
    assert recipe.conditions["subject"] == {"rose": 1.0}


def test_what_cannot_be_asked_is_said_with_its_reason(huohua, skies):
    answer = huohua("create", "image", "--prompt", "light, a purple castle on the left", "--seed", 3)
    assert answer.code == 0
    assert "Understood 'light' as light" in answer.err
    assert "Not understood, because the model never learnt it: castle" in answer.err
    assert "Cannot be asked of this model, because its works hardly differ in that: purple" in answer.err
    assert "left and right are not told apart: left" in answer.err


def test_programs_get_the_same_as_a_record(huohua, skies):
    answer = huohua("create", "image", "--prompt", "white roses, purple", "--seed", 3, "--json")
    record = json.loads(answer.out)
    assert record["understood"][0] == {
        "words": "roses", "group": "subject", "name": "rose", "weight": 1.0, "near": "",
    }  # fmt: skip
    assert set(record["ignored"]) == {"white", "purple"}
    assert set(record["reasons"].values()) == {"its works hardly differ in that"}


def test_amounts_can_be_asked_for_without_words(huohua, skies):
    flags = ["--condition", "colour_top=blue:0.5", "--condition", "look=cold:0.75"]
    answer = huohua("create", "image", *flags, "--seed", 3, "--json")
    (work,) = answer.record["works"]
    assert work["conditions"]["colour_top"]["blue"] == 0.5
    assert work["conditions"]["look"]["warm"] == -0.75


def test_a_file_is_named_after_what_it_shows_and_what_was_asked(huohua, skies):
    answer = huohua("create", "image", "--prompt", "blue sky", "--seed", 3)
    assert answer.lines == ["blue-rose-seed3-0.png"]


def test_a_prompt_of_which_nothing_can_be_asked_is_refused_with_advice(huohua, skies):
    answer = huohua("create", "image", "--prompt", "a dragon")
    assert answer.code == 2
    assert "It knows colours, places and looks" in answer.err
