"""The writer: token by token as at once, and only what is asked for counts."""

from __future__ import annotations

import pytest
import torch

from huohua.arts.text.rows import COUNTED, TOKEN, WORK
from toys.small_poems import SIGNS, batch, writer


def test_token_by_token_it_says_what_it_says_at_once():
    network = writer().eval()
    row = batch(1, gap=0.0).sample[:, :20]
    with torch.no_grad():
        whole = network.scores(network.gathered(row))
        following = torch.roll(row, -1, dims=1)
        following[:, -1] = 0
        kept = network.begin(1)
        parts = [network.extend(row[:, :5, TOKEN], following[:, :5], kept, 0, every=True)]
        for at in range(5, 20):
            parts.append(
                network.extend(row[:, at : at + 1, TOKEN], following[:, at : at + 1], kept, at)[:, None]
            )
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=1e-4)


def test_packed_works_are_as_likely_as_works_alone():
    network = writer().eval()
    packed = batch(6).sample
    with torch.no_grad():
        together = network(packed).nats_N.sum()
        alone = torch.zeros(())
        for row in packed:
            for work in range(1, int(row[:, WORK].max()) + 1):
                alone += network(row[row[:, WORK] == work][None]).nats_N.sum()
    assert float(together) == pytest.approx(float(alone), rel=1e-5)


def test_it_is_asked_by_hand_for_what_is_counted():
    network = writer().eval()
    sample = batch(2).sample
    with torch.no_grad():
        asked = network(sample)
        scores = network.scores(network.gathered(sample))
    total = 0
    for number, (row, place) in enumerate(zip(asked.row_N.tolist(), asked.place_N.tolist(), strict=True)):
        assert sample[row, place, COUNTED] == 1
        expected = -scores[row, place - 1].log_softmax(-1)[sample[row, place, TOKEN]]
        assert float(asked.nats_N[number]) == pytest.approx(float(expected), abs=1e-4)
        total += 1
    assert total == int(sample[:, 1:, COUNTED].sum())


def test_it_knows_nothing_of_what_comes_later():
    network = writer().eval()
    sample = batch(1, gap=0.0).sample
    changed = sample.clone()
    changed[:, 15:, TOKEN] = SIGNS.end
    with torch.no_grad():
        one, other = network.gathered(sample), network.gathered(changed)
    assert one[:, :15].equal(other[:, :15])
    assert not one[:, 15].equal(other[:, 15])


def test_it_is_told_what_the_next_token_is_for_and_no_more():
    network = writer().eval()
    sample = batch(1, gap=0.0).sample
    changed = sample.clone()
    changed[:, 15, 1:5] = 2
    with torch.no_grad():
        one, other = network.gathered(sample), network.gathered(changed)
    assert one[:, :14].equal(other[:, :14])
    assert not one[:, 14].equal(other[:, 14])


def test_dropout_follows_from_the_dice_alone():
    network, sample = writer(dropout=0.5), batch(2).sample
    with torch.no_grad():
        first, again = (network(sample, torch.Generator().manual_seed(5)).nats_N for _ in range(2))
        other = network(sample, torch.Generator().manual_seed(6)).nats_N
        plain = network(sample).nats_N
    assert first.equal(again)
    assert not first.equal(other) and not first.equal(plain)


def test_mixtures_of_one_token_are_that_token():
    network, sample = writer().eval(), batch(1).sample
    mixed = torch.nn.functional.one_hot(sample[..., TOKEN], len(SIGNS)).float()
    with torch.no_grad():
        torch.testing.assert_close(network.gathered_mixed(mixed, sample), network.gathered(sample))
