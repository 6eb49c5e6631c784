"""A fresh reader tells what differs and does not tell what does not."""

from __future__ import annotations

import random

from huohua.arts.text.metrics.fresh_reader import told_apart


def texts(seed, low, high):
    dice = random.Random(seed)
    return [[dice.randrange(low, high) for _ in range(12)] for _ in range(160)]


def test_texts_of_one_kind_are_not_told_apart():
    assert 0.35 < told_apart(texts(0, 0, 20), texts(1, 0, 20), vocabulary=20, rounds=40, longest=12) < 0.65


def test_texts_of_two_kinds_are_told_apart():
    assert told_apart(texts(0, 0, 20), texts(1, 10, 20), vocabulary=20, rounds=40, longest=12) > 0.9


def test_the_same_seed_gives_the_same_figure():
    real, written = texts(0, 0, 20), texts(1, 5, 20)
    first, again = (told_apart(real, written, vocabulary=20, rounds=5, longest=12) for _ in range(2))
    assert first == again
