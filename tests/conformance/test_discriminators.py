"""What every discriminator in the table must do, whatever it is made of: to list one is to test it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from huohua.adversarial.game import Judgement, Seen, View
from huohua.adversarial.penalties import r1
from huohua.arts.image.discriminators.convolutional import fit, width_at
from huohua.arts.image.discriminators.pixel_view import PixelView
from huohua.arts.image.discriminators.table import DISCRIMINATORS
from huohua.config import Config
from huohua.randomness import torch_generator

# Small enough to be quick; a discriminator that is not here is tested at its own size.
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"widths": (24, 16)},
    "convolutional": {"widest": 32, "budget": 512},
    "growing": {"widest": 32, "budget": 512},
    "projected": {"head": 8, "pixels": 4, "look": 32},
}
SIZES = [(28, 28), (64, 64), (96, 64), (64, 96), (100, 100)]
CONDITION = 3
NAMES = list(DISCRIMINATORS)


def settings_of(name: str, **changes: Any) -> Config:
    return DISCRIMINATORS[name].settings.model_validate({**SMALL.get(name, {}), **changes})


@cache
def view_of(name: str) -> View:
    """Return how works are seen; frozen networks are read once."""
    return DISCRIMINATORS[name].view(settings_of(name))


def build(
    name: str,
    *,
    height: int = 32,
    width: int = 32,
    channels: int = 3,
    condition: int = CONDITION,
    **changes: Any,
) -> nn.Module:
    """Return a small discriminator; the same one each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        return DISCRIMINATORS[name].network(
            settings_of(name, **changes), condition=condition, height=height, width=width, channels=channels
        )


def works(count: int = 4, channels: int = 3, height: int = 32, width: int = 32, seed: int = 0) -> Tensor:
    """Return smooth works in [-1, 1]."""
    coarse = torch.randn(count, channels, 4, 4, generator=torch_generator(seed))
    return nn.functional.interpolate(coarse, (height, width), mode="bilinear").clamp(-1, 1)


def conditions(count: int = 4, condition: int = CONDITION) -> Tensor:
    return torch.eye(condition)[torch.arange(count) % condition] if condition else torch.zeros(count, 0)


def look(name: str, sample: Tensor, strength: float = 0.0, seed: int = 3) -> Seen:
    return view_of(name)(sample, strength, torch_generator(seed))


def judge(name: str, network: nn.Module, sample: Tensor, condition_BC: Tensor | None = None) -> Judgement:
    condition_BC = conditions(len(sample)) if condition_BC is None else condition_BC
    judgement = network(look(name, sample), condition_BC)
    assert isinstance(judgement, Judgement)
    return judgement


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_every_work_gets_scores_whatever_its_size(name, height, width):
    network = build(name, height=height, width=width)
    judgement = judge(name, network, works(3, height=height, width=width))
    assert judgement.score_BS.ndim == 2
    assert len(judgement.score_BS) == 3
    assert judgement.score_BS.isfinite().all()
    assert judgement.features
    assert all(len(feature) == 3 for feature in judgement.features)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("condition", [0, 1, CONDITION])
