"""Completing wishes: groups left open come from works that have what was wished for."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.conditions.typical import completed, typical, weights_of

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


TWO_ENDS = Scale(low=-1, middle=0, high=1)
MEASURED = ConditionSpace(
    groups={"subject": ("lemon", "plum"), "colour_top": ("blue", "white"), "look": ("light", "warm")},
    scales={
        "colour_top": {"blue": Scale(high=1.0), "white": Scale(high=0.5)},
        "look": {"light": TWO_ENDS, "warm": TWO_ENDS},
    },
)
BLUEST = {"subject": ("plum",), "colour_top": "blue 0.9, white 0.6", "look": "light 0.2, warm -0.7"}
BLUISH = {"subject": ("plum",), "colour_top": "blue 0.4", "look": "light -1"}
PALE = {"subject": ("lemon",), "colour_top": "white 1", "look": "light 0.9, warm 0.1"}


def test_measured_works_are_kept_with_their_amounts():
    row = [1, 0, 0.904, 0.02, -1, 0.5]
    (kept,) = typical(np.array([row], dtype=np.float32), MEASURED, dice())
    assert kept == {"subject": ("lemon",), "colour_top": "blue 0.9", "look": "light -1, warm 0.5"}
    assert weights_of(kept, "colour_top") == {"blue": 0.9}
    assert weights_of(kept, "tags") == {}


def test_measured_groups_alone_are_worth_keeping():
    space = ConditionSpace(groups={"look": ("light",)}, scales={"look": {"light": TWO_ENDS}})
    kept = typical(np.linspace(-1, 1, 5, dtype=np.float32)[:, None], space, dice())
    assert len(kept) == 5


def test_a_measured_wish_is_completed_from_works_that_are_near_it():
    seen = [
        completed({"colour_top": {"blue": 1.0}}, MEASURED, (BLUISH, BLUEST, PALE), dice(s)) for s in range(12)
    ]
    assert all(whole["look"] == {"light": 0.2, "warm": -0.7} for whole in seen)
    assert all(whole["subject"] == {"plum": 1.0} for whole in seen)


def test_names_of_a_measured_group_left_open_are_filled_in_too():
    whole = completed({"look": {"light": 0.8}}, MEASURED, (BLUEST, BLUISH, PALE), dice())
    assert whole["look"] == {"light": 0.8, "warm": 0.1}


def test_other_colours_make_room_for_those_wished_for():
    whole = completed({"colour_top": {"blue": 0.95}}, MEASURED, (BLUEST,), dice())
    # White of weight 0.6 covers (0.6 · 0.5)² = 0.09 and blue of 0.95 leaves 0.0975: room enough.
    assert whole["colour_top"] == {"white": 0.6, "blue": 0.95}
    whole = completed({"colour_top": {"blue": 0.99}}, MEASURED, (BLUEST,), dice())
    # Blue of 0.99 leaves 0.0199, of which white gets all: 0.6 · (0.0199 / 0.09)^½ = 0.28.
    assert whole["colour_top"] == {"white": pytest.approx(0.28), "blue": 0.99}


def test_amounts_that_are_no_shares_make_no_room():
    scales = {"density": Scale(low=0.5, middle=0.5, high=2.0), "register": Scale(low=48, middle=48, high=72)}
    space = ConditionSpace(groups={"control": ("density", "register")}, scales={"control": scales})
    known = [{"control": "density 0.4, register 0.9"}]
    found = completed({"control": {"density": 1.0}}, space, known, np.random.default_rng(0))
    assert found == {"control": {"register": 0.9, "density": 1.0}}


def test_a_label_counts_more_than_amounts():
    known = [PALE, *[BLUEST | {"look": f"light {-number / 100}"} for number in range(20)]]
    wish = {"subject": {"lemon": 1.0}, "colour_top": {"blue": 1.0}}
    for seed in range(10):
        assert completed(wish, MEASURED, known, dice(seed))["look"] == {"light": 0.9, "warm": 0.1}


def test_works_that_are_almost_as_near_take_turns():
    known = [BLUEST | {"look": f"warm {number / 10:g}"} for number in range(1, 9)]
    wish = {"colour_top": {"blue": 0.9}}
    seen = {completed(wish, MEASURED, known, dice(seed))["look"]["warm"] for seed in range(80)}
    assert len(seen) == 8


def test_without_known_works_nothing_measured_is_made_up():
    whole = completed({"look": {"light": 0.5}}, MEASURED, (), dice())
    assert whole["look"] == {"light": 0.5}
    assert set(whole) == {"look", "subject"}


def test_what_a_stranger_wrote_into_a_model_is_read_with_care():
    odd = {"colour_top": "blue nan, white 0.5, sky 1, 7, , blue x", "look": "light inf"}
    whole = completed({}, MEASURED, (odd,), dice())
    assert whole == {"subject": {}, "colour_top": {"white": 0.5}, "look": {}}
    assert MEASURED.encode(whole) == [0, 0, 0, 0.5, 0, 0]
