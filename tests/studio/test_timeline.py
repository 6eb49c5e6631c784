from __future__ import annotations

import re

from huohua.adversarial.events import Finished, Progress, RolledBack, Started, Warned
from huohua.studio.history import settle
from huohua.studio.timeline import timeline


def warned(shown, problem="threads", message="Slow.", remedy="Wait."):
    return Warned(seconds=shown, shown=shown, round=1, problem=problem, message=message, remedy=remedy)


def rolled_back(**changes):
    return RolledBack(seconds=60, shown=90, round=1, problem="collapse", to_shown=90, changes=changes)


def items(*events, lang="en"):
    """Return (style, words) of each item, without its time."""
    found = re.findall(
        r'<li class="(\w+)"><time>[^<]*</time><div>(.*?)</div></li>', timeline(settle(events), lang)
    )
    return [(style, re.sub("<[^>]+>", " ", inside).split()) for style, inside in found]


def test_starts_warnings_roll_backs_and_the_end_are_told_in_order():
    told = items(
        Started(seconds=0, shown=0, round=0),
        Progress(seconds=1, shown=16, round=1),
        warned(16),
        rolled_back(spread=2.0),
        Started(seconds=60, shown=90, round=1, resumed=True),
        Finished(seconds=60, shown=100, round=2, reason="budget"),
    )
    assert [style for style, _ in told] == ["start", "warning", "rollback", "start", "end"]
    assert " ".join(told[1][1]) == "Threads: Slow. Wait."


def test_each_item_says_when():
    text = timeline(settle([Started(seconds=754, shown=12_345, round=0)]), "en")
    assert "<time>12,345 works · 13\N{NO-BREAK SPACE}min</time>" in text


def test_the_same_warning_several_times_in_a_row_is_told_once_with_a_count():
    told = items(warned(1), warned(2), warned(3), warned(4, message="Slower."))
    assert [" ".join(words) for _, words in told] == [
        "Threads: Slow. (3 times) Wait.",
        "Threads: Slower. Wait.",
    ]


def test_factors_of_one_changed_nothing():
    assert " ".join(items(rolled_back(learning_rate=0.5, penalty=1.0))[0][1]).endswith("learning rate × 0.5.")
    for unchanged in (rolled_back(penalty=1.0), rolled_back()):
        assert "Changed" not in items(unchanged)[0][1]


def test_a_failure_looks_like_trouble():
    ((style, words),) = items(Finished(seconds=1, shown=1, round=1, reason="failed"))
    assert (style, words) == ("rollback", ["Failed."])


def test_an_end_for_an_unknown_reason_is_told_in_its_own_word():
    assert items(Finished(seconds=1, shown=1, round=1, reason="moonlight")) == [("end", ["moonlight"])]


def test_a_warning_without_words_has_those_of_the_table():
    ((_, words),) = items(warned(1, problem="collapse", message="", remedy=""))
    assert " ".join(words).startswith("Collapse: the samples looked alike. Going back")
    ((_, words),) = items(warned(1, problem="odd_thing", message="", remedy=""))
    assert words == ["Odd", "thing"]


def test_a_known_problem_is_told_in_chinese_and_an_unknown_one_in_its_own_words():
    ((_, words),) = items(warned(1, problem="collapse"), lang="zh")
    assert words[0] == "模式坍塌：样品彼此太像。"
    ((_, words),) = items(warned(1, problem="odd"), lang="zh")
    assert words == ["Odd：Slow.", "Wait."]
