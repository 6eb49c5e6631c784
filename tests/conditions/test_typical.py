"""Completing wishes: groups left open come from works that have what was wished for."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.conditions.space import ConditionSpace
from huohua.conditions.typical import completed, typical

SPACE = ConditionSpace(
    groups={"subject": ("lemon", "plum"), "style": ("ink", "oil"), "tags": ("blue", "sour", "yellow")}
)
LEMON = {"subject": ("lemon",), "style": ("oil",), "tags": ("sour", "yellow")}
PLUM = {"subject": ("plum",), "style": ("ink",), "tags": ("blue",)}
BARE = {"subject": ("plum",), "style": ("oil",)}
KNOWN = (LEMON, PLUM, BARE)


def dice(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def rows(*combinations: dict[str, tuple[str, ...]]) -> np.ndarray:
    return np.array([SPACE.encode(combination) for combination in combinations], dtype=np.float32)


def test_a_wish_is_completed_from_a_work_that_has_it():
    whole = completed({"subject": {"lemon": 1.0}}, SPACE, KNOWN, dice())
    assert whole == {
        "subject": {"lemon": 1.0},
        "style": {"oil": 1.0},
        "tags": {"sour": 1.0, "yellow": 1.0},
    }


def test_works_that_fit_alike_take_turns_and_a_group_they_lack_stays_empty():
    seen = [completed({"subject": {"plum": 1.0}}, SPACE, KNOWN, dice(seed)) for seed in range(20)]
    assert {tuple(whole["tags"]) for whole in seen} == {("blue",), ()}


def test_the_work_that_has_more_of_the_wish_is_preferred():
    wish = {"subject": {"lemon": 0.2, "plum": 0.8}, "style": {"oil": 1.0}}
    for seed in range(10):
        assert completed(wish, SPACE, KNOWN, dice(seed)) == wish | {"tags": {}}


def test_what_was_wished_for_is_never_changed():
    wish = {"subject": {"plum": -0.5}, "style": {}, "tags": {"yellow": 0.3}}
    assert completed(wish, SPACE, KNOWN, dice()) == wish
    assert completed(wish, SPACE, (), dice()) == wish


def test_nothing_wished_for_is_any_work():
    seen = [completed({}, SPACE, KNOWN, dice(seed)) for seed in range(40)]
    assert len({str(whole) for whole in seen}) == len(KNOWN)


def test_without_known_works_a_name_of_each_group_is_drawn():
    seen = [completed({"style": {"ink": 1.0}}, SPACE, (), dice(seed)) for seed in range(40)]
    assert all(whole["style"] == {"ink": 1.0} for whole in seen)
    assert {tuple(whole["tags"]) for whole in seen} == {("blue",), ("sour",), ("yellow",)}


def test_each_combination_is_kept_once():
    kept = typical(rows(LEMON, PLUM, LEMON, BARE, PLUM), SPACE, dice())
    assert sorted(map(str, kept)) == sorted(map(str, KNOWN))


@pytest.mark.parametrize("seed", range(5))
def test_combinations_with_new_names_go_first(seed):
    many = [PLUM | {"tags": tags} for tags in [(), ("blue",), ("blue", "sour"), ("sour",)]] * 5
    kept = typical(rows(*many, LEMON), SPACE, dice(seed), most=4)
    assert {name for combination in kept for names in combination.values() for name in names} == {
        name for names in SPACE.groups.values() for name in names
    }


def test_one_group_alone_has_no_combinations():
    space = ConditionSpace(groups={"subject": ("lemon", "plum")})
    assert typical(np.eye(2, dtype=np.float32), space, dice()) == ()
    assert typical(np.zeros((3, 0), dtype=np.float32), ConditionSpace(), dice()) == ()
