"""What the game of imitation knows of texts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from huohua.adversarial.game import Moment
from huohua.arts.text.craft import last_asked, trimmed
from huohua.arts.text.rows import COUNTED, SYMBOLS, TOKEN
from huohua.arts.text.spoiling import spoiled, with_line_of, with_shuffled_tokens, with_swapped_lines
from toys.small_poems import LABELS, POEMS, SIGNS, TOKENISER, batch, craft, reader, writer

MOMENT = Moment(seed=4, round=2)


def real(**layout):
    return craft().real(batch(6, **layout), MOMENT)


def texts(row_BTK):
    return [TOKENISER.vocabulary.spell(row[row[:, COUNTED] > 0, TOKEN].tolist()) for row in row_BTK.numpy()]


def test_packed_works_come_apart_again():
    assert set(texts(real(gap=0.0, ask_title=0.0))) == set(POEMS)


def test_of_a_text_with_a_gap_only_the_gap_is_judged():
    rows = real(gap=1.0)
    lengths = [len(text) for text in texts(rows)]
    assert all(0 < length <= 25 for length in lengths) and min(lengths) < 25
    assert (rows[..., COUNTED].sum(1) > 0).all()
    row = rows[0].numpy()
    np.testing.assert_array_equal(last_asked(row), row)


def test_what_is_written_keeps_prompts_and_places():
    rows = real(gap=0.0, ask_title=0.0)
    new = craft().written(writer().eval(), rows, MOMENT, temperature=1.0)
    for old_row, new_row in zip(rows.numpy(), new.numpy(), strict=True):
        old, made = trimmed(old_row), trimmed(new_row)
        first = int((old[:, COUNTED] == 0).sum())
        np.testing.assert_array_equal(old[:first], made[:first])
        np.testing.assert_array_equal(old[first : len(made), SYMBOLS], made[first:, SYMBOLS])
        assert len(made) <= len(old)
        assert made[first:, COUNTED].all()
    assert texts(new) != texts(rows)


def test_what_is_finished_keeps_its_beginning():
    rows = real(gap=0.0, ask_title=0.0)
    new = craft().finished(writer().eval(), rows, 0.5, torch.Generator().manual_seed(0))
    for before, after in zip(texts(rows), texts(new), strict=True):
        assert after[:12] == before[:12]
    assert texts(new) != texts(rows)


def test_spoiled_works_differ_and_keep_their_lengths_and_marks():
    rows = real(gap=0.0, ask_title=0.0)
    new = craft().spoiled(rows, MOMENT)
    assert new.shape == rows.shape
    assert all((old[:, TOKEN] != made[:, TOKEN]).any() for old, made in zip(rows, new, strict=True))
    marks = [[n for n, letter in enumerate(text) if letter in "，。\n"] for text in texts(new)]
    for places, row, old in zip(marks, texts(new), texts(rows), strict=True):
        changed = [n for n in range(25) if row[n] != old[n]]
        assert not changed or places == [5, 11, 12, 18, 24]


def test_lines_are_swapped_and_borrowed_whole():
    rows = [trimmed(row) for row in real(gap=0.0, ask_title=0.0).numpy()]
    (old,) = texts(torch.from_numpy(rows[0])[None])
    (new,) = texts(torch.from_numpy(with_swapped_lines(rows[0], np.random.default_rng(0)))[None])
    assert sorted(new) == sorted(old) and new != old
    (lent,) = texts(torch.from_numpy(with_line_of(rows[0], rows[1], np.random.default_rng(0)))[None])
    (other,) = texts(torch.from_numpy(rows[1])[None])
    changed = [line for line, was in zip(lent.split("\n"), old.split("\n"), strict=True) if line != was]
    assert len(changed) == 1
    assert any(part in other for part in changed[0].rstrip("。").split("，"))
    (shuffled,) = texts(torch.from_numpy(with_shuffled_tokens(rows[0], np.random.default_rng(0)))[None])
    assert sorted(shuffled) == sorted(old) and shuffled != old


def test_one_work_alone_can_be_spoiled():
    row = trimmed(real(gap=0.0, ask_title=0.0)[0].numpy())
    (new,) = spoiled([row], SIGNS["keyword"], np.random.default_rng(0))
    assert (new[:, TOKEN] != row[:, TOKEN]).any()


def test_what_is_to_be_spotted_is_marked_and_labels_are_hidden():
    rows = real(gap=0.0, ask_title=0.0, label=1.0)
    spotted = craft().spotted(writer().eval(), rows, MOMENT)
    changed = spotted.row_BTK[..., TOKEN] != rows[..., TOKEN]
    asked = spotted.asked_BT
    assert (changed & asked).any()
    assert ((spotted.own_BT == 0) == (changed & asked))[asked].all()
    assert spotted.label_BC.tolist() == [[1.0, 0.0, 1.0]] * 6
    assert not torch.isin(spotted.row_BTK[..., TOKEN], torch.tensor([SIGNS.needed(LABELS[0])])).any()


def test_surprise_says_where_in_a_work_each_token_stands():
    rows = real(gap=0.0, ask_title=0.0)
    nats, row, place = craft().surprise(writer().eval(), rows, None)
    assert len(nats) == int(rows[..., COUNTED].sum())
    own = place[row == 1]
    assert own.tolist() == pytest.approx([n / len(own) for n in range(len(own))])


def test_gradients_reach_the_writer_through_straight_choices_and_values_are_those_of_hard_ones():
    rows = real(gap=0.0, ask_title=0.0)
    network, judge = writer(), reader().eval()
    score = craft().passed(network, rows, MOMENT)(judge)
    with torch.no_grad():
        hard = craft().judge(judge, rows, None).score_B
    torch.testing.assert_close(score, hard, atol=1e-5, rtol=1e-4)
    score.sum().backward()
    assert network.blocks[0].widen.weight.grad.abs().sum() > 0
