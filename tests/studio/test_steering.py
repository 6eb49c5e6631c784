"""Steered works: mixed, slid and gone on from others, and made again from their recipes alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from huohua.errors import DataError, ModelError, UsageError
from huohua.latents.space import render
from huohua.provenance.ingredients import Ingredient, pack
from huohua.studio.image_model import ImageModel
from huohua.studio.recreate import compare, recreate
from huohua.zoo import catalogue
from huohua.zoo.directions import Direction, Listing, save_directions

LEMON = {"subject": "lemon", "style": "monet", "tags": "ripe"}
APPLE = {"subject": "apple", "style": "shanshui", "tags": "red"}


def pixels(work) -> bytes:
    return work.image.tobytes()


def give_directions(model: ImageModel, layers: tuple[int, int] | None = None) -> torch.Tensor:
    """Give a model two directions of unit length and return them."""
    width = model.helm.width
    vectors = torch.eye(width)[:2]
    listing = Listing(
        model_sha256=model.config.weights_sha256,
        directions=(
            Direction(name="warmer", found_as="principal-1", method="principal", layers=layers),
            Direction(name="larger", found_as="principal-2", method="principal"),
        ),
    )
    save_directions(model.folder, listing, vectors)
    return vectors


@pytest.fixture(params=["style", "fast", "dcgan"])
def model(request, fresh_model, home) -> ImageModel:
    made: ImageModel = fresh_model(request.param)
    catalogue.remember("fruit", made.folder)
    return made


def told(model: ImageModel, work) -> tuple[torch.Tensor, torch.Tensor]:
    asked = model.helm.encoded(work.recipe.conditions)
    ingredients = work.recipe.ingredients or (Ingredient(seed=work.recipe.seed, index=work.recipe.index),)
    return model.helm.told(ingredients, asked, truncation=work.recipe.options.get("truncation", 1.0))


def test_one_ingredient_is_the_plain_work_bit_for_bit(model):
    for truncation in (1.0, 0.6):
        plain = model.create(seed=5, count=2, truncation=truncation)[1]
        made = model.make(
            seed=0,
            conditions=plain.recipe.conditions,
            options=plain.recipe.options,
            ingredients=[Ingredient(seed=5, index=1)],
        )
        assert pixels(made) == pixels(plain)


def test_sliders_add_directions_to_what_the_layers_are_told(model):
    vectors = give_directions(model)
    plain = model.create(seed=5, **LEMON)
    slid = model.create(seed=5, slides={"warmer": 1.5, "Larger": -2.0}, **LEMON)
    (before, asked), (after, asked_too) = told(model, plain), told(model, slid)
    torch.testing.assert_close(after, before + 1.5 * vectors[0] - 2.0 * vectors[1], rtol=0, atol=1e-6)
    assert torch.equal(asked, asked_too)
    assert pixels(slid) != pixels(plain)
    assert [each.name for each in slid.recipe.ingredients] == ["", "warmer", "larger"]


def test_a_slider_at_zero_is_the_plain_work_with_the_plain_recipe(model):
    give_directions(model)
    slid = model.create(seed=5, slides={"warmer": 0.0}, **LEMON)
    assert pixels(slid) == pixels(model.create(seed=5, **LEMON))
    assert slid.recipe.ingredients == ()


@pytest.mark.parametrize("truncation", [1.0, 0.5])
def test_every_steered_work_is_made_again_from_its_file(model, tmp_path, truncation):
    give_directions(model)
    first = model.create(seed=5, slides={"larger": 2.0}, truncation=truncation, **LEMON)
    second = model.create(start=first, slides={"warmer": -1.0}, subject="apple")
    works = [first, second]
    if model.helm.layers > 1:
        works.append(model.create(seed=8, mix=9, truncation=truncation, **LEMON))
        works.append(model.create(start=works[-1], mix=second, slides={"warmer": 1.0}))
    # What was found may be forgotten or found anew: the work carries its vectors.
    (model.folder / "directions.safetensors").unlink()
    for number, work in enumerate(works):
        path = work.save(tmp_path / f"{number}.png")
        assert compare(path, recreate(path)).same
        assert recreate(path).save(tmp_path / "again.png").read_bytes() == path.read_bytes()
    assert len({pixels(work) for work in works}) == len(works)


def test_a_work_to_start_from_gives_its_seed_conditions_and_truncation(model, tmp_path):
    give_directions(model)
    path = model.create(seed=5, count=3, truncation=0.5, **LEMON)[2].save(tmp_path / "a.png")
    again = model.create(start=path, seed=99)
    assert pixels(again) == pixels(recreate(path))
    assert (again.recipe.seed, again.recipe.index, again.recipe.options) == (5, 2, {"truncation": 0.5})
    pear = model.create(start=path, slides={"warmer": 1.0}, subject="apple")
    assert pear.recipe.conditions == {**recreate(path).recipe.conditions, "subject": {"apple": 1.0}}


def test_sliders_add_up_over_works(model):
    give_directions(model)
    once = model.create(seed=5, slides={"warmer": 2.0}, **LEMON)
    twice = model.create(start=model.create(seed=5, slides={"warmer": 1.0}, **LEMON), slides={"warmer": 1.0})
    torch.testing.assert_close(told(model, once)[0], told(model, twice)[0], rtol=0, atol=1e-5)


@pytest.mark.parametrize("generator", ["style", "fast"])
class TestMixing:
    """Mixes of models whose layers can be told apart."""

    @pytest.fixture
    def mixer(self, fresh_model, generator) -> ImageModel:
        return fresh_model(generator)

    def test_coarse_layers_are_told_one_seed_and_fine_ones_the_other(self, mixer):
        first, second = mixer.create(seed=1, **LEMON), mixer.create(seed=2, **LEMON)
        mixed = mixer.create(seed=1, mix=2, **LEMON)
        # Of the sizes 4, 8 and 16 the first two are the coarser half.
        assert mixer.helm.layer_sizes == (4, 8, 8, 16, 16)
        expected = torch.cat([told(mixer, first)[0][:3], told(mixer, second)[0][3:]])
        assert torch.equal(told(mixer, mixed)[0], expected)
        for size, border in ((4, 1), (8, 3)):
            mixed = mixer.create(seed=1, mix=2, mix_at=size, **LEMON)
            expected = torch.cat([told(mixer, first)[0][:border], told(mixer, second)[0][border:]])
            assert torch.equal(told(mixer, mixed)[0], expected)

    def test_a_work_that_is_mixed_in_brings_its_own_conditions_and_truncation(self, mixer):
        surface = mixer.create(seed=2, truncation=0.5, **APPLE)
        mixed = mixer.create(seed=1, mix=surface, **LEMON)
        latent_LV, condition_LC = told(mixer, mixed)
        lemon, apple = mixer.create(seed=1, **LEMON), surface
        assert torch.equal(latent_LV, torch.cat([told(mixer, lemon)[0][:3], told(mixer, apple)[0][3:]]))
        if mixer.config.generator == "fast":
            assert torch.equal(
                condition_LC, torch.cat([told(mixer, lemon)[1][:3], told(mixer, apple)[1][3:]])
            )

    def test_a_mix_of_a_work_with_itself_is_that_work(self, mixer):
        work = mixer.create(seed=1, **LEMON)
        assert pixels(mixer.create(start=work, mix=work)) == pixels(work)

    def test_many_builds_can_share_one_surface(self, mixer):
        works = mixer.create(seed=1, mix=7, count=3, **LEMON)
        assert len({pixels(work) for work in works}) == 3
        assert all(torch.equal(told(mixer, work)[0][3:], told(mixer, works[0])[0][3:]) for work in works)

    def test_a_mix_can_be_mixed_and_slid_again(self, mixer):
        vectors = give_directions(mixer, layers=(2, 4))
        first = mixer.create(seed=1, mix=2, slides={"warmer": 3.0}, **LEMON)
        second = mixer.create(start=first, mix=3, mix_at=8)
        seeds = [told(mixer, mixer.create(seed=seed, **LEMON))[0] for seed in (1, 2, 3)]
        expected = torch.cat([seeds[0][:3], seeds[2][3:]])
        expected[2] += 3.0 * vectors[0]
        torch.testing.assert_close(told(mixer, second)[0], expected, rtol=0, atol=1e-6)

    @pytest.mark.parametrize("size", [0, 3, 16, 1000])
    def test_a_border_outside_the_sizes_is_refused(self, mixer, size):
        with pytest.raises(UsageError, match="choose between 4 and 8"):
            mixer.create(seed=1, mix=2, mix_at=size)


def test_vectors_of_their_own_for_each_layer_are_told_in_order(fresh_model):
    model = fresh_model("fast")
    rows = torch.arange(40.0).view(5, 8) / 8
    ingredient = Ingredient(vector=pack(rows.flatten().tolist()))
    asked = model.helm.encoded(model.config.conditions.resolve(LEMON))
    latent_LV, condition_LC = model.helm.told([ingredient], asked)
    assert torch.equal(latent_LV, rows)
    with torch.inference_mode():
        expected = render(model.generator, rows[None], condition_LC[None])[0]
        assert torch.equal(model.helm.sample([ingredient], asked), expected)
    mixed = model.create(
        start=model.make(seed=0, conditions=model.config.conditions.resolve(LEMON), ingredients=[ingredient]),
        mix=3,
    )
    assert torch.equal(told(model, mixed)[0][:3], rows[:3])


def test_a_model_that_is_told_everything_at_once_cannot_be_mixed(fresh_model):
    model = fresh_model("dcgan")
    with pytest.raises(UsageError, match="cannot be mixed"):
        model.create(seed=1, mix=2)


def test_what_cannot_be_steered_is_a_clear_error_before_anything_is_made(fresh_model, tmp_path):
    model = fresh_model("style")
    with pytest.raises(ModelError, match="no directions yet"):
        model.create(slides={"warmer": 1.0})
    give_directions(model)
    with pytest.raises(UsageError, match="no direction 'wramer'"):
        model.create(slides={"wramer": 1.0})
    for strength in (21.0, float("nan")):
        with pytest.raises(UsageError, match="must lie between ±20"):
            model.create(slides={"warmer": strength})
    with pytest.raises(UsageError, match="nothing to mix"):
        model.create(mix_at=8)
    with pytest.raises(DataError, match="There is no file"):
        model.create(start=tmp_path / "nothing.png")


@pytest.mark.parametrize(
    "ingredient",
    [
        Ingredient(vector=pack([1.0] * 7)),
        Ingredient(vector=pack([1.0] * 16)),
        Ingredient(seed=1, layers=(0, 6)),
    ],
    ids=["another length", "too few rows", "too many layers"],
)
def test_a_recipe_that_does_not_fit_its_model_is_a_clear_error(fresh_model, ingredient):
    model: ImageModel = fresh_model("style")
    with pytest.raises(DataError, match="does not fit"):
        model.make(seed=0, conditions={}, ingredients=[ingredient])


def test_paths_may_be_texts(fresh_model, tmp_path):
    model = fresh_model("style")
    path = model.create(seed=3).save(tmp_path / "a.png")
    assert pixels(model.create(start=str(path))) == pixels(model.create(start=Path(path)))
