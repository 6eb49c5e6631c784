"""The duel against numbers worked out by hand.

The toy: works are single numbers. The generator's fakes are two fixed numbers, 2 and -1, whatever the
latent; the real works are 1 and 0.5; the discriminator's score is half the number. So the scores are
0.5 and 0.25 for the real works, and 1 and -0.5 for the fakes.
"""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from huohua.adversarial.duel import Duel, DuelSettings
from huohua.adversarial.game import Batch, Judgement, Moment, only_moving
from huohua.adversarial.losses import LOSSES
from huohua.adversarial.naming import NameGroup
from huohua.adversarial.schedule import constant, ramp

REAL = torch.tensor([[1.0], [0.5]])
FAKE = torch.tensor([[2.0], [-1.0]])

# loss: (discriminator's, generator's), from the scores above.
BY_HAND = {
    "non_saturating": (1.418677, 0.643669),
    "saturating": (1.418677, -0.893669),
    "hinge": (0.625 + 1.25, -0.25),
    "least_squares": (0.8125 / 4 + 1.25 / 4, 2.25 / 4),
    "wasserstein": (0.25 - 0.375, -0.25),
    "relativistic": (0.680474, 0.805474),
}


class Painter(nn.Module):
    """Fakes that do not depend on the latent; counts how often it paints."""

    def __init__(self, fake: Tensor = FAKE) -> None:
        super().__init__()
        self.fake = nn.Parameter(fake.clone())
        self.painted = 0
        self.told: list[Tensor] = []

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        self.painted += 1
        self.told.append(condition_BC)
        return self.fake * 1


class Judge(nn.Module):
    """The score is half the work; the features are the work and its double."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.5))
        self.told: list[Tensor] = []

    def forward(self, seen: Tensor, condition_BC: Tensor) -> Judgement:
        self.told.append(condition_BC)
        return Judgement(seen * self.slope, (seen, seen * 2))


def batch(condition: Tensor | None = None, real: Tensor = REAL) -> Batch:
    return Batch(sample=real, condition_BC=torch.zeros(len(real), 0) if condition is None else condition)


def duel(view=None, painter: nn.Module | None = None, **settings: object) -> Duel:
    views = {"view": view} if view else {}
    return Duel(
        painter or Painter(), Judge(), latent=3, settings=DuelSettings.model_validate(settings), **views
    )


def terms(game: Duel, moment: Moment | None = None, **parts: Tensor) -> tuple[dict, dict]:
    """Return both players' terms of one round in which nobody steps, as plain numbers."""
    deal = game.deal(batch(**parts), moment or Moment())
    turns = [turn.objective(deal) for turn in game.turns]
    first, second = ({name: term.item() for name, term in turn.items()} for turn in turns)
    return first, second


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_gives_the_numbers_worked_out_by_hand(loss):
    discriminator, generator = terms(duel(loss=loss))
    expected = BY_HAND[loss]
    assert discriminator == {"adversarial": pytest.approx(expected[0], abs=2e-6)}
    assert generator == {"adversarial": pytest.approx(expected[1], abs=2e-6)}


class JudgeOfEach(Judge):
    """Says that a work's score does not depend on the others, so that all are judged in one pass."""

    judges_each_alone = True

    def forward(self, seen: Tensor, condition_BC: Tensor) -> Judgement:
        return super().forward(seen, condition_BC)._replace(named_BC=seen.repeat(1, condition_BC.shape[1]))


@pytest.mark.parametrize("loss", LOSSES)
def test_judging_real_and_fake_in_one_pass_gives_what_two_passes_give(loss):
    rules = DuelSettings(loss=loss, r1=constant(1.0), feature_matching=0.5)
    groups = [NameGroup(first=0, last=1, exclusive=False)]
    found, passes = [], []
    for alone in (True, False):
        judge = JudgeOfEach()
        judge.judges_each_alone = alone
        game = Duel(Painter(), judge, latent=3, settings=rules, groups=groups)
        deal = game.deal(batch(torch.tensor([[1.0], [0.0]])), Moment())
        turn = game.discriminator_turn(deal)
        passes.append(len(judge.told))
        (slope,) = torch.autograd.grad(torch.stack(list(turn.values())).sum(), judge.slope)
        found.append({**{name: term.item() for name, term in turn.items()}, "slope": slope.item()})
        found[-1] |= game.gauges(deal)
    assert found[0] == pytest.approx(found[1], abs=1e-6)
    assert {"adversarial", "auxiliary", "r1", "score_real", "score_fake"} <= set(found[0])
    assert passes == [2, 3]  # the penalty judges once more


