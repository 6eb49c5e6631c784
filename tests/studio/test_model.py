"""A model that can be played: works depend on their recipe alone."""

from __future__ import annotations

import json

import pytest
import torch

from huohua.errors import ModelError, UsageError
from huohua.studio.image_model import ImageModel
from huohua.studio.model import LONGEST_PROMPT
from huohua.studio.opening import load
from huohua.zoo import catalogue


def pixels(work):
    return work.image.tobytes()


def test_one_work_and_the_first_of_many_are_the_same(new_model):
    model = new_model()
    one = model.create(seed=7, subject="lemon")
    many = model.create(seed=7, subject="lemon", count=5)
    assert pixels(one) == pixels(many[0])
    assert pixels(many[3]) == pixels(model.create(seed=7, subject="lemon", count=4)[3])


def test_works_differ_from_one_another_and_from_seed_to_seed(new_model):
    model = new_model()
    works = [*model.create(seed=7, count=3), *model.create(seed=8, count=3)]
    assert len({pixels(work) for work in works}) == 6


def test_a_work_does_not_depend_on_the_number_of_threads(new_model):
    model = new_model()
    before = torch.get_num_threads()
    try:
        found = []
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found.append(pixels(model.create(seed=3)))
            assert torch.get_num_threads() == threads, "the caller's setting comes back"
    finally:
        torch.set_num_threads(before)
    assert found[0] == found[1]


def test_a_work_does_not_depend_on_what_was_drawn_before(new_model):
    model = new_model()
    torch.manual_seed(1)
    first = pixels(model.create(seed=3))
    torch.randn(100)
    assert pixels(model.create(seed=3)) == first
    assert pixels(ImageModel(model.folder).create(seed=3)) == first


def test_the_picture_has_the_size_and_colours_of_the_model(new_model):
    assert new_model().create().image.size == (24, 16)
    assert new_model("grey", channels=1).create().image.mode == "L"
    assert new_model("glass", channels=4).create().image.mode == "RGBA"


def test_the_recipe_says_how_and_the_origin_from_what(new_model, monkeypatch):
    monkeypatch.setenv("HUOHUA_PRODUCER", "0011234")
    model = new_model()
    work = model.create(seed=7, prompt="ripe lemons", truncation=0.5)
    recipe, origin = work.recipe, work.origin
    assert recipe.model_sha256 == model.config.weights_sha256
    assert (recipe.seed, recipe.index, recipe.options) == (7, 0, {"truncation": 0.5})
    asked = {group: recipe.conditions[group] for group in ("subject", "tags")}
    assert asked == {"subject": {"lemon": 1.0}, "tags": {"ripe": 1.0}}
    assert (origin.data, origin.data_licence, origin.content_producer) == ("fruit", "CC0-1.0", "0011234")


def test_conditions_change_the_picture(new_model):
    model = new_model()
    works = [model.create(seed=1, subject=name) for name in ("apple", "lemon")]
    mixed = model.create(seed=1, subject={"apple": 0.5, "lemon": 0.5})
    assert len({pixels(work) for work in (*works, mixed)}) == 3


def test_every_group_that_is_not_mentioned_is_drawn_because_training_never_left_one_empty(new_model):
    model = new_model()
    conditions = model.create(seed=3, subject="lemon").recipe.conditions
    assert set(conditions) == set(model.config.conditions.groups)
    assert all(sum(weights.values()) == 1.0 for weights in conditions.values())


def test_a_subject_that_is_not_asked_for_is_drawn_and_recorded(new_model):
    model = new_model()
    works = model.create(seed=5, count=30, style="monet")
    drawn = [next(iter(work.recipe.conditions["subject"])) for work in works]
    assert set(drawn) == {"apple", "lemon", "wild cherry"}
    assert all(work.recipe.conditions["style"] == {"monet": 1.0} for work in works)
    again = model.create(seed=5, count=30, style="monet")
    assert drawn == [next(iter(work.recipe.conditions["subject"])) for work in again]
    tag = works[0].recipe.conditions["tags"]
    asked = model.create(seed=5, style="monet", subject=drawn[0], tags=tag)
    assert pixels(asked) == pixels(works[0])


def test_an_empty_wish_leaves_the_subject_open(new_model):
    assert new_model().create(subject=[]).recipe.conditions["subject"] == {}


def test_what_a_condition_names_is_checked(new_model):
    with pytest.raises(UsageError, match="knows no subject 'lemno'") as caught:
        new_model().create(subject="lemno")
    assert caught.value.advice == "Did you mean lemon?"
    with pytest.raises(UsageError, match="no condition 'mood'"):
        new_model().create(mood="calm")


@pytest.mark.parametrize(
    "wrong",
    [
        *({"count": 0}, {"count": 10**9}, {"seed": -1}, {"seed": 2**63}, {"truncation": -0.1}),
        *({"truncation": float("nan")}, {"prompt": "lemon " * LONGEST_PROMPT}),
    ],
    ids=str,
)
def test_numbers_out_of_range_are_refused(new_model, wrong):
    with pytest.raises(UsageError):
        new_model().create(**wrong)


def test_truncation_moves_works_towards_one_another(new_model):
    model = new_model()

    def spread(truncation):
        works = model.create(
            seed=2, count=6, subject="apple", style="monet", tags="ripe", truncation=truncation
        )
        values = torch.tensor([list(pixels(work)) for work in works], dtype=torch.float32)
        return float(values.std(dim=0).mean())

    assert spread(0.0) == 0.0
    assert 0 < spread(0.3) < 0.7 * spread(1.0)


def test_a_copy_makes_the_same_works(new_model, tmp_path):
    model = new_model()
    copied = ImageModel(model.save(tmp_path / "copy"))
    assert copied.config.weights_sha256 == model.config.weights_sha256
    assert pixels(copied.create(seed=1)) == pixels(model.create(seed=1))


def test_a_model_that_training_replaced_is_read_anew(new_model):
    old = new_model(seed=1)
    new = new_model(seed=2)
    assert old.folder == new.folder
    assert old.create().recipe.model_sha256 == new.config.weights_sha256


def edit(model, **changes):
    path = model.folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"frame": {"height": 64, "width": 24, "channels": 3}}, "do not fit generator 'style'"),
        ({"generator": "styel"}, "no generator 'styel'"),
        ({"settings": {"widset": 8}}, "widset"),
        ({"art": "dance"}, "no art 'dance'"),
        ({"conditions": {"groups": {}}}, "do not fit generator"),
    ],
    ids=str,
)
def test_a_configuration_that_does_not_fit_the_weights_is_one_clear_error(new_model, changes, words):
    model = new_model()
    edit(model, **changes)
    with pytest.raises(ModelError, match=words):
        model.create(subject=[]) if "conditions" not in changes else ImageModel(model.folder).create()


def test_weights_that_are_not_numbers_never_become_a_picture(new_model, monkeypatch):
    model = new_model()
    for parameter in model.generator.parameters():
        parameter.data.fill_(float("nan"))
    with pytest.raises(ModelError, match="values that are not numbers"):
        model.create()


def test_without_a_name_the_latest_model_is_loaded(new_model, home):
    with pytest.raises(ModelError, match="There is no model yet"):
        load()
    catalogue.remember("one", new_model("one").folder)
    catalogue.remember("two", new_model("two", seed=2).folder)
    assert load().name == "two"
    assert load("one").name == "one"


def test_a_model_is_loaded_by_the_folder_of_its_run(new_model, home, tmp_path):
    model = new_model("run/model", name="")
    assert load(tmp_path / "run").folder == model.folder
    assert load(tmp_path / "run").name == "run"
