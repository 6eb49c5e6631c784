"""Autoencoding as a game: both kinds against numbers worked out by hand, in the loop, and resumed.

The toy of the hand-computed numbers: works are pairs of numbers, the encoder halves the first of them and
is quite sure, the generator answers with its latent, twice.
"""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from huohua.adversarial.autoencoding import Autoencoder, Autoencoding, AutoencodingSettings, Posterior
from huohua.adversarial.autoencoding_duel import NOT_PLAYED, AutoencodingDuel
from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.game import Batch, Judgement, Moment, only_moving
from huohua.adversarial.loop import Round, play
from huohua.adversarial.naming import NameGroup
from huohua.adversarial.schedule import constant, ramp
from huohua.randomness import torch_generator
from toys.ring import LATENT, RingWorks, equal, everything_of, plain_accelerator
from toys.ring_autoencoder import TOYS, movers, toy_autoencoder_run, toy_autoencoding, toy_autoencoding_duel

WORKS = torch.tensor([[2.0, 1.0], [4.0, 1.0]])
SURE = -60.0  # a log variance that leaves nothing to chance


class Halver(nn.Module):
    def __init__(self, log_variance: float = SURE) -> None:
        super().__init__()
        self.factor, self.log_variance = nn.Parameter(torch.tensor(0.5)), log_variance

    def forward(self, sample: Tensor) -> Posterior:
        mean_BZ = self.factor * sample[:, :1]
        return Posterior(mean_BZ, torch.full_like(mean_BZ, self.log_variance))


class Twice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(1.0))
        self.made: list[Tensor] = []

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        made = self.factor * torch.cat([latent_BZ, latent_BZ], dim=1)
        self.made.append(made.detach())
        return made


class Judge(nn.Module):
    """The score is the mean of a work's numbers; it sees a work ten times as large, and its sum."""

    def __init__(self) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(1.0))
        self.seen: list[Tensor] = []

    def forward(self, seen: Tensor, condition_BC: Tensor) -> Judgement:
        self.seen.append(seen)
        score_BS = self.factor * seen.mean(1, keepdim=True)
        return Judgement(score_BS, (10 * seen, seen.sum(1, keepdim=True)))


def batch(condition_BC: Tensor | None = None) -> Batch:
    return Batch(sample=WORKS, condition_BC=torch.zeros(2, 0) if condition_BC is None else condition_BC)


def autoencoding(log_variance: float = SURE, **settings: object) -> Autoencoding:
    rules = AutoencodingSettings.model_validate({"kl": constant(1), **settings})
    return Autoencoding(Autoencoder(Halver(log_variance), Twice()), latent=1, settings=rules)


def against(judge: nn.Module | None = None, view=None, log_variance: float = SURE, **settings: object):
    weights = {
        name: settings.pop(name) for name in ("kl", "pixels", "features", "adversarial") if name in settings
    }
    options = {"view": view} if view else {}
    return AutoencodingDuel(
        Autoencoder(Halver(log_variance), Twice()),
        judge or Judge(),
        latent=1,
        settings=DuelSettings.model_validate({"loss": "wasserstein", **settings}),
        weights=AutoencodingSettings.model_validate({"kl": constant(1), **weights}),
        **options,
    )


# The latents are 1 and 2, so the reconstructions (1, 1) and (2, 2): squares of errors 1, 0, 4 and 1.
PIXELS = math.log(6 / 4) / 2
# The discriminator sees errors ten times as large, and sums that are off by 1.
FEATURES = (PIXELS + math.log(10) + math.log(1)) / 2
# For each work ((mean^2 + variance - 1 - log variance) / 2); there are two numbers in a work.
KL = ((1 + 4) / 2 - 1 - SURE) / 2 / 2


def plain(terms) -> dict[str, float]:
    return {name: term.item() for name, term in terms.items()}


def test_the_bound_is_the_one_worked_out_by_hand():
    game = autoencoding(pixels=2, kl=constant(3))
    terms = plain(game.autoencoder_turn(game.deal(batch(), Moment())))
    assert terms == {"pixels": pytest.approx(2 * PIXELS, abs=1e-5), "kl": pytest.approx(3 * KL, rel=1e-5)}


def test_latents_are_drawn_around_what_the_encoder_says_with_the_dice_of_the_moment():
    game, moment = autoencoding(log_variance=2 * math.log(3)), Moment(seed=5, round=7)
    game.deal(batch(), moment)
    latent_BZ = torch.tensor([[1.0], [2.0]]) + 3 * moment.draw("posterior", 2, 1)
    (made,) = game.autoencoder.generator.made
    torch.testing.assert_close(made, latent_BZ.expand(2, 2))


