"""Making a work again: the same pixels, from the same model, wherever it is now."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from PIL import Image

from huohua.arts.comparison import Comparison
from huohua.errors import DataError, ModelError
from huohua.studio.image_model import ImageModel
from huohua.studio.recreate import compare, open_artwork, recreate
from huohua.zoo import catalogue


@pytest.fixture
def work(new_model, home, tmp_path):
    """Return a file with the third work of a creation, and its model."""
    model = new_model()
    catalogue.remember("fruit", model.folder)
    made = model.create(seed=7, count=3, prompt="ripe", truncation=0.7)[2]
    return made.save(tmp_path / "work.png"), model


def test_the_file_comes_out_the_same_byte_for_byte(work, tmp_path):
    path, _ = work
    again = recreate(path).save(tmp_path / "again.png")
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_the_pixels_are_the_same_in_every_kind_of_file(work, tmp_path, suffix):
    path = open_artwork(work[0]).save(tmp_path / f"other{suffix}")
    if suffix == ".jpg":
        # What a JPEG lost cannot come back, so its own first file is what has to be reached.
        path = recreate(work[0]).save(path)
    assert compare(path, recreate(path)) == Comparison(parts=384, different=0, largest=0)


def test_the_model_is_found_by_its_hash_after_it_was_moved_and_renamed(work, tmp_path):
    path, model = work
    moved = tmp_path / "elsewhere"
    shutil.move(model.folder, moved)
    with pytest.raises(ModelError, match="The model 'fruit' that made this work is not here"):
        recreate(path)
    catalogue.remember("renamed", moved)
    assert compare(path, recreate(path)).same
    assert compare(path, recreate(path, model=moved)).same
    assert compare(path, recreate(path, model=ImageModel(moved))).same
    assert recreate(path).recipe == open_artwork(path).recipe


def test_a_model_that_trained_on_is_not_taken_for_the_old_one(work, new_model):
    path, model = work
    old = model.config.weights_sha256
    model.save(model.folder.parent / "kept")
    new_model(seed=2)
    with pytest.raises(ModelError, match="is not the model that made this work") as caught:
        recreate(path)
    assert old[:16] in caught.value.advice
    with pytest.raises(ModelError, match="is not the model"):
        recreate(path, model="fruit")
    catalogue.remember("kept", model.folder.parent / "kept")
    assert compare(path, recreate(path)).same


def test_a_comparison_counts_the_pixels_that_differ(work, tmp_path):
    path, _ = work
    original = open_artwork(path)
    changed = original.image.copy()
    red, green, blue = changed.getpixel((3, 4))
    changed.putpixel((3, 4), (red, green ^ 8, blue ^ 1))
    changed.putpixel((5, 6), tuple(value ^ 1 for value in changed.getpixel((5, 6))))
    replace(original, image=changed).save(path)
    found = compare(path, recreate(path))
    assert found == Comparison(parts=384, different=2, largest=8)
    assert not found.same


def test_a_picture_of_another_size_differs_everywhere(work):
    path, _ = work
    original = open_artwork(path)
    replace(original, image=original.image.resize((8, 8))).save(path)
    assert compare(path, recreate(path)) == Comparison(parts=64, different=64, largest=255)


def test_a_picture_of_another_program_is_a_clear_error(tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "photo.png")
    with pytest.raises(DataError, match="carries no Huohua recipe"):
        recreate(tmp_path / "photo.png")
    with pytest.raises(DataError, match="no kind of file"):
        recreate(tmp_path / "song.xyz")


def test_a_recipe_with_conditions_the_model_does_not_know_is_a_clear_error(work):
    path, _ = work
    original = open_artwork(path)
    recipe = original.recipe.model_copy(update={"conditions": {"subject": {"pear": 1.0}}})
    replace(original, recipe=recipe).save(path)
    with pytest.raises(Exception, match="no subject 'pear'"):
        recreate(path)