def test_any_channels_and_conditions_are_judged(name, channels, condition):
    network = build(name, channels=channels, condition=condition)
    judgement = judge(name, network, works(2, channels), conditions(2, condition))
    assert judgement.score_BS.isfinite().all()


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_reaches_the_work_and_every_weight(name):
    network, sample = build(name), works().requires_grad_()
    scores = network(look(name, sample, strength=0.5), conditions()).score_BS
    # Each score with another weight, as a sum of alike ones is blind to what they have in common.
    (scores * torch.randn(scores.shape, generator=torch_generator(1))).sum().backward()
    unreached = [
        key for key, weight in network.named_parameters() if weight.grad is None or not weight.grad.any()
    ]
    assert unreached == []
    assert sample.grad is not None
    assert (sample.grad.flatten(1).abs().sum(1) > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_condition_changes_the_score_but_does_not_drown_the_work(name):
    network = build(name).eval()
    sample, condition_BC = works(16), conditions(16)
    with torch.no_grad():
        scores = judge(name, network, sample, condition_BC).score_BS.mean(1)
        other_condition = judge(name, network, sample, condition_BC.roll(1, 1)).score_BS.mean(1)
        other_work = judge(name, network, sample.roll(CONDITION, 0), condition_BC).score_BS.mean(1)
    by_condition, by_work = (scores - other_condition).abs().mean(), (scores - other_work).abs().mean()
    assert 0.01 < by_condition / by_work < 10


@pytest.mark.parametrize("name", NAMES)
def test_an_auxiliary_classifier_names_the_condition_and_the_score_does_not_know_it(name):
    network = build(name, conditioning="auxiliary").eval()
    with torch.no_grad():
        told, other = (
            judge(name, network, works(8), row) for row in (conditions(8), conditions(8).roll(1, 1))
        )
    torch.testing.assert_close(told.score_BS, other.score_BS, rtol=0, atol=0)
    assert told.named_BC is not None
    assert told.named_BC.shape == (8, CONDITION)
    assert 0.001 < told.named_BC.std(0).min() < 10, "works are told apart"
    assert build(name).eval()(look(name, works()), conditions()).named_BC is None
    assert (
        build(name, condition=0, conditioning="auxiliary")(look(name, works()), conditions(4, 0)).named_BC
        is None
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_of_a_classifier_reaches_the_work_and_every_weight(name):
    network, sample = build(name, conditioning="auxiliary"), works().requires_grad_()
    judgement = network(look(name, sample, strength=0.5), conditions())
    assert judgement.named_BC is not None
    parts = (judgement.score_BS, judgement.named_BC)
    sum(
        (p * torch.randn(p.shape, generator=torch_generator(i))).sum() for i, p in enumerate(parts)
    ).backward()
    slopes = {key: weight.grad for key, weight in network.named_parameters()}
    assert [key for key, slope in slopes.items() if slope is None or not slope.any()] == []
    (slope,) = torch.autograd.grad(judge(name, network, sample).named_BC.square().sum(), sample)  # type: ignore[union-attr]
    assert (slope.flatten(1).abs().sum(1) > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_penalty_on_slopes_reaches_every_weight_that_shapes_them(name):
    """R1 needs the slope of a slope, through the view and whatever is frozen in it."""
    network, sample = build(name), works().requires_grad_()
    penalty = r1(sample, network(look(name, sample, strength=0.5), conditions()).score_BS)
    assert penalty > 0
    penalty.backward()
    kernels = [weight for weight in network.parameters() if weight.ndim > 1]
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in kernels)
    assert all(weight.grad.any() for weight in kernels if weight.grad is not None)


# The frozen network of the projected view works in 32 bits, which is too coarse for differences.
@pytest.mark.parametrize("name", [name for name in NAMES if DISCRIMINATORS[name].view is PixelView])
def test_the_slope_agrees_with_two_scores_a_small_step_apart(name):
    network, sample = build(name).double().eval(), works(2).double()
    step = torch.randn(sample.shape, generator=torch_generator(5), dtype=torch.float64)
    sample.requires_grad_()
    score = judge(name, network, sample, conditions(2).double()).score_BS.sum()
    (slope,) = torch.autograd.grad(score, sample)
    with torch.no_grad():
        ahead, behind = (
            judge(name, network, sample + sign * 1e-6 * step, conditions(2).double()).score_BS.sum()
            for sign in (1, -1)
        )
    torch.testing.assert_close((slope * step).sum(), (ahead - behind) / 2e-6, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_discriminator_and_the_same_scores(name):
    first, second = build(name).eval(), build(name).eval()
    before = torch.get_rng_state()
    with torch.no_grad():
        scores = [judge(name, network, works()).score_BS for network in (first, second)]
    torch.testing.assert_close(scores[0], scores[1], rtol=0, atol=0)
    assert torch.equal(torch.get_rng_state(), before), "forward threw dice"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_seen_depends_on_the_dice_only_where_works_are_augmented(name):
    def seen(strength: float, seed: int) -> list[Tensor]:
        parts = look(name, works(), strength, seed)
        return [parts] if isinstance(parts, Tensor) else list(parts)

    def alike(first: list[Tensor], second: list[Tensor]) -> bool:
        return all(torch.equal(one, other) for one, other in zip(first, second, strict=True))

    assert alike(seen(0.0, 1), seen(0.0, 2))
    assert alike(seen(1.0, 1), seen(1.0, 1))
    policy = getattr(settings_of(name), "policy", ())
    assert alike(seen(1.0, 1), seen(1.0, 2)) == (not policy)


@pytest.mark.parametrize("name", NAMES)
def test_weights_come_back_from_a_file(name, tmp_path):
    network, other = build(name).eval(), build(name).eval()
    with torch.no_grad():
        for weight in other.parameters():
            weight.add_(0.5)
    save_file(
        {key: tensor.contiguous() for key, tensor in network.state_dict().items()},
        tmp_path / "it.safetensors",
    )
    other.load_state_dict(load_file(tmp_path / "it.safetensors"), strict=True)
    with torch.no_grad():
        expected, found = (judge(name, each, works()).score_BS for each in (network, other))
    torch.testing.assert_close(found, expected, rtol=0, atol=0)


@pytest.mark.parametrize("name", NAMES)
def test_sixteen_bits_judge_nearly_the_same_and_learn_in_thirty_two(name):
    network, sample = build(name).eval(), works(8)
    with torch.no_grad():
        exact = judge(name, network, sample).score_BS
    with torch.autocast("cpu", torch.bfloat16):
        rough = judge(name, network, sample).score_BS.float()
    assert (rough - exact).abs().mean() < 0.1 * exact.std()
    rough.sum().backward()
    slopes = [weight.grad for weight in network.parameters() if weight.grad is not None]
    assert all(slope.dtype == torch.float32 and slope.isfinite().all() for slope in slopes)


@pytest.mark.parametrize("name", NAMES)
def test_the_penalty_works_in_sixteen_bits(name):
    def penalty(*, rough: bool) -> Tensor:
        network, sample = build(name).eval(), works(8).requires_grad_()
        with torch.autocast("cpu", torch.bfloat16, enabled=rough):
            found = r1(sample, judge(name, network, sample).score_BS.float())
        found.backward()
        assert all(w.grad.isfinite().all() for w in network.parameters() if w.grad is not None)
        return found.detach()

    torch.testing.assert_close(penalty(rough=True), penalty(rough=False), rtol=0.1, atol=0)


@pytest.mark.parametrize("name", NAMES)
def test_settings_read_and_write_json_and_refuse_what_they_do_not_know(name):
    kind, settings = DISCRIMINATORS[name].settings, settings_of(name)
    assert kind.from_json(settings.to_json()) == settings
    with pytest.raises(ValidationError, match="no_such_setting"):
        kind.model_validate({"no_such_setting": 1})


def test_the_classic_discriminator_has_the_classic_number_of_weights():
    """784-1024-512-256-1: the sum of (inputs + 1) x outputs."""
    kind = DISCRIMINATORS["mlp"]
    network = kind.network(kind.settings(), condition=0, height=28, width=28, channels=1)
    expected = 785 * 1024 + 1025 * 512 + 513 * 256 + 257
    assert sum(weight.numel() for weight in network.parameters()) == expected


def test_minibatch_statistics_find_out_a_generator_of_one_work():
    """The same work scores otherwise among copies of itself than among others, and only in a group."""
    kind = DISCRIMINATORS["convolutional"]
    sample = works(4)
    copies = sample[:1].expand(4, -1, -1, -1)
    difference = {}
    for group in (1, 4):
        torch.manual_seed(0)
        settings = kind.settings.model_validate({"widest": 32, "budget": 512, "group": group})
        network = kind.network(settings, condition=0, height=32, width=32, channels=3)
        with torch.no_grad():
            among_others, among_copies = (
                network(each, conditions(4, 0)).score_BS[0] for each in (sample, copies)
            )
        difference[group] = (among_others - among_copies).abs().item()
    assert difference[1] < 1e-5
    assert difference[4] > 1e-3


def test_the_fit_of_a_condition_worked_out_by_hand():
    """(1 x 3 + 2 x -1) / sqrt(2)."""
    assert fit(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, -1.0]])).item() == pytest.approx(2**-0.5)


