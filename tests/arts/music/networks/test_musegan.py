"""MuseGAN: whose noise reaches which track, and rolls there and back."""

from __future__ import annotations

import pytest
import torch

from huohua.adversarial.duel import Duel, DuelSettings
from huohua.adversarial.game import Batch, Moment
from huohua.arts.music.grid_layout import HOLD
from huohua.arts.music.networks.musegan import (
    MuseCritic,
    MuseCriticSettings,
    MuseGenerator,
    MuseGeneratorSettings,
    latent_of,
)
from huohua.arts.music.piano_rolls import rolls_from, works_from
from toys.music_works import scribbled

KINDS = ("jamming", "composer", "hybrid")


def muse(kind: str) -> MuseGenerator:
    with torch.random.fork_rng():
        torch.manual_seed(2)
        settings = MuseGeneratorSettings(kind=kind, noise=4, width=16)
        return MuseGenerator(settings, condition=3, latent=latent_of(settings)).eval()


@pytest.mark.parametrize("kind", KINDS)
def test_a_phrase_has_six_tracks_of_four_bars_between_minus_one_and_one(kind):
    network = muse(kind)
    roll = network(torch.randn(3, network.latent), torch.zeros(3, 3))
    assert roll.shape == (3, 6, 64, 84)
    assert roll.abs().max() <= 1


@pytest.mark.parametrize(
    ("kind", "numbers", "tracks"),
    [
        ("jamming", slice(8, 16), [1]),  # each track has eight numbers of its own
        ("composer", slice(0, 4), [0, 1, 2, 3, 4, 5]),
        ("hybrid", slice(0, 8), [0, 1, 2, 3, 4, 5]),  # the first eight are shared
        ("hybrid", slice(16, 24), [1]),
    ],
)
def test_noise_reaches_the_tracks_that_it_belongs_to(kind, numbers, tracks):
    network = muse(kind)
    latent = torch.randn(1, network.latent, generator=torch.Generator().manual_seed(1))
    other = latent.clone()
    other[:, numbers] += 1
    change = (network(latent, torch.zeros(1, 3)) - network(other, torch.zeros(1, 3))).abs().amax((0, 2, 3))
    assert (change > 1e-4).nonzero().flatten().tolist() == tracks


def test_steady_noise_is_the_same_in_all_bars_and_moving_noise_is_not():
    network = muse("composer")
    bars = network._vectors(network.temporal_shared[0], torch.ones(1, 4), torch.ones(1, 4))[0]
    assert bars.shape == (4, 8)
    assert (bars[:, :4] == 1).all()
    assert len({tuple(bar.tolist()) for bar in bars[:, 4:]}) == 4


def test_a_latent_of_another_length_is_refused():
    with pytest.raises(ValueError, match="64 numbers"):
        MuseGenerator(MuseGeneratorSettings(kind="composer"), condition=0, latent=65)


def test_rolls_come_back_as_the_works_they_were_but_for_repeated_notes():
    work = scribbled(2, 4)
    back = works_from(rolls_from(work))
    assert torch.equal(rolls_from(back), rolls_from(work))
    assert torch.equal(back[..., 64:73], work[..., 64:73])
    assert (back[..., 73:] == 1).all()
    tied = scribbled(1, 4)
    tied[0, :, 0] = 0
    tied[0, 4:8, 0] = torch.tensor([30, HOLD, 30, HOLD])  # struck twice, which a roll cannot tell
    assert works_from(rolls_from(tied))[0, 3:9, 0].tolist() == [0, 30, HOLD, HOLD, HOLD, 0]


def test_it_is_played_as_an_ordinary_duel():
    network = muse("hybrid")
    critic = MuseCritic(MuseCriticSettings(width=16), condition=3)
    duel = Duel(
        network, critic, latent=network.latent,
        settings=DuelSettings(loss="wasserstein", gradient_penalty=10.0),
    )  # fmt: skip
    deal = duel.deal(Batch(sample=rolls_from(scribbled(2, 4)), condition_BC=torch.zeros(2, 3)), Moment())
    terms = duel.discriminator_turn(deal)
    assert set(terms) == {"adversarial", "gradient_penalty"}
    assert critic(deal.fake, torch.zeros(2, 3)).score_BS.shape == (2, 3)
    duel.generator_turn(deal)["adversarial"].backward()
    silent = [name for name, weight in network.named_parameters() if weight.grad is None]
    assert silent == []