@pytest.mark.parametrize(("shown", "weight"), [(0, 0.0), (1500, 0.5), (5000, 1.0)])
def test_the_distance_to_the_prior_warms_up(shown, weight):
    for game in (autoencoding(kl=ramp(1, 2)), against(kl=ramp(1, 2))):
        deal = game.deal(batch(), Moment(shown=shown))
        turn = game.autoencoder_turn if isinstance(game, Autoencoding) else game.encoder_turn
        assert turn(deal)["kl"].item() == pytest.approx(weight * KL)
        deal.scores = (
            {"real": torch.zeros(1, 1), "fake": torch.zeros(1, 1)} if hasattr(deal, "scores") else {}
        )
        assert game.gauges(deal)["kl_weight"] == weight


def test_the_three_players_pay_what_was_worked_out_by_hand():
    game = against(pixels=2, features=constant(3), adversarial=constant(4))
    moment = Moment(seed=3)
    deal = game.deal(batch(), moment)
    prior = moment.draw("latent", 2, 1).mean().item()
    fakes = (1.5 + prior) / 2  # the mean of reconstructions and of samples of the prior
    assert [turn.player for turn in game.turns] == ["discriminator", "generator", "encoder"]
    first, second, third = (plain(turn.objective(deal)) for turn in game.turns)
    assert first == {"adversarial": pytest.approx(fakes - 2.0, abs=1e-5)}
    again = {"pixels": pytest.approx(2 * PIXELS, abs=1e-4), "features": pytest.approx(3 * FEATURES, abs=1e-4)}
    assert second == {"adversarial": pytest.approx(-4 * fakes, abs=1e-5), **again}
    assert third == {"kl": pytest.approx(KL, rel=1e-5), **again}


def test_terms_whose_weight_is_zero_are_not_computed():
    game = against(pixels=0, features=constant(0))
    deal = game.deal(batch(), Moment())
    assert set(game.answer(deal)) == {"adversarial"}
    assert set(game.encoder_turn(deal)) == {"kl"}
    assert len(game.players["discriminator"].seen) == 1  # the generator's own works, and nothing else


def test_while_the_discriminator_is_not_asked_it_costs_nothing_and_learns_nothing():
    late = {"features": ramp(1, 2), "adversarial": ramp(1, 2)}
    seen: list[int] = []

    def view(sample: Tensor, strength: float, dice: torch.Generator) -> Tensor:
        seen.append(len(sample))
        return sample

    game = against(view=view, **late)
    deal = game.deal(batch(), Moment(shown=1000))
    terms = [plain(turn.objective(deal)) for turn in game.turns]
    pixels = {"pixels": pytest.approx(PIXELS, abs=1e-4)}
    assert terms == [{}, pixels, {"kl": pytest.approx(KL, rel=1e-5), **pixels}]
    assert game.gauges(deal) == {"latent_nats": pytest.approx(2 * KL, rel=1e-5), "kl_weight": 1.0}
    assert seen == game.players["discriminator"].seen == []
    assert [len(made) for made in game.autoencoder.generator.made] == [2, 2]  # no samples of the prior
    deal = game.deal(batch(), Moment(shown=1500))
    assert set(game.discriminator_turn(deal)) == {"adversarial"}
    assert game.answer(deal)["features"].item() == pytest.approx(FEATURES / 2, abs=1e-4)


def test_a_player_without_losses_passes_and_stays_as_it_was(tmp_path):
    late = {"features": ramp(0.3, 0.4), "adversarial": ramp(0.3, 0.4)}
    game = toy_autoencoding_duel(**late)
    before = game.players["discriminator"].score.weight.detach().clone()
    run = toy_autoencoder_run(tmp_path, game, shown=288)
    run.go()
    assert torch.equal(game.players["discriminator"].score.weight, before)
    assert run.optimisers["discriminator"].state_dict()["state"] == {}
    later = toy_autoencoder_run(tmp_path, toy_autoencoding_duel(**late))
    assert later.resume()
    later.go()
    straight = toy_autoencoder_run(tmp_path / "straight", toy_autoencoding_duel(**late))
    straight.go()
    assert not torch.equal(later.game.players["discriminator"].score.weight, before)
    assert equal(everything_of(later), everything_of(straight))


def test_a_work_and_its_reconstruction_are_seen_alike_and_other_fakes_otherwise():
    rolled: list[tuple[float, int]] = []

    def view(sample: Tensor, strength: float, dice: torch.Generator) -> Tensor:
        rolled.append((torch.rand((), generator=dice).item(), len(sample)))
        return sample

    game = against(view=view)
    game.encoder_turn(game.deal(batch(), Moment(strength=0.4)))
    real, made, new, again = rolled
    assert real == made == again
    assert new[0] != real[0]
    assert new[1] == 2


