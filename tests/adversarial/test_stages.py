"""Games one after another in one run."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from huohua.adversarial.game import Batch, Moment
from huohua.adversarial.likelihood import Likelihood
from huohua.adversarial.stages import Stage, Stages

BATCH = Batch(sample=torch.ones(2, 3), condition_BC=torch.zeros(2, 0))


def game(network, player, scale):
    def surprise(network, batch, dice):
        return scale * network(batch.sample)[:, 0]

    return Likelihood(network, surprise=surprise, player=player)


def two_stages():
    writer, reader = nn.Linear(3, 1), nn.Linear(3, 1)
    first = Stage(name="likelihood", begin_kimg=0, game=game(writer, "generator", 1.0))
    second = Stage(name="reading", begin_kimg=2, game=game(reader, "discriminator", 10.0))
    return Stages([first, second]), writer, reader


def test_whoever_has_no_turn_in_the_present_stage_passes():
    staged, writer, reader = two_stages()
    early = staged.deal(BATCH, Moment(shown=1999))
    assert [sorted(turn.objective(early)) for turn in staged.turns] == [["nats"], []]
    late = staged.deal(BATCH, Moment(shown=2000))
    assert [sorted(turn.objective(late)) for turn in staged.turns] == [[], ["nats"]]
    expected = 10 * reader(BATCH.sample)[:, 0].mean()
    torch.testing.assert_close(staged.turns[1].objective(late)["nats"], expected)
    assert staged.gauges(late)["stage"] == 1.0
    assert staged.averaged is writer


def test_stages_that_make_no_sense_are_refused():
    one, other = nn.Linear(3, 1), nn.Linear(3, 1)
    with pytest.raises(ValueError, match="begins at 0"):
        Stages([Stage(name="late", begin_kimg=1, game=game(one, "generator", 1.0))])
    first = Stage(name="a", begin_kimg=0, game=game(one, "generator", 1.0))
    with pytest.raises(ValueError, match="Two networks are called 'generator'"):
        Stages([first, Stage(name="b", begin_kimg=1, game=game(other, "generator", 1.0))])
    last = Stage(name="c", begin_kimg=5, game=game(one, "generator", 1.0))
    with pytest.raises(ValueError, match="follow one another"):
        Stages([first, last, Stage(name="d", begin_kimg=4, game=game(one, "generator", 1.0))])