@pytest.mark.parametrize(
    ("side", "channels"), [(64, 32), (32, 64), (28, 72), (7, 256), (3.5, 256), (1024, 8)]
)
def test_channels_follow_from_the_budget_in_steps_of_eight(side, channels):
    assert width_at(side, 2048, 256) == channels


@pytest.mark.parametrize("name", NAMES)
def test_one_that_says_it_judges_each_work_alone_does(name):
    """A duel then judges real and fake in one pass, which gives what two passes give."""
    network = build(name).eval()
    alone = getattr(network, "judges_each_alone", False)
    image, condition_BC = works(6), torch.eye(CONDITION).repeat(2, 1)
    with torch.no_grad():
        seen = view_of(name)(image, 0.0, torch_generator(0, "view"))
        whole = network(seen, condition_BC)
        parts = [network(_rows(seen, rows), condition_BC[rows]) for rows in (slice(0, 2), slice(2, 6))]
    same = torch.allclose(whole.score_BS, torch.cat([part.score_BS for part in parts]), atol=1e-5)
    assert same == alone
    for split, part in zip(whole.split(2), parts, strict=True):
        assert split.score_BS.shape == part.score_BS.shape
        assert [feature.shape for feature in split.features] == [feature.shape for feature in part.features]


def _rows(seen: Seen, rows: slice) -> Seen:
    return seen[rows] if isinstance(seen, Tensor) else tuple(part[rows] for part in seen)