def test_reconstructions_are_compared_by_the_discriminator_that_has_moved():
    class Squinting(Judge):
        def forward(self, seen: Tensor, condition_BC: Tensor) -> Judgement:
            judged = super().forward(seen, condition_BC)
            return judged._replace(features=(self.factor * seen,))

    game = against(Squinting())
    deal = game.deal(batch(), Moment())
    game.discriminator_turn(deal)
    with torch.no_grad():
        game.players["discriminator"].factor.fill_(7.0)
    for turn in (game.answer, game.encoder_turn):
        assert turn(deal)["features"].item() == pytest.approx(PIXELS + math.log(7), abs=1e-4)


def test_deceiving_the_discriminator_is_no_concern_of_the_encoders():
    """Its gradient is that of the KL term and the errors alone (Larsen et al. 2016, section 2.3)."""
    slopes = []
    for adversarial in (1e-3, 100.0):
        game = against(adversarial=constant(adversarial), log_variance=0.0)
        deal = game.deal(batch(), Moment())
        for turn in game.turns:
            with only_moving(game.players, turn.player):
                torch.stack(list(turn.objective(deal).values())).sum().backward()
            moved = {name for name, player in game.players.items() if player.factor.grad is not None}
            assert moved == {turn.player}
            if turn.player == "encoder":
                slopes.append(game.players["encoder"].factor.grad.item())
            game.players[turn.player].factor.grad = None
    assert slopes[0] == slopes[1] != 0


def test_conditions_reach_the_generator_and_the_discriminator_but_not_the_encoder():
    told: list[Tensor] = []

    class Told(Twice):
        def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
            told.append(condition_BC)
            return super().forward(latent_BZ, condition_BC)

    game = against(fade=ramp(0, 2))
    game.autoencoder.generator = Told()
    game.deal(batch(torch.eye(2)), Moment(shown=1000))
    assert torch.equal(told[0], 0.5 * torch.eye(2).repeat(2, 1))


def test_a_discriminator_that_names_conditions_does_so_here_too():
    class Namer(Judge):
        def forward(self, seen: Tensor, condition_BC: Tensor) -> Judgement:
            return super().forward(seen, condition_BC)._replace(named_BC=torch.zeros(len(seen), 2))

    game = against(Namer())
    game.groups = (NameGroup(first=0, last=2, exclusive=True),)
    deal = game.deal(batch(torch.eye(2)), Moment())
    paid = [turn.objective(deal) for turn in game.turns]
    assert paid[0]["auxiliary"].item() == pytest.approx(2 * math.log(2))
    assert paid[1]["auxiliary"].item() == pytest.approx(math.log(2))
    assert "auxiliary" not in paid[2]


def test_gauges_tell_how_much_latents_hold():
    game = against()
    deal = game.deal(batch(), Moment())
    game.discriminator_turn(deal)
    told = game.gauges(deal)
    assert told["latent_nats"] == pytest.approx(2 * KL, rel=1e-5)
    assert told["score_real"] == 2.0
    assert autoencoding().gauges(autoencoding().deal(batch(), Moment())) == {
        "latent_nats": pytest.approx(2 * KL, rel=1e-5), "kl_weight": 1.0,
    }  # fmt: skip


@pytest.mark.parametrize("name", NOT_PLAYED)
def test_what_compares_fakes_with_one_another_is_refused(name):
    with pytest.raises(ValueError, match=name):
        against(**{name: 1.0})


def test_a_loss_of_pairs_is_refused():
    with pytest.raises(ValueError, match="pairs works"):
        against(loss="relativistic")


@pytest.mark.parametrize("name", TOYS)
def test_the_averaged_network_draws_and_encodes(name):
    game = TOYS[name]()
    latent_BZ, told = torch.zeros(3, LATENT), torch.zeros(3, 8)
    generator = game.averaged.generator
    assert torch.equal(game.averaged(latent_BZ, told), generator(latent_BZ, told))
    assert game.averaged.encode(torch.zeros(3, 2)).mean_BZ.shape == (3, LATENT)


