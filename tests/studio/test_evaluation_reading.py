"""Figures in words: the grade follows the floor and its margin, never the value alone."""

from __future__ import annotations

import pytest

from huohua.metrics.table import CLASS_METRICS, METRICS
from huohua.studio.evaluation import ClassFigures, Copies, Evaluation, Figure
from huohua.studio.evaluation_reading import amount, judge, margin, percent, read_figure
from huohua.studio.report_words import WORDS

EVERY = {**METRICS, **CLASS_METRICS}


def figure(name, value, floor=0.8, *, spread=0.02, floor_spread=0.02, works=100):
    better = EVERY[name].better
    return Figure(
        name=name,
        better=better,
        value=value,
        spread=spread,
        floor=floor,
        floor_spread=floor_spread,
        works=works,
    )


def evaluation(*figures, classes=(), telling=True):
    copies = Copies(
        threshold=0.8, telling=telling, power=0.9 if telling else 0.2, found={"crop": 0.9}, false_alarms=0.03,
        samples=100, works=100, nearest=(), similarity=(), real_similarity=(),
    )  # fmt: skip
    return Evaluation(
        model="m", model_sha256="", data="d", licence="", extractor="e", extractor_title="E", samples=200,
        works=200, measured=200, draws=10, seed=0, group="subject", figures={f.name: f for f in figures},
        classes=classes, copies=copies, notes=(), seconds=1.0, version="0", created="",
    )  # fmt: skip


GOOD = (figure("precision", 0.8), figure("recall", 0.8), figure("diversity_ratio", 1.0, floor=1.0))


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("value", [0.0, 0.1, 0.5, 0.81, 1.5, 40.0])
def test_every_figure_can_be_read_in_every_language(name, value, lang):
    light, sentence = read_figure(figure(name, value), lang)
    assert light in ("good", "watch", "trouble")
    assert sentence
    assert "{" not in sentence


def test_a_figure_within_its_margin_is_as_good_as_real_works():
    # The difference is 0.05, its standard deviation the root of 0.02² + 0.02², so 1.8 of them.
    assert read_figure(figure("precision", 0.75), "en") == (
        "good", "As many samples lie among the works as works set aside do, as far as this network sees."
    )  # fmt: skip
    light, sentence = read_figure(figure("precision", 0.75, spread=0.001, floor_spread=0.001), "en")
    assert light == "good"  # 94 % of what works reach is no worry, but it is said
    assert sentence.startswith("75% of the samples lie among the works")


@pytest.mark.parametrize(
    ("name", "value", "light"),
    [
        ("precision", 0.6, "good"),
        ("precision", 0.5, "watch"),
        ("precision", 0.1, "trouble"),
        ("recall", 0.45, "good"),
        ("recall", 0.2, "watch"),
        ("recall", 0.05, "trouble"),
        ("density", 0.3, "watch"),
        ("density", 1.3, "watch"),
        ("coverage", 0.05, "trouble"),
        ("diversity_ratio", 0.6, "good"),
        ("diversity_ratio", 0.4, "watch"),
        ("diversity_ratio", 0.2, "trouble"),
        ("diversity_ratio", 1.5, "watch"),
    ],
)
def test_the_light_follows_the_share_of_the_floor(name, value, light):
    assert read_figure(figure(name, value), "en")[0] == light


def test_a_distance_is_read_in_units_of_what_chance_does():
    near = figure("frechet", 105.0, floor=100.0, spread=3.0, floor_spread=3.0)
    far = figure("frechet", 300.0, floor=100.0, spread=3.0, floor_spread=3.0)
    assert read_figure(near, "en")[1].startswith("As near to the works as two halves")
    assert read_figure(far, "en") == (
        "watch", "3 times as far from the works as two halves of them are from each other."
    )  # fmt: skip
    # A kernel distance may have a floor of 0 or below; its margin stands in: 0.3 over 0 + 2 * 0.05.
    kernel = figure("kernel", 0.3, floor=0.0, spread=0.03, floor_spread=0.04)
    assert "3 times as far" in read_figure(kernel, "en")[1]
    odd = figure("kernel", 0.3, floor=-0.2, spread=0.03, floor_spread=0.04)
    assert read_figure(odd, "en")[0] == "watch"


