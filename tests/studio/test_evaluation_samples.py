"""Samples of an evaluation: asked for what works have, filled in where works say nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from huohua.conditions.space import ConditionSpace
from huohua.studio.evaluation_samples import BATCH, Samples, classes_of, conditions_like
from huohua.zoo.format import ModelConfig

SPACE = ConditionSpace(groups={"tags": ("red", "ripe"), "subject": ("apple", "lemon"), "empty": ()})


def config(**changes):
    fields = {"art": "image", "generator": "style", "latent": 8, "height": 16, "width": 24, "channels": 3}
    return ModelConfig(**{**fields, "conditions": SPACE, **changes})


def rows(*names):
    """Return condition_NC of works that have these names."""
    places = {name: place for (_, name), place in SPACE.places().items()}
    condition_NC = np.zeros((len(names), SPACE.size), dtype=np.float32)
    for row, of_row in enumerate(names):
        condition_NC[row, [places[name] for name in of_row]] = 1
    return condition_NC


def test_every_work_is_asked_after_once_before_any_is_twice():
    asked_NC = rows(*[("red", "apple")] * 5)
    work_N, condition_NC = conditions_like(asked_NC, config(), count=13, seed=0)
    assert sorted(work_N[:5]) == sorted(work_N[5:10]) == [0, 1, 2, 3, 4]
    assert len(set(work_N[10:].tolist())) == 3
    assert condition_NC.tolist() == [asked_NC[0].tolist()] * 13


def test_samples_are_asked_for_what_their_works_have():
    asked_NC = rows(("red", "apple"), ("ripe", "lemon"), ("red", "ripe", "lemon"))
    work_N, condition_NC = conditions_like(asked_NC, config(), count=9, seed=0)
    assert (condition_NC == asked_NC[work_N]).all()
    assert asked_NC.sum() == 7  # and what works have is left as it was


def test_what_a_work_leaves_open_is_filled_in_as_in_a_work_that_fits():
    known = ({"subject": ("apple",), "tags": ("red",)}, {"subject": ("lemon",), "tags": ("ripe",)})
    _, condition_NC = conditions_like(rows(("lemon",)), config(typical=known), count=4, seed=0)
    assert condition_NC.tolist() == [rows(("ripe", "lemon"))[0].tolist()] * 4


def test_works_without_labels_are_filled_in_whole():
    known = ({"subject": ("apple",), "tags": ("red",)}, {"subject": ("lemon",), "tags": ("ripe",)})
    _, condition_NC = conditions_like(rows(*[()] * 30), config(typical=known), count=30, seed=0)
    found = {tuple(row) for row in condition_NC.tolist()}
    assert found == {tuple(rows(("red", "apple"))[0]), tuple(rows(("ripe", "lemon"))[0])}


def test_a_model_without_conditions_is_asked_for_nothing():
    plain = config(conditions=ConditionSpace())
    _, condition_NC = conditions_like(np.zeros((3, 0), dtype=np.float32), plain, count=5, seed=0)
    assert condition_NC.shape == (5, 0)


def test_the_subject_leads_and_works_without_one_have_no_class():
    group, names = classes_of(rows(("red", "lemon"), ("red",), ("apple", "lemon")), SPACE)
    assert (group, names) == ("subject", ["lemon", "", "apple"])


def test_a_group_that_no_work_has_does_not_lead():
    assert classes_of(rows(("red",), ("ripe",)), SPACE) == ("tags", ["red", "ripe"])
    assert classes_of(rows((), ()), SPACE) == ("", ["", ""])


def test_samples_are_the_same_taken_alone_and_among_others(new_model):
    model = new_model()
    condition_NC = np.zeros((2 * BATCH, model.config.conditions.size), dtype=np.float32)
    condition_NC[:, 0] = 1
    samples = Samples(model, condition_NC, seed=3)
    many = samples.take(range(BATCH + 5))
    assert torch.allclose(samples.take([BATCH + 2])[0], many[BATCH + 2], atol=1e-5)
    assert not torch.allclose(many[0], many[1], atol=1e-2)
    assert len(samples) == 2 * BATCH


@pytest.mark.parametrize("seed", [0, 1])
def test_another_seed_gives_other_samples(new_model, seed):
    model = new_model()
    condition_NC = np.zeros((1, model.config.conditions.size), dtype=np.float32)
    first, other = (Samples(model, condition_NC, seed=each).take([0]) for each in (seed, seed + 1))
    assert not torch.equal(first, other)