@pytest.mark.parametrize("name", TOYS)
def test_every_player_moves_and_costs_bear_its_name(name):
    game, accelerator, works = TOYS[name](), plain_accelerator(), RingWorks(labelled=True)
    optimisers = {n: torch.optim.SGD(game.players[n].parameters(), lr=0.1) for n in movers(game)}
    before = {n: [w.detach().clone() for w in player.parameters()] for n, player in game.players.items()}
    moment = Moment(shown=1000)
    batch = works.take(torch.arange(8).numpy(), moment)
    (played,) = play(game, [Round(moments=[moment], batches=[batch])], optimisers, accelerator)
    assert played.finite
    reconstruction = {"pixels"} if name == "vae" else {"pixels", "features"}
    expected = {f"{'autoencoder' if name == 'vae' else 'encoder'}/{each}" for each in {"kl", *reconstruction}}
    if name == "vae_gan":
        expected |= {f"generator/{each}" for each in {"adversarial", *reconstruction}}
        expected |= {"discriminator/adversarial", "discriminator/r1"}
    assert set(played.costs) == expected
    for n, player in game.players.items():
        assert all(not torch.equal(w, old) for w, old in zip(player.parameters(), before[n], strict=True)), n


@pytest.mark.parametrize("name", TOYS)
def test_accumulating_gradients_is_nearly_one_large_batch(name):
    """Nearly, because each part has a spread of its own."""
    accelerator, works = plain_accelerator(), RingWorks(labelled=True)
    games = TOYS[name](), TOYS[name](), TOYS[name]()
    for game, count in zip(games, (1, 4), strict=False):
        optimisers = {n: torch.optim.SGD(game.players[n].parameters(), lr=0.05) for n in movers(game)}
        for number in range(3):
            moments = [Moment(round=number, shown=1000, part=part, parts=count) for part in range(count)]
            rows = torch.arange(64).numpy().reshape(count, -1)
            batches = [works.take(part, moment) for part, moment in zip(rows, moments, strict=True)]
            list(play(game, [Round(moments=moments, batches=batches)], optimisers, accelerator))
    for n in games[0].players:
        whole, split, start = (nn.utils.parameters_to_vector(game.players[n].parameters()) for game in games)
        apart, moved = (split - whole).norm().item(), (whole - start).norm().item()
        assert 0 < apart < 0.25 * moved, n


@pytest.mark.parametrize("name", TOYS)
@pytest.mark.parametrize("after", [1, 10, 13])
def test_a_stopped_run_goes_on_to_the_same_weights(tmp_path, name, after):
    straight = toy_autoencoder_run(tmp_path / "straight", TOYS[name]())
    straight.go()
    toy_autoencoder_run(tmp_path / "parts", TOYS[name](), shown=after * 32).go()
    run = toy_autoencoder_run(tmp_path / "parts", TOYS[name]())
    assert run.resume()
    assert run.round == after
    run.go()
    assert equal(everything_of(run), everything_of(straight))
    assert not equal(
        dict(run.average.network.encoder.state_dict()), dict(run.game.averaged.encoder.state_dict())
    )


@torch.no_grad()
def lost(game) -> tuple[float, float]:
    """Return the mean distance of points to their reconstructions, and to those of other points."""
    works = RingWorks(works=256, labelled=True)
    mean_BZ = game.averaged.encode(works.point_N2).mean_BZ
    blind = torch.zeros_like(works.condition_NC)  # or the label alone would say where a point lies
    made = game.averaged(mean_BZ, blind)
    own = (made - works.point_N2).norm(dim=1).mean().item()
    return own, (made - works.point_N2.roll(1, 0)).norm(dim=1).mean().item()


@pytest.mark.parametrize("name", TOYS)
def test_points_come_back_from_their_latents(tmp_path, name):
    works = RingWorks(labelled=True)
    works.condition_NC = torch.zeros_like(works.condition_NC)
    game = TOYS[name](kl=ramp(1, 3))
    toy_autoencoder_run(tmp_path, game, works=works, shown=8_000, rate=8e-3, tick_kimg=10, **STEADY).go()
    own, other = lost(game)
    assert 0.001 < own < 0.4 * other


STEADY = {"learning_rate": constant(1.0), "adaptation": {"maximum": 0.0}}


def test_new_points_come_from_the_prior(tmp_path):
    """Samples of the prior lie near the ring, where real points are, and not in its middle."""
    works = RingWorks(labelled=True)
    works.condition_NC = torch.zeros_like(works.condition_NC)
    game = toy_autoencoding(kl=ramp(1, 3))
    toy_autoencoder_run(tmp_path, game, works=works, shown=8_000, rate=8e-3, tick_kimg=10, **STEADY).go()
    latent_BZ = torch.randn(512, LATENT, generator=torch_generator(0))
    with torch.no_grad():
        radius = game.averaged(latent_BZ, torch.zeros(512, 8)).norm(dim=1)
    assert 0.7 < radius.median().item() < 1.2


def test_the_toys_of_both_kinds_share_their_first_weights():
    """So that what differs between them is the game."""
    one, other = toy_autoencoding(), toy_autoencoding_duel()
    assert equal(dict(one.averaged.state_dict()), dict(other.averaged.state_dict()))
