"""The card: a hub can read its head and a person the rest."""

from __future__ import annotations

import pytest
import yaml

from huohua.conditions.space import ConditionSpace
from huohua.zoo.card import Measured, write_card
from huohua.zoo.format import ModelConfig, PartConfig, Training

TRAINED = Training(
    data="pomological",
    licence="CC BY-SA 4.0",
    origin="USDA | <b>National</b> Library",
    works=2457,
    shown=200_000,
    seconds=7384,
    preset="fast",
    version="0.1.0",
    created="2026-11-24",
    figures={"recall": 0.51234, "diversity_ratio": 0.7},
)


def config(**changes):
    fields = {
        "art": "image",
        "generator": "style",
        "latent": 8,
        "height": 128,
        "width": 192,
        "channels": 3,
        "conditions": ConditionSpace(groups={"subject": ('red "apple"', "lemon")}),
        "trained": TRAINED,
        "name": "fruit",
    }
    return ModelConfig(**{**fields, **changes})


def head(card: str) -> dict:
    start, front, _ = card.split("---\n", 2)
    assert start == ""
    return yaml.safe_load(front)


def test_the_head_is_yaml_that_a_hub_understands():
    assert head(write_card(config())) == {
        "license": "cc-by-sa-4.0",
        "library_name": "huohua",
        "pipeline_tag": "unconditional-image-generation",
        "tags": ["gan", "huohua", "image-generation", "style", "subject"],
        "training_data": "pomological",
    }


@pytest.mark.parametrize(
    ("licence", "fields"),
    [
        ("MIT", {"license": "mit"}),
        ("own", {"license": "other", "license_name": "own"}),
        ("US Government work", {"license": "other", "license_name": "public-domain"}),
        ("Kaggle: terms", {"license": "other", "license_name": "Kaggle: terms"}),
        ("", {"license": "other", "license_name": "unknown"}),
    ],
)
def test_the_licence_is_spelt_as_hubs_spell_it(licence, fields):
    found = head(write_card(config(trained=TRAINED.model_copy(update={"licence": licence}))))
    assert {key: value for key, value in found.items() if key.startswith("license")} == fields


def test_a_person_finds_data_cost_figures_and_limits():
    card = write_card(config())
    for words in (
        "192 × 128 pixels, colour",
        "pomological, 2,457 works",
        "pass adaptations on under the same terms",
        "200.0 thousand works shown in 2 h 3 min",
        "| recall | 0.5123 |",
        "It has seen 2,457 works only",
        '--subject "red \\"apple\\""',
    ):
        assert words in card


def test_names_from_data_cannot_break_the_page():
    card = write_card(config(name="a](http://x) <script>\n# head", conditions=ConditionSpace()))
    assert "USDA \\| \\<b\\>National\\</b\\> Library" in card
    assert "# a\\](http://x) \\<script\\> # head\n" in card
    assert "trained without labels" in card


@pytest.mark.parametrize("name", ["", "---\nlicense: mit", '"', "火花", "a: b"])
def test_the_head_stays_yaml_whatever_the_data_is_called(name):
    found = head(write_card(config(trained=Training(data=name))))
    assert found.get("training_data", "") == name


def test_a_bare_configuration_has_a_card_too():
    card = write_card(config(trained=Training(), conditions=ConditionSpace(), name=""))
    assert "# A Huohua model" in card
    assert "Nothing was measured." in card


def test_the_figures_of_an_evaluation_stand_beside_their_floors():
    measured = [
        Measured(name="kernel", value=0.114233, spread=0.0203, floor=0.0104, works=1024),
        Measured(name="copy|rate", value=0.0, spread=0.002, floor=0.05, works=2048),
    ]
    card = write_card(config(), measured=measured, measured_on="fruit <b>, 2,457 works")
    assert "| kernel | 0.1142 ± 0.02 | 0.0104 | 1,024 |" in card
    assert "copy\\|rate" in card
    assert "Measured on fruit \\<b\\>, 2,457 works." in card
    assert card.index("## Figures") < card.index("## Evaluation") < card.index("## Limits")


def test_a_card_without_an_evaluation_says_nothing_of_one():
    assert "## Evaluation" not in write_card(config())


def test_a_model_with_an_encoder_is_an_autoencoder_and_takes_pictures_in():
    card = write_card(config(encoder=PartConfig(name="convolutional")))
    assert head(card)["tags"][0] == "autoencoder"
    assert "An autoencoder (`style`)" in card
    assert "huohua reconstruct YOUR_PICTURE --model THIS_FOLDER" in card
    assert "reconstruct" not in write_card(config())
