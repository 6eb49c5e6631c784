"""Pictures to latents and back, with a model that has an encoder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from huohua.arts.table import art
from huohua.conditions.space import ConditionSpace
from huohua.errors import DataError, ModelError, UsageError
from huohua.provenance.ingredients import unpack
from huohua.studio import walk as walking
from huohua.studio.image_model import ImageModel
from huohua.studio.reconstruct import candidates_for, nearest
from huohua.studio.recreate import recreate
from huohua.zoo.card import write_card
from huohua.zoo.format import ModelConfig, PartConfig, save_model

GROUPS = {"subject": ("apple", "lemon"), "tags": ("red", "ripe")}
TYPICAL = ({"subject": ("apple",), "tags": ("red",)}, {"subject": ("lemon",), "tags": ("ripe",)})
ENCODER = PartConfig(name="convolutional", settings={"widest": 8, "budget": 64, "gathered": 8})
FAST = {"widest": 8, "budget": 64, "told": 4}
STYLE = {"widest": 8, "budget": 64, "mapped": 8, "mapping_layers": 1}


def write(folder: Path, **changes: Any) -> ImageModel:
    fields = {
        "art": "image",
        "generator": "fast",
        "settings": FAST,
        "latent": 6,
        "height": 16,
        "width": 16,
        "channels": 3,
        "conditions": ConditionSpace(groups=GROUPS),
        "typical": TYPICAL,
        "encoder": ENCODER,
    }
    config = ModelConfig(**{**fields, **changes})
    shape = {"latent": config.latent, "frame": config.frame}
    medium = art("image")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        generator = medium.build_generator(
            config.generator, config.settings, condition=config.conditions.size, **shape
        )
        encoder = medium.build_encoder(ENCODER.name, ENCODER.settings, **shape)
        # A batch teaches the running statistics; the log variances are of no interest here.
        generator(torch.randn(16, config.latent), torch.randn(16, config.conditions.size))
        encoder(torch.randn(16, config.frame.channels, config.frame.height, config.frame.width))
    has = {"encoder": encoder.state_dict()} if config.encoder else {}
    save_model(folder, config=config, weights=generator.state_dict(), card=write_card(config), **has)
    return ImageModel(folder)


@pytest.fixture
def model(tmp_path) -> ImageModel:
    return write(tmp_path / "model")


def picture(seed: int = 0, size: tuple[int, int] = (20, 20)) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (3, 3, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def pixels(work: Any) -> np.ndarray:
    return np.asarray(work.image).astype(int)


def test_a_picture_has_a_latent_of_its_own(model):
    first, again, other = model.encode(picture(0)), model.encode(picture(0)), model.encode(picture(1))
    assert first.shape == (6,)
    assert torch.equal(first, again)
    assert not torch.allclose(first, other)


def test_the_latent_is_the_middle_of_where_the_encoder_says_it_lies(model, tmp_path):
    sample_CHW = model.reader.sample_of(picture())
    expected = model.reader.encoder(sample_CHW[None]).mean_BZ[0]
    torch.testing.assert_close(model.encode(picture()), expected)
    path = tmp_path / "it.png"
    picture().save(path)
    torch.testing.assert_close(model.encode(path), expected)


def test_a_reconstruction_is_what_the_generator_draws_of_the_latent(model):
    work = model.reconstruct(picture(), subject="lemon", tags="ripe")
    condition_BC = torch.tensor([model.config.conditions.encode({"subject": "lemon", "tags": "ripe"})])
    with torch.inference_mode():
        sample = model.generator(model.encode(picture())[None], condition_BC)[0]
    expected = ((sample.clamp(-1, 1) + 1) * 127.5).round().permute(1, 2, 0).numpy()
    assert np.abs(pixels(work) - expected).max() <= 2  # the latent is written out in 16 bits


def test_a_reconstruction_is_a_work_that_can_be_made_again_without_the_picture(model, tmp_path):
    work = model.reconstruct(picture())
    path = work.save(tmp_path / "again.png")
    assert np.array_equal(pixels(recreate(path, model=model)), pixels(work))
    (ingredient,) = work.recipe.ingredients
    np.testing.assert_allclose(
        unpack(ingredient.vector), model.encode(picture()).numpy(), rtol=2e-3, atol=1e-3
    )
    assert work.recipe.model_sha256 == model.config.weights_sha256
    assert work.origin.data == model.config.trained.data


def test_without_wishes_those_conditions_are_taken_that_come_nearest(model):
    def error(**conditions: str) -> float:
        work = model.reconstruct(picture(), **conditions)
        return float(((pixels(work) - pixels(picture_at_16())) ** 2).mean())

    def picture_at_16() -> Any:
        levels = ((model.reader.sample_of(picture()) + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
        return type("Work", (), {"image": levels})

    errors = {
        ("apple", "red"): error(subject="apple", tags="red"),
        ("lemon", "ripe"): error(subject="lemon", tags="ripe"),
    }
    best = min(errors, key=errors.get)
    found = model.reconstruct(picture()).recipe.conditions
    assert (next(iter(found["subject"])), next(iter(found["tags"]))) == best
    assert error() == pytest.approx(errors[best], rel=0.02)


def test_what_is_wished_for_is_kept_and_the_rest_is_found(model):
    found = model.reconstruct(picture(), subject="lemon").recipe.conditions
    assert found == {"subject": {"lemon": 1.0}, "tags": {"ripe": 1.0}}  # as the one lemon that is known
    with pytest.raises(UsageError, match="knows no subject 'plum'"):
        model.reconstruct(picture(), subject="plum")


def test_candidates_are_combinations_that_real_works_have_each_once():
    space = ConditionSpace(groups=GROUPS)
    found = candidates_for({}, space, TYPICAL)
    assert sorted(str(each) for each in found) == sorted(
        [
            str({"subject": {"apple": 1.0}, "tags": {"red": 1.0}}),
            str({"subject": {"lemon": 1.0}, "tags": {"ripe": 1.0}}),
        ]
    )
    assert candidates_for({}, ConditionSpace(), ()) == [{}]


def test_the_nearest_is_found_among_more_candidates_than_are_drawn_together():
    class Shades(torch.nn.Module):
        def forward(self, latent_BZ: torch.Tensor, condition_BC: torch.Tensor) -> torch.Tensor:
            shade_B = condition_BC.argmax(1) / 50
            return shade_B[:, None, None, None].expand(-1, 1, 2, 2)

    names = tuple(f"{number}" for number in range(50))
    space = ConditionSpace(groups={"shade": names})
    candidates = [{"shade": {name: 1.0}} for name in names]
    sample = torch.full((1, 2, 2), 0.62)
    assert nearest(Shades(), torch.zeros(3), sample, candidates, space) == {"shade": {"31": 1.0}}


def test_a_generator_that_maps_its_latents_reconstructs_too(tmp_path):
    model = write(tmp_path / "style", generator="style", settings=STYLE)
    work = model.reconstruct(picture(), subject="lemon", tags="ripe")
    condition_BC = torch.tensor([model.config.conditions.encode({"subject": "lemon", "tags": "ripe"})])
    with torch.inference_mode():
        sample = model.generator(model.encode(picture())[None], condition_BC)[0]
    expected = ((sample.clamp(-1, 1) + 1) * 127.5).round().permute(1, 2, 0).numpy()
    assert np.abs(pixels(work) - expected).max() <= 2


def test_a_walk_leads_from_one_picture_to_another(model):
    """Interpolation between two pictures: its ends are their reconstructions, and its middle is neither."""
    ends = [model.reconstruct(picture(seed), subject="lemon", tags="ripe") for seed in (0, 1)]
    frames = list(walking.walk(model, through=ends, seconds=1.0, fps=5.0))
    assert np.array_equal(pixels(frames[0]), pixels(ends[0]))
    assert np.array_equal(pixels(frames[-1]), pixels(ends[1]))
    middle = pixels(frames[len(frames) // 2])
    assert all(np.abs(middle - pixels(end)).max() > 0 for end in ends)


def test_a_model_without_an_encoder_says_how_to_get_one(tmp_path):
    model = write(tmp_path / "plain", encoder=None)
    for take in (model.encode, model.reconstruct):
        with pytest.raises(UsageError, match="has no encoder") as caught:
            take(picture())
        assert "--preset vae" in caught.value.advice


def test_a_picture_that_cannot_be_read_is_one_clear_error(model, tmp_path):
    with pytest.raises(DataError, match=re.escape("none.png cannot be read")):
        model.reconstruct(tmp_path / "none.png")


@pytest.mark.parametrize("damage", ["weights", "settings", "numbers"])
def test_a_damaged_encoder_is_one_clear_error(tmp_path, damage):
    model = write(tmp_path / "model")
    if damage == "weights":
        (model.folder / "encoder.safetensors").write_bytes(b"torn")
        words = "encoder.safetensors is damaged"
    elif damage == "settings":
        known = model.config.encoder.model_copy(
            update={"settings": {"widest": 16, "budget": 128, "gathered": 8}}
        )
        config = model.config.model_copy(update={"encoder": known})
        (model.folder / "config.json").write_text(config.to_json())
        words = "do not fit 'convolutional'"
    else:
        model.reader.encoder.mean.weight.data.fill_(float("nan"))
        words = "found no latent"
    opened = model if damage == "numbers" else ImageModel(model.folder)
    with pytest.raises(ModelError, match=words):
        opened.encode(picture())


def test_the_dice_of_the_program_are_left_alone(model):
    before = torch.get_rng_state()
    model.encode(picture())
    assert torch.equal(torch.get_rng_state(), before)
