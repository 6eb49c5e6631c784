"""The language model of counts: by hand, as a distribution, and as a judge."""

from __future__ import annotations

import math
import random

import pytest

from huohua.metrics.ngram_model import BEGIN, END, NgramModel, lm_and_reverse


def test_two_texts_by_hand():
    """Taught on "ab" and "ac" with pairs, discount 1/2 and four tokens (a, b, c, end)."""
    model = NgramModel(["ab", "ac"], size=2, vocabulary=4, discount=0.5)
    # Pairs: (begin, a) twice; (a, b), (a, c), (b, end), (c, end) once. Ways: a 1, b 1, c 1, end 2, of 5.
    unigram_b = (1 - 0.5) / 5 + 0.5 * 4 / 5 / 4
    assert model.chance(("a",), "b") == pytest.approx((1 - 0.5) / 2 + 0.5 * 2 / 2 * unigram_b)
    unigram_end = (2 - 0.5) / 5 + 0.5 * 4 / 5 / 4
    assert model.chance(("b",), END) == pytest.approx(0.5 + 0.5 * unigram_end)
    assert model.chance(("z",), "z") == pytest.approx(0.5 * 4 / 5 / 4)  # unseen after unseen


@pytest.mark.parametrize("size", [1, 2, 4])
def test_chances_of_all_tokens_add_up_to_one(size):
    dice = random.Random(0)
    texts = ["".join(dice.choices("abcd", k=9)) for _ in range(20)]
    model = NgramModel(texts, size=size, vocabulary=5)
    for context in ("abcd", "ddda", "zzzz"):
        total = sum(model.chance(tuple(context)[: size - 1], token) for token in [*"abcd", END])
        assert total == pytest.approx(1.0)
    assert sum(model.chance((BEGIN,) * (size - 1), token) for token in [*"abcd", END]) == pytest.approx(1.0)


def test_the_nats_of_a_text_are_those_of_its_tokens_and_its_end():
    model = NgramModel(["ab"], size=2, vocabulary=3)
    chances = [model.chance((BEGIN,), "a"), model.chance(("a",), "b"), model.chance(("b",), END)]
    assert model.nats("ab") == pytest.approx([-math.log(chance) for chance in chances])


def test_quality_and_diversity_tell_repeating_from_noise():
    dice = random.Random(3)

    def sentence():
        return [dice.choice("abc"), dice.choice("xyz"), dice.choice("mno"), dice.choice("xyz")]

    taught, unseen, fresh = ([sentence() for _ in range(300)] for _ in range(3))
    noise = [dice.choices("abcxyzmno", k=4) for _ in range(300)]
    measure = {
        name: lm_and_reverse(some, taught, unseen, size=3, vocabulary=10)
        for name, some in {"real": fresh, "repeated": [taught[0]] * 300, "noise": noise}.items()
    }
    assert measure["noise"][0] > measure["real"][0] + 0.5
    assert measure["repeated"][0] < measure["real"][0] + 0.1
    assert measure["repeated"][1] > measure["real"][1] + 1.0