def test_smoothing_lowers_the_target_of_real_works_only():
    plain, smooth = terms(duel()), terms(duel(smoothing=0.1))
    assert smooth[0]["adversarial"] - plain[0]["adversarial"] == pytest.approx(0.1 * 0.375, abs=1e-6)
    assert smooth[1] == plain[1]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"r1": constant(6)}, {"r1": 6 / 2 * 0.25}),
        ({"r2": constant(8)}, {"r2": 8 / 2 * 0.25}),
        ({"gradient_penalty": 10}, {"gradient_penalty": 10 * (0.5 - 1) ** 2}),
        (
            {"r1": constant(2), "r2": constant(2), "gradient_penalty": 1},
            {"r1": 0.25, "r2": 0.25, "gradient_penalty": 0.25},
        ),
    ],
    ids=["r1", "r2", "gradient penalty", "all"],
)
def test_penalties_weigh_what_the_settings_say(settings, expected):
    discriminator, generator = terms(duel(**settings))
    del discriminator["adversarial"]
    assert discriminator == pytest.approx(expected)
    assert set(generator) == {"adversarial"}


def test_penalties_are_due_only_every_nth_round_and_are_then_n_times_as_heavy():
    game = duel(r1=constant(2), r2=constant(2), gradient_penalty=1, penalty_every=4)
    dues = {number: terms(game, Moment(round=number))[0] for number in range(9)}
    assert [number for number, due in dues.items() if "r1" in due] == [0, 4, 8]
    assert all(set(dues[number]) == {"adversarial"} for number in (1, 2, 3, 5, 6, 7))
    for name in ("r1", "r2", "gradient_penalty"):
        assert dues[4][name] == pytest.approx(4 * 0.25)


def test_a_schedule_moves_a_penalty_and_zero_costs_no_pass():
    game = duel(r1=ramp(1, 2, start=0.0, end=8.0))
    assert "r1" not in terms(game, Moment(shown=1000))[0]
    assert terms(game, Moment(shown=1500))[0]["r1"] == pytest.approx(4 / 2 * 0.25)


def test_a_roll_back_makes_penalties_and_mode_seeking_heavier():
    game = duel(r1=constant(2), mode_seeking=1, mode_seeking_clamp=100)
    before = terms(game)
    after = terms(game, Moment(penalty_scale=2, spread_scale=3))
    assert after[0]["r1"] == pytest.approx(2 * before[0]["r1"])
    assert after[1]["mode_seeking"] == pytest.approx(3 * before[1]["mode_seeking"])
    assert after[0]["adversarial"] == before[0]["adversarial"]


def test_feature_matching_compares_mean_features():
    # Mean work 0.75 against 0.5; the second layer doubles the difference.
    _, generator = terms(duel(feature_matching=8))
    assert generator["feature_matching"] == pytest.approx(8 * (0.25**2 + 0.5**2) / 2)


def test_mode_seeking_compares_neighbours():
    game = duel(mode_seeking=0.5, mode_seeking_clamp=100)
    latent_BZ = Moment().draw("latent", 2, 3)
    ratio = 3 / (latent_BZ[0] - latent_BZ[1]).abs().mean().item()  # the fakes 2 and -1 are 3 apart
    expected = 0.5 * (1 / (ratio + 1e-5) - 1 / (100 + 1e-5))
    assert terms(game)[1]["mode_seeking"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("works", "expected"), [(4, [0, 0, 2, 2]), (5, [0, 0, 2, 2, 4]), (1, [0])])
def test_the_two_of_a_pair_share_their_condition_but_not_their_latent(works, expected):
    condition = torch.eye(works)
    game = duel(painter=Painter(torch.zeros(works, 1)), mode_seeking=1)
    deal = game.deal(batch(condition, torch.zeros(works, 1)), Moment())
    assert deal.fake_condition_BC.argmax(1).tolist() == expected
    assert torch.equal(deal.real_condition_BC, condition)
    assert len(set(deal.latent_BZ[:, 0].tolist())) == works


