"""The strength of augmentation."""

from __future__ import annotations

import inspect
import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from huohua.adversarial.augmentation import Adaptation, AdaptiveStrength

SURE, UNSURE = torch.ones(10, 2), torch.tensor([[1.0, -1.0]] * 10)


def play(control: AdaptiveStrength, score_BS: torch.Tensor, rounds: int, works: int = 100) -> None:
    for _ in range(rounds):
        control.observe(score_BS)
        control.update(works)


def test_a_sure_discriminator_takes_the_strength_to_one_in_the_given_time():
    control = AdaptiveStrength(Adaptation(kimg_to_full=10))
    play(control, SURE, rounds=48)
    assert control.strength == pytest.approx(0.48)
    play(control, SURE, rounds=52)
    assert control.strength == pytest.approx(1.0)
    play(control, SURE, rounds=40)
    assert control.strength == 1.0


def test_an_unsure_discriminator_takes_the_strength_down():
    control = AdaptiveStrength(Adaptation(kimg_to_full=10, start=0.5))
    play(control, UNSURE, rounds=8)
    assert control.strength == pytest.approx(0.5 - 0.08)
    assert control.sign == 0.0


def test_the_strength_changes_only_every_few_rounds():
    control = AdaptiveStrength(Adaptation(kimg_to_full=10, adjust_every=4))
    seen = []
    for _ in range(9):
        play(control, SURE, rounds=1)
        seen.append(control.strength)
    assert seen == pytest.approx([0, 0, 0, 0.04, 0.04, 0.04, 0.04, 0.08, 0.08])


def test_the_sign_is_the_mean_over_all_scores_of_those_rounds():
    control = AdaptiveStrength(Adaptation(adjust_every=2))
    control.observe(torch.tensor([[5.0, 0.1, -0.1, 0.0]]))  # signs 1, 1, -1, 0
    control.update(1)
    control.observe(torch.tensor([[2.0], [3.0]]))  # signs 1, 1
    control.update(1)
    assert control.sign == pytest.approx(3 / 6)


def test_a_mean_sign_counted_elsewhere_weighs_as_one_round():
    control = AdaptiveStrength(Adaptation(kimg_to_full=1, adjust_every=2))
    for sign in (1.0, 0.5):
        control.observe_mean(sign)
        control.update(50)
    assert control.sign == pytest.approx(0.75)
    assert control.strength == pytest.approx(0.1)


def test_a_sign_at_the_target_leaves_the_strength_alone():
    control = AdaptiveStrength(Adaptation(target=0.5, start=0.3, adjust_every=1))
    play(control, torch.tensor([[1.0, 1.0, 1.0, -1.0]]), rounds=5)
    assert control.strength == 0.3


def test_old_scores_are_forgotten_after_an_adjustment():
    control = AdaptiveStrength(Adaptation(adjust_every=1))
    play(control, SURE, rounds=1)
    play(control, -SURE, rounds=1)
    assert control.sign == -1


def test_without_scores_the_strength_stays():
    control = AdaptiveStrength(Adaptation(start=0.4, adjust_every=1))
    control.update(1000)
    assert control.strength == 0.4


def test_equal_bounds_fix_the_strength():
    control = AdaptiveStrength(Adaptation(start=0.7, minimum=0.7, maximum=0.7, adjust_every=1))
    for score_BS in (SURE, -SURE):
        play(control, score_BS, rounds=3)
        assert control.strength == 0.7


@given(st.lists(st.booleans(), max_size=40))
def test_the_strength_stays_within_its_bounds(sure):
    control = AdaptiveStrength(
        Adaptation(kimg_to_full=0.5, start=0.4, minimum=0.2, maximum=0.8, adjust_every=1)
    )
    for is_sure in sure:
        play(control, SURE if is_sure else -SURE, rounds=1)
        assert 0.2 <= control.strength <= 0.8


@pytest.mark.parametrize("rounds", [0, 1, 4, 6])
def test_a_controller_restored_from_a_file_goes_on_as_if_nothing_had_happened(rounds):
    settings = Adaptation(kimg_to_full=10)
    first, second = AdaptiveStrength(settings), AdaptiveStrength(settings)
    play(first, SURE, rounds=rounds)
    second.load(json.loads(json.dumps(first.state())))
    for control in (first, second):
        play(control, UNSURE, rounds=1)
        play(control, SURE, rounds=6)
    assert first.state() == second.state()
    assert first.strength > 0


def test_a_state_with_a_number_missing_is_refused():
    control = AdaptiveStrength()
    with pytest.raises(KeyError, match="strength"):
        control.load({})


def test_observing_keeps_no_graph():
    score_BS = torch.ones(2, 1, requires_grad=True) * 2
    control = AdaptiveStrength(Adaptation(adjust_every=1))
    control.observe(score_BS)
    control.update(2)
    assert isinstance(control.sign, float)
    assert control.sign == 1.0


@pytest.mark.parametrize(
    "settings",
    [
        {"start": 0.5, "maximum": 0.4},
        {"start": 0.1, "minimum": 0.2},
        {"kimg_to_full": 0},
        {"target": 1.5},
        {"adjust_every": 0},
        {"maximum": 1.1},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(ValidationError):
        Adaptation(**settings)


def test_the_controller_names_its_source():
    assert "Source: " in inspect.getdoc(AdaptiveStrength)
