"""Inverting pictures: works of a model are found again, and what is found is a work like any other."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from huohua.arts.image.fidelity import peak_signal_to_noise, structural_similarity
from huohua.errors import DataError, UsageError
from huohua.latents.inversion import InversionSettings
from huohua.studio.image_model import ImageModel
from huohua.studio.inversion import invert, invert_all, looks_apart, save_comparison, searching
from huohua.studio.recreate import compare, recreate
from huohua.zoo import catalogue

QUICK = InversionSettings(scouts=24, starts=2, approach=12, parting=18, rate=0.15)
# Enough where it does not matter how near the search comes.
HASTY = InversionSettings(scouts=4, starts=1, approach=3, parting=3)


def pixels(image: Image.Image) -> np.ndarray:
    array = np.asarray(image)
    return array if array.ndim == 3 else array[:, :, None]


@pytest.fixture(params=["fast", "style", "mlp"])
def model(request, fresh_model, home) -> ImageModel:
    made: ImageModel = fresh_model(request.param, height=32, width=40)
    catalogue.remember("fruit", made.folder)
    return made


@pytest.fixture
def fast(fresh_model, home) -> ImageModel:
    made: ImageModel = fresh_model("fast")
    catalogue.remember("fruit", made.folder)
    return made


def test_a_work_of_the_model_is_found_again(model, tmp_path):
    given = model.create(seed=70, subject="lemon")
    others = [model.create(seed=seed, subject="lemon") for seed in range(6)]
    found = invert(given.image, model, settings=QUICK)
    nearest = max(peak_signal_to_noise(pixels(given.image), pixels(work.image)) for work in others)
    assert found.signal_to_noise > nearest + 1
    assert found.signal_to_noise == peak_signal_to_noise(pixels(given.image), pixels(found.work.image))
    assert found.similarity == structural_similarity(pixels(given.image), pixels(found.work.image))
    assert [found.distance] == looks_apart(pixels(given.image)[None], pixels(found.work.image)[None])
    assert found.picture.tobytes() == given.image.tobytes()


def test_what_is_found_is_made_again_from_its_file_and_gone_on_from(model, tmp_path):
    found = invert(model.create(seed=70).image, model, settings=HASTY)
    path = found.work.save(tmp_path / "found.png")
    assert compare(path, recreate(path)).same
    assert model.create(start=path).image.tobytes() == found.work.image.tobytes()
    if model.helm.layers > 1:
        mixed = model.create(start=path, mix=5).save(tmp_path / "mixed.png")
        assert compare(mixed, recreate(mixed)).same


def test_several_pictures_are_found_together_each_as_if_alone(fast):
    given = [fast.create(seed=seed).image for seed in (70, 71, 72)]
    still = HASTY.model_copy(update={"shaking": 0.0})
    together = invert_all(given, fast, settings=still)
    alone = invert(given[1], fast, settings=still)
    assert together[1].signal_to_noise == pytest.approx(alone.signal_to_noise, abs=0.5)


def test_the_same_seed_finds_the_same(fast):
    given = fast.create(seed=70).image
    first, second = (invert(given, fast, settings=HASTY, seed=3) for _ in range(2))
    assert first.work.recipe == second.work.recipe
    assert invert(given, fast, settings=HASTY, seed=4).work.recipe != first.work.recipe


def test_what_is_asked_for_is_held(fast):
    given = fast.create(seed=70, subject="lemon").image
    found = invert(given, fast, conditions={"subject": "apple"}, settings=HASTY)
    assert found.work.recipe.conditions["subject"] == {"apple": 1.0}


def test_pictures_of_any_size_and_kind_are_brought_to_the_model_s(fresh_model, tmp_path):
    model = fresh_model("mlp", "grey", channels=1)
    path = tmp_path / "photo.webp"
    Image.effect_mandelbrot((90, 60), (-2, -1, 1, 1), 50).convert("RGB").save(path)
    found = invert(path, model, settings=HASTY)
    assert (found.picture.size, found.picture.mode) == ((24, 16), "L")
    assert found.work.image.size == (24, 16)


def test_a_search_can_be_stopped_and_still_gives_a_work(fast):
    def stop(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    found = invert(fast.create(seed=70).image, fast, settings=HASTY, on_progress=stop)
    assert found.work.image.size == (24, 16)


def test_pictures_and_works_stand_side_by_side(fast, tmp_path):
    found = invert_all([fast.create(seed=seed).image for seed in (1, 2)], fast, settings=HASTY)
    with Image.open(save_comparison(found, tmp_path / "sheet.png")) as page:
        cells = [page.crop((2 + column * 26, 2, 26 + column * 26, 18)) for column in range(4)]
    expected = [image for each in found for image in (each.picture, each.work.image)]
    assert [cell.tobytes() for cell in cells] == [image.tobytes() for image in expected]


def test_mistakes_are_clear(fast, tmp_path):
    with pytest.raises(DataError):
        invert(tmp_path / "nothing.png", fast, settings=HASTY)
    with pytest.raises(UsageError, match="no subject 'lemno'"):
        invert(fast.create().image, fast, conditions={"subject": "lemno"}, settings=HASTY)
    with pytest.raises(UsageError, match="steps is 0"):
        searching(steps=0, starts=1)
    with pytest.raises(UsageError, match="starts is 65"):
        searching(steps=10, starts=65)
    assert searching(steps=200, starts=3) == InversionSettings()
