"""What training, models and commands ask of every art that is listed."""

from __future__ import annotations

import pytest
import torch

from huohua.arts.preset import Preset
from huohua.arts.table import ARTS, read_frame, read_preset
from huohua.errors import DataError, ModelError, UsageError
from huohua.studio.opening import MODELS
from huohua.zoo.card import write_card
from huohua.zoo.format import ModelConfig, load_config, save_model

pytestmark = pytest.mark.parametrize("art", ARTS.values(), ids=ARTS)


def usual(art):
    return art.presets()[art.usual_preset]


def test_its_models_can_be_played(art):
    assert art.name in MODELS


def test_its_usual_preset_is_one_of_its_presets_and_all_are_read_as_they_are_written(art):
    assert art.usual_preset in art.presets()
    for preset in art.presets().values():
        assert isinstance(preset, Preset)
        assert read_preset(art.name, preset.model_dump(mode="json")) == preset


def test_a_frame_is_had_again_from_its_size_and_from_json(art):
    frame = art.frame(None, usual(art))
    assert art.frame(frame.size, usual(art)) == frame
    assert read_frame(art.name, frame.model_dump(mode="json")) == frame
    assert frame.words


@pytest.mark.parametrize("size", ["no size", "-1", ""])
def test_what_is_no_size_is_refused(art, size):
    with pytest.raises(UsageError, match=r"size|bars"):
        art.frame(size, usual(art))


def test_networks_that_are_not_there_are_named(art):
    frame = art.frame(None, usual(art))
    with pytest.raises(ModelError, match="no generator 'nobody'"):
        art.build_generator("nobody", {}, latent=4, condition=0, frame=frame)
    with pytest.raises(ModelError, match="no discriminator 'nobody'"):
        art.build_discriminator("nobody", {}, condition=0, frame=frame)


def test_a_place_without_works_is_one_clear_error(art, tmp_path):
    (tmp_path / "empty").mkdir()
    preset = usual(art)
    for place in ("empty", "nowhere"):
        with pytest.raises(DataError):
            art.open_workshop(tmp_path / place, preset=preset, frame=art.frame(None, preset))


def test_a_model_folder_keeps_its_frame_and_says_so_on_its_card(art, tmp_path):
    frame = art.frame(None, usual(art))
    config = ModelConfig(art=art.name, generator="any", latent=4, frame=frame, name="fruit")
    card = write_card(config)
    save_model(tmp_path / "model", config=config, weights={"w": torch.ones(1)}, card=card)
    assert load_config(tmp_path / "model").frame == frame
    assert frame.words in card
    assert f'work.save("work{art.suffixes[0]}")' in card


def test_its_files_are_opened_by_their_endings_or_refused_in_one_sentence(art, tmp_path):
    for suffix in art.suffixes:
        path = tmp_path / f"strange{suffix}"
        path.write_bytes(b"nothing that anybody wrote")
        with pytest.raises(DataError, match="strange"):
            art.read_record(path)
