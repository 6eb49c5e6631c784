"""Breeding and the places of a grid: whose children they are, and what may not change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.randomness import numpy_generator
from huohua.steer.breeding import bred, crossed, most_different, mutated
from huohua.steer.slots import GRID, best_for, proposed
from huohua.steer.survey import survey
from huohua.steer.taste import taste
from toys.toy_medium import ToyMedium

MEDIUM = ToyMedium()
PARENTS = np.array([[1.0] * 6, [2.0] * 6, [3.0] * 6])


def test_a_crossover_takes_groups_whole_and_each_from_a_parent():
    seen = {tuple(crossed(PARENTS, MEDIUM.groups, numpy_generator(n, "x"))) for n in range(100)}
    assert {child[:4] for child in seen} == {(p,) * 4 for p in (1.0, 2.0, 3.0)}
    assert {child[4:] for child in seen} == {(p,) * 2 for p in (1.0, 2.0, 3.0)}
    assert len(seen) == 9


def test_one_group_is_crossed_number_by_number():
    child_D = crossed(PARENTS, {"all": (0, 6)}, numpy_generator(0, "x"))
    assert set(child_D) <= {1.0, 2.0, 3.0} and len(set(child_D)) > 1


@given(st.floats(0, 1))
def test_mutations_keep_the_spread_that_the_model_draws(strength):
    random = numpy_generator(4, "normal")
    one_ND, other_ND = random.standard_normal((2, 4000, 2)) + 7.0
    child_ND = mutated(one_ND, other_ND, strength, np.full(2, 7.0))
    assert np.allclose(child_ND.std(0), 1.0, atol=0.05)
    assert np.allclose(child_ND.mean(0), 7.0, atol=0.06)


def test_no_mutation_gives_the_parents_and_a_full_one_gives_strangers():
    random = numpy_generator(5, "bred")
    assert set(bred(MEDIUM, PARENTS, 9, random, mutation=0.0).ravel()) <= {1.0, 2.0, 3.0}
    assert not np.isin(bred(MEDIUM, PARENTS, 9, random, mutation=1.0), PARENTS).any()


def test_diversity_keeps_children_farther_apart():
    def nearest(diversity: float) -> float:
        child_ND = bred(MEDIUM, PARENTS[:1], 9, numpy_generator(6, "bred"), diversity=diversity)
        apart_NN = np.linalg.norm(child_ND[:, None] - child_ND[None], axis=2) + 99 * np.eye(9)
        return float(apart_NN.min())

    assert nearest(1.0) > 1.2 * nearest(0.0)


def test_the_most_different_are_found_as_by_trying():
    point_ND = numpy_generator(7, "points").standard_normal((12, 2))
    kept = most_different(point_ND, 4, beside_MD=np.zeros((1, 2)))
    beside = [np.zeros(2)]
    for each in kept:
        distances = [min(np.linalg.norm(p - b) for b in beside) for p in point_ND]
        assert each == int(np.argmax(distances))
        beside.append(point_ND[each])


def test_no_work_takes_two_places():
    assert best_for(np.ones((3, 1)), np.array([[3.0], [1.0], [2.0]])) == [0, 2, 1]


@pytest.mark.parametrize("locks", [(), ("shape",), ("shape", "colour")])
def test_a_round_has_the_incumbent_first_and_locks_hold_in_every_place(locks):
    known = survey(MEDIUM, numpy_generator(0, "survey"), count=60)
    belief = taste([], known.share_K)
    random = numpy_generator(8, "round")
    found = proposed(MEDIUM, known, belief, PARENTS, random, rounds=3, locks=locks)
    assert found.slots == GRID and found.point_MD.shape == (9, 6)
    assert (found.point_MD[0] == PARENTS[0]).all()
    free = [
        number
        for name, (first, end) in MEDIUM.groups.items()
        if name not in locks
        for number in range(first, end)
    ]
    held = [number for number in range(6) if number not in free]
    assert (found.point_MD[:, held] == PARENTS[0, held]).all()
    assert all(len(np.unique(found.point_MD[:, number])) == 9 for number in free)


def test_the_work_for_exploiting_is_worth_more_than_chance_would_have_it():
    known = survey(MEDIUM, numpy_generator(0, "survey"), count=200)
    from huohua.steer.choices import picked

    random, wins = numpy_generator(9, "rounds"), 0
    for _ in range(20):
        point_MD = MEDIUM.draw(9, random)
        feature_MF = MEDIUM.features(point_MD)
        choice = picked(known.place(point_MD, feature_MF), int(feature_MF[:, 0].argmax()))
        found = proposed(MEDIUM, known, taste([choice] * 5, known.share_K), point_MD[:1], random, rounds=0)
        red_M = MEDIUM.features(found.point_MD)[:, 0]
        wins += red_M[1] > np.median(red_M)
    assert wins >= 15