def test_copies_are_called_so_only_far_beyond_chance():
    few = figure("copy_rate", 0.08, floor=0.04, spread=0.02, floor_spread=0.01)
    many = figure("copy_rate", 0.30, floor=0.04, spread=0.02, floor_spread=0.01)
    assert read_figure(few, "en")[0] == "good"
    assert read_figure(many, "en") == (
        "trouble", "30% of the samples are as close to a work as copies are; of works 4.0%."
    )  # fmt: skip
    light, sentence = read_figure(many, "en", telling=False, power=0.2)
    assert light == "watch"
    assert "only 20% of known near-copies" in sentence


def test_what_was_not_measured_says_why():
    missing = Figure(name="coverage", better="higher", reason="There are too few works.")
    assert read_figure(missing, "en") == ("watch", "Cannot be measured: There are too few works.")


def test_a_good_model_is_told_to_be_good():
    verdict = judge(evaluation(*GOOD), "en")
    assert verdict.light == "good"
    assert verdict.summary.startswith("The figures hardly tell samples from works")
    assert verdict.advice == ("Look at the least typical samples and the nearest works before you use it.",)


def test_the_worst_comes_first_and_likeness_is_always_told():
    verdict = judge(
        evaluation(
            figure("precision", 0.6),
            figure("diversity_ratio", 0.5, floor=1.0),
            figure("copy_rate", 0.5, floor=0.02),
        ),
        "en",
    )
    assert verdict.light == "trouble"
    said = ["Copies: 50%", "Samples are less varied than the works: 50%", "60% of the samples lie among"]
    places = [verdict.summary.index(sentence) for sentence in said]
    assert places == sorted(places)
    assert verdict.advice[0].startswith("Look at the nearest works before you share anything")


def test_narrow_reach_is_bad_only_where_works_have_no_samples_nearby():
    narrow = figure("recall", 0.01)
    alone = judge(evaluation(figure("precision", 0.8), narrow, figure("coverage", 0.1)), "en")
    nearby = judge(evaluation(figure("precision", 0.8), narrow, figure("coverage", 0.8)), "en")
    assert (alone.light, nearby.light) == ("trouble", "watch")


def test_more_variety_than_real_works_have_is_noise_and_not_good():
    assert (
        "as noise does"
        in judge(evaluation(*GOOD[:2], figure("perceptual_ratio", 1.6, floor=1.0)), "en").summary
    )


def test_the_least_of_the_varieties_counts():
    within = figure("within_class_ratio", 0.3, floor=1.0)
    assert judge(evaluation(*GOOD, within), "en").light == "trouble"


def test_crowds_that_are_apart_are_said_to_be_so_and_not_praised():
    far = figure("frechet", 150.0, floor=100.0, spread=3.0, floor_spread=3.0)
    verdict = judge(evaluation(*GOOD, far), "en")
    assert verdict.light == "watch"
    assert "1.5 times as far from the works as two halves" in verdict.summary
    assert "hardly tell" not in verdict.summary
    kernel = figure("kernel", 0.3, floor=0.0)
    assert "hardly tell" not in judge(evaluation(*GOOD, kernel), "en").summary


def test_copies_that_cannot_be_told_are_no_accusation():
    verdict = judge(evaluation(*GOOD, figure("copy_rate", 0.5, floor=0.02), telling=False), "en")
    assert verdict.light == "good"
    assert "cannot be told here" in verdict.summary


def test_the_weakest_classes_are_named():
    shares = {"apple": 0.8, "pear": 0.7, "plum": 0.1}
    classes = [
        ClassFigures(name=name, works=20, samples=20, figures={"precision": figure("precision", value)})
        for name, value in shares.items()
    ]
    verdict = judge(evaluation(*GOOD, classes=classes), "en")
    assert verdict.summary.endswith("Weakest: plum.")


def test_nothing_measured_is_said_and_not_judged():
    missing = Figure(name="precision", better="higher", reason="There are too few works.")
    assert judge(evaluation(missing), "en").summary == "There are too few works or samples for figures."


@pytest.mark.parametrize(
    ("number", "words"), [(0.0, "0%"), (0.004, "0.4%"), (0.074, "7.4%"), (0.85, "85%"), (1.0, "100%")]
)
def test_shares_are_written_with_the_digits_that_count(number, words):
    assert percent(number) == words


def test_numbers_are_written_with_the_digits_that_count():
    assert [amount(number) for number in (0.114233, 421.4, 12345.6, -0.000825)] == [
        "0.114", "421", "12346", "-0.000825"
    ]  # fmt: skip
    assert [margin(number) for number in (0.01371, 14.4, 123.4)] == ["0.014", "14", "123"]