def test_without_pairs_every_fake_answers_to_a_real_works_condition():
    deal = duel().deal(batch(torch.eye(2)), Moment())
    assert torch.equal(deal.fake_condition_BC, torch.eye(2))


def test_a_single_work_has_no_partner_to_differ_from():
    game = duel(painter=Painter(torch.zeros(1, 1)), mode_seeking=1)
    assert "mode_seeking" not in terms(game, real=torch.ones(1, 1))[1]


@pytest.mark.parametrize(("shown", "fade"), [(0, 0.0), (1500, 0.5), (5000, 1.0)])
def test_the_fade_multiplies_every_condition(shown, fade):
    game = duel(fade=ramp(1, 2), r1=constant(1), loss="relativistic")
    told = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    game_terms = terms(game, Moment(shown=shown), condition=told)
    assert "r1" in game_terms[0]
    heard = game.players["generator"].told + game.players["discriminator"].told
    assert len(heard) == 6  # painted once; judged real, fake, a penalty, fake again, real again
    assert all(torch.equal(condition_BC, fade * told) for condition_BC in heard)


def test_fakes_are_painted_once_and_seen_once_for_both_turns():
    looks: list[int] = []

    def view(sample: Tensor, strength: float, dice: torch.Generator) -> Tensor:
        looks.append(len(looks))
        return sample

    game = duel(view)
    deal = game.deal(batch(), Moment())
    for turn in game.turns:
        turn.objective(deal)
    assert game.players["generator"].painted == 1
    assert len(looks) == 2  # the real works and the fakes


def test_each_players_losses_move_that_player_alone():
    game = duel(r1=constant(1), r2=constant(1), gradient_penalty=1, mode_seeking=1, feature_matching=1)
    deal = game.deal(batch(), Moment())
    for turn, other in zip(game.turns, ("generator", "discriminator"), strict=True):
        with only_moving(game.players, turn.player):
            torch.stack(list(turn.objective(deal).values())).sum().backward()
        assert all(weight.grad is None for weight in game.players[other].parameters())
        moved = list(game.players[turn.player].parameters())
        assert all(weight.grad is not None for weight in moved)
        for weight in moved:
            weight.grad = None


def test_the_generator_answers_to_the_discriminator_that_has_moved():
    game = duel(loss="relativistic")
    deal = game.deal(batch(), Moment())
    game.discriminator_turn(deal)
    with torch.no_grad():
        game.players["discriminator"].slope.fill_(1.0)
    # The scores are now 1, 0.5 against 2, -1: softplus(-1) and softplus(1.5).
    assert game.generator_turn(deal)["adversarial"].item() == pytest.approx(
        (0.313262 + 1.701413) / 2, abs=1e-5
    )


def test_a_penalty_sees_works_with_the_dice_of_the_deal():
    rolled: list[tuple[float, float, bool]] = []

    def view(sample: Tensor, strength: float, dice: torch.Generator) -> Tensor:
        rolled.append((torch.rand((), generator=dice).item(), strength, sample.requires_grad))
        return sample

    terms(duel(view, r1=constant(1), r2=constant(1)), Moment(strength=0.4))
    (real, fake, again_real, again_fake) = rolled
    assert real[0] == again_real[0] != fake[0] == again_fake[0]
    assert {strength for _, strength, _ in rolled} == {0.4}
    assert [tracked for *_, tracked in rolled] == [False, True, True, True]


@pytest.mark.parametrize(
    ("loss", "sign"),
    # Real scores 0.5 and 0.25 from zero; from a half; from the mean fake score 0.25.
    [("hinge", 1.0), ("non_saturating", 1.0), ("least_squares", -0.5), ("relativistic", 0.5)],
)
def test_gauges_tell_mean_scores_and_the_sign_of_overfitting(loss, sign):
    game = duel(loss=loss, fade=constant(0.25))
    deal = game.deal(batch(), Moment())
    game.discriminator_turn(deal)
    expected = {"score_real": 0.375, "score_fake": 0.25, "sign_real": sign, "fade": 0.25}
    assert game.gauges(deal) == pytest.approx(expected)


