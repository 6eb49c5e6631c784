from __future__ import annotations

import threading
import time

import pytest

from huohua.arts.image.datasets.pool import in_order, processors


@pytest.mark.parametrize("threads", [1, 2, 5, None])
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 100])
def test_answers_come_in_the_order_of_the_questions(threads, count):
    def slow_at_first(number):
        time.sleep(0.002 if number % 8 == 0 else 0)
        return number * number

    assert list(in_order(slow_at_first, range(count), threads=threads)) == [n * n for n in range(count)]


def test_few_answers_are_held_at_once():
    asked = []
    answers = in_order(lambda number: asked.append(number) or number, range(10_000), threads=2)
    assert next(answers) == 0
    time.sleep(0.02)
    assert len(asked) <= 8 * 6
    answers.close()


def test_an_error_reaches_the_caller():
    def fail(number):
        raise ValueError(f"no {number}")

    with pytest.raises(ValueError, match=r"no 0"):
        list(in_order(fail, range(50), threads=3))


def test_leaving_early_leaves_no_thread_behind():
    before = threading.active_count()
    for answer in in_order(lambda number: number, range(1000), threads=4):
        if answer == 3:
            break
    assert threading.active_count() <= before + 4
    time.sleep(0.05)
    assert processors() >= 1
