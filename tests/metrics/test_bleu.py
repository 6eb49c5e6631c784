"""BLEU by hand and against a slow twin."""

from __future__ import annotations

import math
import random

import pytest

from huohua.metrics.bleu import References, mean_bleu, self_bleu


def slow_bleu(text, references, size):
    """The definition, every reference counted anew."""
    logs = 0.0
    for n in range(1, size + 1):
        own = [tuple(text[i : i + n]) for i in range(len(text) - n + 1)]
        if not own:
            return 0.0
        hits = 0
        for gram in set(own):
            most = 0
            for other in references:
                most = max(most, sum(tuple(other[i : i + n]) == gram for i in range(len(other) - n + 1)))
            hits += min(own.count(gram), most)
        logs += math.log((hits if hits else 0.1) / len(own)) / size
    closest = sorted((abs(len(other) - len(text)), len(other)) for other in references)[0][1]
    penalty = 1.0 if len(text) >= closest else math.exp(1 - closest / len(text))
    return penalty * math.exp(logs)


def test_bleu_by_hand():
    # Of "abx" two of three letters and one of two pairs are known: sqrt(2/3 * 1/2), no penalty.
    assert mean_bleu(["abx"], ["abc"], 2) == pytest.approx(math.sqrt(1 / 3))
    # Of "ab" all is known, but it is one letter short of "abc": exp(1 - 3/2).
    assert mean_bleu(["ab"], ["abc"], 2) == pytest.approx(math.exp(-0.5))


def test_bleu_agrees_with_its_definition():
    dice = random.Random(0)
    texts = ["".join(dice.choices("abcd", k=dice.randrange(3, 12))) for _ in range(12)]
    references = ["".join(dice.choices("abcde", k=dice.randrange(3, 12))) for _ in range(20)]
    against = References(references, 4)
    for text in texts:
        assert against.bleu(text) == pytest.approx(slow_bleu(text, references, 4), abs=1e-12)


def test_self_bleu_leaves_each_text_out_of_its_own_references():
    dice = random.Random(1)
    texts = ["".join(dice.choices("abc", k=dice.randrange(4, 10))) for _ in range(15)]
    slow = [slow_bleu(text, texts[:n] + texts[n + 1 :], 3) for n, text in enumerate(texts)]
    assert self_bleu(texts, 3) == pytest.approx(sum(slow) / len(slow), abs=1e-12)
    assert self_bleu(["abcd"] * 5, 4) == pytest.approx(1.0)