class Stretcher(nn.Module):
    """A generator with a mapped latent that it stretches threefold into a work of one channel."""

    def __init__(self) -> None:
        super().__init__()
        self.stretch = nn.Parameter(torch.tensor(3.0))

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return self.render(self.map(latent_BZ, condition_BC))

    def map(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return latent_BZ[:, :1] * self.stretch

    def render(self, latent_BW: Tensor) -> Tensor:
        return latent_BW * 3


def test_path_length_uses_map_and_render_and_keeps_its_mean_in_a_checkpoint():
    game = duel(painter=Stretcher(), path_length=2, penalty_every=4)
    moments = [Moment(round=0), Moment(round=4)]
    mean = 0.0
    for moment in moments:
        noise = torch.randn(2, 1, generator=moment.own_dice("path length"))
        length_B = 3 * noise.abs()[:, 0]  # a step in W moves the work three times as far
        mean += 0.01 * (length_B.mean().item() - mean)
        expected = 2 * 4 * (length_B - mean).square().mean().item()
        assert terms(game, moment)[1]["path_length"] == pytest.approx(expected, rel=1e-4)
    assert game.players["path_length"].state_dict()["mean"].item() == pytest.approx(mean, rel=1e-4)
    assert "path_length" not in terms(game, Moment(round=5))[1]
    assert set(game.players["generator"].state_dict()) == {"stretch"}  # what is published stays as it was


def test_a_generator_in_half_precision_meets_real_works_in_full():
    game = duel(painter=Painter(FAKE.bfloat16()), gradient_penalty=1, mode_seeking=1)
    discriminator, generator = terms(game)
    assert discriminator["gradient_penalty"] == pytest.approx(0.25)
    assert generator["mode_seeking"] >= 0


@pytest.mark.parametrize("loss", ["hinge", "wasserstein", "relativistic"])
def test_smoothing_a_loss_without_a_target_is_refused(loss):
    with pytest.raises(ValueError, match="no target"):
        duel(loss=loss, smoothing=0.1)


def test_every_loss_in_the_table_can_be_chosen():
    assert set(BY_HAND) == set(LOSSES)
    with pytest.raises(ValueError, match="loss"):
        DuelSettings(loss="minimax")


class Namer(Judge):
    """A judge that also names: of two conditions it sees the first as much as the work is large."""

    def forward(self, seen: Tensor, condition_BC: Tensor) -> Judgement:
        named_BC = torch.cat([seen * self.slope, torch.zeros_like(seen)], dim=1)
        return super().forward(seen, condition_BC)._replace(named_BC=named_BC)


def namer(**settings: object) -> Duel:
    groups = (NameGroup(first=0, last=2, exclusive=True),)
    rules = DuelSettings.model_validate(settings)
    return Duel(Painter(), Namer(), latent=3, settings=rules, groups=groups)


def test_both_players_pay_for_conditions_that_are_not_named():
    """The logit of the first is the score s; a work of the first costs softplus(-s), another softplus(s)."""
    discriminator, generator = terms(namer(auxiliary=2), condition=torch.eye(2))
    real = (math.log1p(math.exp(-0.5)) + math.log1p(math.exp(0.25))) / 2
    fake = (math.log1p(math.exp(-1.0)) + math.log1p(math.exp(-0.5))) / 2
    assert discriminator["auxiliary"] == pytest.approx(2 * (real + fake), abs=1e-6)
    assert generator["auxiliary"] == pytest.approx(2 * fake, abs=1e-6)


@pytest.mark.parametrize("fade", [0.25, 0.5])
def test_conditions_that_count_for_less_are_named_for_less_but_are_the_same(fade):
    whole, faded = (terms(namer(fade=constant(each)), condition=torch.eye(2)) for each in (1.0, fade))
    for one, other in zip(whole, faded, strict=True):
        assert other["auxiliary"] == pytest.approx(fade * one["auxiliary"], rel=1e-6)


@pytest.mark.parametrize(
    "game", [namer(auxiliary=0), namer(fade=constant(0)), duel()], ids=["no weight", "no fade", "no names"]
)
def test_where_conditions_do_not_count_they_are_not_named(game):
    assert all("auxiliary" not in each for each in terms(game, condition=torch.eye(2)))
