"""What was copied: by hand, with other marks, and beside unseen texts."""

from __future__ import annotations

import pytest

from huohua.arts.text.metrics.copying import CopyIndex, copy_rate, lines_of

REAL = ["床前明月光，疑是地上霜。\n举头望明月，低头思故乡。", "白日依山尽，黄河入海流。"]


def test_a_copy_with_other_marks_is_a_copy():
    index = CopyIndex(REAL, "zh")
    whole = index.look_up("床前明月光\n疑是地上霜 举头望明月 低头思故乡！")
    assert (whole.run, whole.source) == (20, 0)
    assert index.look_up("白日依山尽；黄河入海流").share == 1.0


def test_what_is_new_shares_little():
    found = CopyIndex(REAL, "zh").look_up("青山明月夜，流水故人心。")
    assert (found.run, found.shared, found.lines, found.of) == (2, "明月", 0, 2)


def test_english_is_compared_without_case():
    index = CopyIndex(["Shall I compare thee\nto a summer's day?"], "en")
    found = index.look_up("shall i compare thee\nto a winter's night")
    assert found.lines == 1
    assert found.shared == "shallicomparetheetoa"
    assert lines_of("Oh!\nwhat a day", "en") == ["whataday"]


def test_the_rate_of_a_set_by_hand():
    index = CopyIndex(REAL, "zh")
    rate = copy_rate(["白日依山尽，青青河畔草。", "天地玄黄宙，宇宙洪荒日。"], index)
    assert rate.longest_run == 5
    assert rate.mean_run == pytest.approx((5 + 1) / 2)
    assert rate.lines == pytest.approx(1 / 4)
    assert copy_rate([], index).lines == 0.0
