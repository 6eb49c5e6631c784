"""Directions of a model: found in three ways, kept, named, shown in strips, and slid along."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from huohua.conditions.space import ConditionSpace
from huohua.errors import ModelError, UsageError
from huohua.latents.directions import by_weights
from huohua.studio import direction_search
from huohua.studio.directions import directions_of, find_directions, rename_direction
from huohua.studio.image_model import ImageModel
from huohua.studio.strips import overview, save_strips, strips
from huohua.zoo.directions import load_directions


@pytest.fixture(autouse=True)
def few_works(monkeypatch):
    """Look at few works: enough for eight numbers of latents."""
    monkeypatch.setattr(direction_search, "EARLY_WORKS", 256)
    monkeypatch.setattr(direction_search, "MEASURED_WORKS", 160)


@pytest.fixture(params=["fast", "style", "dcgan", "mlp"])
def model(request, fresh_model) -> ImageModel:
    return fresh_model(request.param)


@pytest.fixture
def fast(fresh_model) -> ImageModel:
    return fresh_model("fast")


def vectors(model: ImageModel) -> torch.Tensor:
    return load_directions(model.folder, model.config.weights_sha256)[1]


@pytest.mark.parametrize("method", ["principal", "weights"])
def test_directions_are_found_without_a_label_and_change_works(model, method):
    found = find_directions(model, method=method, count=4)
    assert [each.name for each in found] == [f"{method}-{number}" for number in range(1, 5)]
    shares = [each.share for each in found]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1.0001
    works = [model.create(seed=1, slides={found[0].name: strength}) for strength in (-2.0, 0.0, 2.0)]
    assert len({work.image.tobytes() for work in works}) == 3


def test_one_step_is_one_deviation_of_the_model_s_own_latents(model):
    find_directions(model, method="weights", count=3)
    drawn = direction_search.Drawn.of(model, 2000, seed=5)
    for vector_V in vectors(model):
        unit_V = torch.nn.functional.normalize(vector_V, dim=0)
        assert float((drawn.own_NV @ unit_V).std()) == pytest.approx(float(vector_V.norm()), rel=0.2)


@torch.no_grad()
def test_the_first_direction_changes_the_first_layer_more_than_the_last(fast):
    find_directions(fast, count=8)
    latent_NZ = torch.randn(64, 8, generator=torch.Generator().manual_seed(1))
    condition_NC = torch.zeros(64, fast.config.conditions.size)

    def change(direction_V: torch.Tensor) -> float:
        ends = [fast.generator.early(latent_NZ + step * direction_V, condition_NC) for step in (-1, 1)]
        return float((ends[1] - ends[0]).square().mean())

    changes = [change(direction_V) for direction_V in vectors(fast)]
    assert changes[0] == max(changes)
    assert changes[0] > 1.5 * changes[-1]


def test_layers_can_be_chosen_and_stay_with_the_direction(fast):
    coarse = find_directions(fast, method="weights", count=2, layers="coarse")
    fine = find_directions(fast, method="weights", count=2, layers="fine")
    assert [(each.name, each.layers) for each in (*coarse, *fine)] == [
        *(("weights-1-coarse", (0, 3)), ("weights-2-coarse", (0, 3))),
        *(("weights-1-fine", (3, 5)), ("weights-2-fine", (3, 5))),
    ]
    weights = [matrix.detach() for matrix in fast.generator.latent_weights()[3:5]]
    expected = by_weights(weights, 2).direction_KV
    found = torch.nn.functional.normalize(vectors(fast)[2:], dim=1)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5)
    slid = fast.create(seed=1, slides={"weights-1-fine": 2.0})
    assert slid.recipe.ingredients[1].layers == (3, 5)


def test_attributes_are_named_after_what_grows_along_them(fast):
    told = []
    found = find_directions(fast, method="attribute", on_progress=lambda *progress: told.append(progress))
    assert told[-1] == (160, 160)
    assert {each.name for each in found} <= {"light", "saturated", "contrast", "warm", "detailed"}
    assert all(0.1 <= each.share <= 1 for each in found)
    for each in found[:2]:
        names, before = direction_search.looks(pixels(fast, {each.name: -2.0}))
        _, after = direction_search.looks(pixels(fast, {each.name: 2.0}))
        assert (after - before)[:, names.index(each.name)].mean() > 0


def pixels(model: ImageModel, slides: dict[str, float]) -> np.ndarray:
    return np.stack([np.asarray(model.create(seed=seed, slides=slides).image) for seed in range(12)])


def test_independent_attributes_leave_the_others_as_they_are(fast):
    found = find_directions(fast, method="attribute", independent=True)
    assert len(found) >= 2
    own = torch.nn.functional.normalize(vectors(fast), dim=1)
    plain = find_directions(fast, method="attribute")
    bound = torch.nn.functional.normalize(vectors(fast), dim=1)
    order = [[each.name for each in found].index(each.name) for each in plain]
    overlap = (own[order] @ bound.T).abs()
    others = overlap - torch.diag(overlap.diag())
    # In units of the latents' own spread they are square to one another; that is nearly so here too.
    assert others.max() < 0.1
    assert overlap.diag().mean() > 2 * others.mean()


def test_what_conditions_explain_is_no_direction(fresh_model):
    space = ConditionSpace(groups={"subject": ("apple", "lemon")})
    model = fresh_model("fast", conditions=space)
    drawn = direction_search.Drawn.of(model, 200, seed=0)
    means = [drawn.own_NV[drawn.condition_NC[:, place] > 0].mean(0) for place in range(2)]
    assert all(float(mean.abs().max()) < 1e-4 for mean in means)


def test_names_are_given_and_kept_when_directions_are_found_again(fast):
    find_directions(fast, count=3)
    assert rename_direction(fast, "principal-2", " larger ").name == "larger"
    find_directions(fast, method="weights", count=2)
    find_directions(fast, count=2, seed=1)
    names = [each.name for each in directions_of(fast)]
    assert names == ["larger", "weights-1", "weights-2", "principal-1", "principal-2"]
    old = fast.create(seed=1, slides={"larger": 1.0})
    assert old.recipe.ingredients[1].name == "larger"
    assert len(vectors(fast)) == 5


def test_directions_travel_with_a_copy_of_the_model(fast, tmp_path):
    find_directions(fast, count=2)
    copy = ImageModel(fast.save(tmp_path / "copy"))
    assert directions_of(copy) == directions_of(fast)
    made = [each.create(seed=1, slides={"principal-1": 1.0}).image.tobytes() for each in (copy, fast)]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("principal-9", "larger", "no direction 'principal-9'"),
        ("principal-1", "a=b", "cannot be the name"),
        ("principal-1", " ", "cannot be the name"),
        ("principal-1", "Principal-2", "a direction 'Principal-2' already"),
    ],
)
def test_a_name_that_cannot_be_given_is_a_clear_error(fast, old, new, words):
    find_directions(fast, count=2)
    with pytest.raises(UsageError, match=words):
        rename_direction(fast, old, new)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"count": 0}, "count is 0"),
        ({"count": 65}, "count is 65"),
        ({"method": "magic"}, "method cannot be 'magic'"),
        ({"layers": "some"}, "layers cannot be 'some'"),
    ],
    ids=str,
)
def test_what_cannot_be_searched_is_a_clear_error(fast, wrong, words):
    with pytest.raises(UsageError, match=words):
        find_directions(fast, **wrong)


def test_a_model_without_layers_has_no_coarse_ones(fresh_model):
    with pytest.raises(UsageError, match="no coarse and fine layers"):
        find_directions(fresh_model("dcgan"), layers="coarse")


def test_a_model_that_nothing_measured_follows_says_so(fast, monkeypatch):
    monkeypatch.setattr(direction_search, "LEAST_EXPLAINED", 1.1)
    with pytest.raises(ModelError, match="Nothing that can be measured"):
        find_directions(fast, method="attribute")


def test_strips_show_works_from_less_to_more_and_what_changes(fast, tmp_path):
    find_directions(fast, count=2)
    told = []
    shown = strips(
        fast, ["principal-2"], seeds=[3, 4], strengths=[-2, 0, 2], on_progress=lambda *p: told.append(p)
    )
    assert told == [(number, 6) for number in range(1, 7)]
    (strip,) = shown
    for row, seed in zip(strip.rows, (3, 4), strict=True):
        made = [fast.create(seed=seed, slides={"principal-2": s}).image.tobytes() for s in (-2.0, 0.0, 2.0)]
        assert [image.tobytes() for image in row] == made
    assert strip.page().size == (2 + 3 * 26, 2 + 2 * 18)
    assert set(strip.changes) == {"light", "saturated", "contrast", "warm", "detailed"}
    paths = save_strips(shown, tmp_path / "strips")
    assert [path.name for path in paths] == ["overview.png", "principal-2.png"]
    with Image.open(paths[0]) as named, Image.open(paths[1]) as plain:
        assert named.width > plain.width, "the overview names its rows"


def test_all_directions_are_shown_unless_some_are_named(fast):
    find_directions(fast, count=3)
    shown = strips(fast, seeds=[1], strengths=[-1, 1])
    assert [strip.direction.name for strip in shown] == [f"principal-{number}" for number in (1, 2, 3)]
    assert overview(shown).height == 2 + 3 * 18
    for wrong in ({"seeds": []}, {"strengths": [1]}):
        with pytest.raises(UsageError, match="needs a seed"):
            strips(fast, **wrong)


def test_the_change_said_is_that_of_the_pixels(fast):
    """Along a direction found for light, light grows: by half the difference of the ends."""
    found = find_directions(fast, method="attribute")
    name = found[0].name
    (strip,) = strips(fast, [name], seeds=[1, 2, 3], strengths=[-1, 1])
    names, value = direction_search.looks(
        np.stack([np.asarray(image) for row in strip.rows for image in row])
    )
    column = names.index(name)
    _, usual = direction_search.looks(
        direction_search.draw_works(fast, direction_search.Drawn.of(fast, 64, seed=0))
    )
    slope = (value[1::2, column] - value[0::2, column]).mean() / 2 / usual[:, column].std()
    assert strip.changes[name] == pytest.approx(slope, rel=1e-4)
    assert f"{name} {slope:+.1f}" in strip.in_words


def test_grey_models_have_strips_too(fresh_model):
    grey = fresh_model("mlp", channels=1)
    find_directions(grey, count=1)
    assert strips(grey, seeds=[1], strengths=[-1, 1])[0].page().size == (2 + 2 * 26, 2 + 18)
