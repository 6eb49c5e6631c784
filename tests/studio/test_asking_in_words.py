"""From pictures without labels to a model that is asked in words: training, files, prompts and recipes."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from huohua.arts.image import inspection
from huohua.conditions.attribute_names import COLOUR_GROUPS
from huohua.errors import UsageError
from huohua.studio.create import create
from huohua.studio.image_model import ImageModel
from huohua.studio.recreate import recreate
from huohua.studio.train import train
from huohua.zoo.format import load_config

COLOURS = {"blue": (40, 80, 220), "green": (30, 140, 40), "red": (210, 20, 30), "white": (250, 250, 250)}


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> ImageModel:
    """Train for a moment on pictures of two halves, in every two of four colours, light and dark."""
    folder = tmp_path_factory.mktemp("data") / "halves"
    folder.mkdir()
    dice = np.random.default_rng(0)
    for number in range(48):
        names = list(COLOURS)
        upper, lower = (COLOURS[names[place]] for place in ((number // 4) % 4, number % 4))
        picture = np.zeros((24, 24, 3))
        picture[:12], picture[12:] = upper, lower
        shaded = picture * (0.6 + 0.4 * dice.random()) + dice.normal(0, 6, picture.shape)
        Image.fromarray(shaded.clip(0, 255).astype(np.uint8)).save(folder / f"{number}.png")
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "probes_of", functools.partial(inspection.probes_of, count=8))
        trained = train(
            "image", folder, preset="seed", size=16, batch=8, kimg=0.016, threads=1, precision="fp32",
            attributes=True, out=folder.parent / "run",
        )  # fmt: skip
    torch.set_num_threads(threads)
    return trained


def test_a_grey_model_knows_grey_conditions_only(model):
    groups = model.config.conditions.groups
    assert model.config.frame.channels == 1
    assert set(groups) <= {*COLOUR_GROUPS.values(), "look"}
    assert {name for names in groups.values() for name in names} <= {
        "black", "grey", "white", "light", "contrast", "detailed",
    }  # fmt: skip


def test_the_model_file_holds_scales_and_works_to_complete_from(model):
    config = load_config(model.folder)
    assert config.conditions.measured("look")
    assert 8 <= len(config.typical) <= 48
    assert all(isinstance(text, str) for work in config.typical for text in work.values())
    assert (model.folder / "config.json").stat().st_size < 100_000


def test_a_wish_is_completed_and_recorded(model):
    work = model.create(look={"light": 1.0}, seed=3)
    assert work.recipe.conditions["look"]["light"] == 1.0
    others = {name for group, names in work.recipe.conditions.items() for name in names if group != "look"}
    assert others
    dark = model.create(look="dark", seed=3)
    assert dark.recipe.conditions["look"]["light"] == -1.0
    assert list(dark.image.tobytes()) != list(work.image.tobytes())


def test_a_prompt_is_understood_in_both_languages(model):
    english, chinese = (model.create(prompt=prompt, seed=5) for prompt in ("very light", "非常明亮"))
    assert english.recipe.conditions == chinese.recipe.conditions
    assert english.image.tobytes() == chinese.image.tobytes()


def test_a_work_asked_for_in_words_can_be_made_again(model, tmp_path):
    work = model.create(prompt="dark, high contrast", seed=7)
    path = work.save(tmp_path / "work.png")
    again = recreate(path, model=model)
    assert again.image.tobytes() == work.image.tobytes()


def test_what_the_model_cannot_be_asked_is_said(model):
    order = create(model, prompt="a light picture of a purple dragon")
    assert [found.words for found in order.reading.understood] == ["light"]
    assert order.reading.ignored == ("purple", "dragon")
    assert order.reading.reasons == {"purple": "its works hardly differ in that"}
    with pytest.raises(UsageError, match="understands nothing"):
        create(model, prompt="warm")


def test_a_run_goes_on_only_with_the_conditions_it_began_with(model):
    from huohua.errors import CheckpointError

    run = Path(model.folder).parent
    data = run.parent / "halves"
    with pytest.raises(CheckpointError, match="attributes True"):
        train(
            "image", data, preset="seed", size=16, batch=8, kimg=0.024, threads=1, precision="fp32", out=run
        )
