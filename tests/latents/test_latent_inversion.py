"""Inversion: works that a generator made are found again, with the conditions they were made under."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from huohua.latents.inversion import InversionSettings, Prior, invert, scout
from huohua.randomness import torch_generator

WIDTH, NAMES, LAYERS = 6, 2, 3


class Layers(nn.Module):
    """A generator of three layers, each of which turns what it is told into four numbers of the work."""

    layer_sizes = (1, 2, 4)

    def __init__(self) -> None:
        super().__init__()
        dice = torch_generator(3, "layers")
        self.matrices = nn.ParameterList(
            torch.randn(4, WIDTH + NAMES, generator=dice) / 3 for _ in range(LAYERS)
        )
        self.requires_grad_(False)

    def render_layers(self, latent_BLV: Tensor, condition_BLC: Tensor) -> Tensor:
        told = torch.cat([latent_BLV, condition_BLC], dim=2)
        return torch.cat([told[:, layer] @ self.matrices[layer].T for layer in range(LAYERS)], dim=1).tanh()

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return self.render_layers(
            latent_BZ[:, None].expand(-1, LAYERS, -1), condition_BC[:, None].expand(-1, LAYERS, -1)
        )


class Plain(nn.Module):
    """A generator that is told everything at once."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer(
            "matrix", torch.randn(12, WIDTH + NAMES, generator=torch_generator(4, "plain")) / 3
        )

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return (torch.cat([latent_BZ, condition_BC], dim=1) @ self.matrix.T).tanh()


PRIOR = Prior(mean_V=torch.zeros(WIDTH), deviation_V=torch.ones(WIDTH))
REACH = (torch.zeros(NAMES), torch.ones(NAMES))
QUICK = InversionSettings(scouts=64, starts=3, approach=60, parting=60, rate=0.1, likely=0.01, together=0.01)


def draw(count: int, seed: int) -> tuple[Tensor, Tensor]:
    latent_NV = torch.randn(count, WIDTH, generator=torch_generator(seed, "latents"))
    return latent_NV, torch.eye(NAMES)[torch.arange(count) % NAMES]


def find(generator: nn.Module, works: Tensor, settings: InversionSettings = QUICK, **changes):
    starts = scout(generator, lambda seen: seen, works, draw(settings.scouts, 1), settings.starts)
    options = {"reach": REACH, "prior": PRIOR, "random": torch_generator(0, "shaking"), **changes}
    return invert(generator, lambda seen: seen, works, starts, settings=settings, **options)


@pytest.mark.parametrize("generator", [Layers(), Plain()], ids=["layers", "plain"])
def test_works_of_the_generator_are_found_again(generator):
    works = generator(*draw(4, 9))
    scouted = scout(generator, lambda seen: seen, works, draw(64, 1), 1)
    before = (generator(scouted[0][:, 0], scouted[1][:, 0]) - works).square().sum(1)
    found = find(generator, works)
    assert found.latent_PLV.shape == (4, LAYERS if isinstance(generator, Layers) else 1, WIDTH)
    assert (found.distance_P < 0.02 * before).all()
    assert (found.distance_P < 0.02).all()


def test_the_distance_said_is_that_of_what_was_found():
    generator = Layers()
    works = generator(*draw(3, 9))
    found = find(generator, works)
    condition_PLC = found.condition_PC[:, None].expand(-1, LAYERS, -1)
    again = generator.render_layers(found.latent_PLV, condition_PLC)
    torch.testing.assert_close((again - works).square().sum(1), found.distance_P, rtol=1e-4, atol=1e-6)


def test_the_scouts_that_come_nearest_are_kept_in_order():
    generator = Plain()
    scouts = draw(40, 1)
    works = generator(*draw(2, 9))
    latent_PKV, condition_PKC = scout(generator, lambda seen: seen, works, scouts, 5)
    apart = (generator(*scouts)[None] - works[:, None]).norm(dim=2)
    for number in range(2):
        nearest = apart[number].argsort()[:5]
        assert torch.equal(latent_PKV[number], scouts[0][nearest])
        assert torch.equal(condition_PKC[number], scouts[1][nearest])


def test_what_is_found_for_one_work_does_not_depend_on_the_others():
    generator = Layers()
    works = generator(*draw(3, 9))
    still = QUICK.model_copy(update={"shaking": 0.0})
    together, alone = find(generator, works, still), find(generator, works[1:2], still)
    torch.testing.assert_close(together.latent_PLV[1:2], alone.latent_PLV, rtol=1e-3, atol=1e-3)


def test_the_condition_is_found_and_stays_where_it_may_be():
    generator = Plain()
    latent_BV, _ = draw(1, 9)
    works = generator(latent_BV, torch.tensor([[0.0, 1.0]]))
    found = find(generator, works)
    assert found.condition_PC.min() >= 0
    assert found.condition_PC.max() <= 1
    fixed = torch.tensor([1.0, 0.0])
    held = find(generator, works, reach=(fixed, fixed))
    assert torch.equal(held.condition_PC, fixed[None])


def test_penalties_keep_layers_together_and_vectors_short():
    """A work that no latent makes can be met by layers that drift apart, if nothing holds them."""
    generator = Layers()
    works = torch.tensor([[0.99, -0.99] * 6])
    bound = find(generator, works, QUICK.model_copy(update={"likely": 1.0, "together": 1.0}))
    loose = find(generator, works, QUICK.model_copy(update={"likely": 0.0, "together": 0.0}))

    def apart(found) -> float:
        return float((found.latent_PLV - found.latent_PLV.mean(1, keepdim=True)).square().mean())

    assert loose.distance_P < bound.distance_P
    assert apart(bound) < 0.5 * apart(loose)
    assert bound.latent_PLV.square().mean() < 1.5 < loose.latent_PLV.square().mean()


def test_one_stage_may_be_left_out():
    generator = Layers()
    works = generator(*draw(2, 9))
    together = find(generator, works, QUICK.model_copy(update={"parting": 0}))
    assert torch.equal(together.latent_PLV[:, 0], together.latent_PLV[:, 2])
    apart = find(generator, works, QUICK.model_copy(update={"approach": 0, "parting": 120}))
    assert not torch.equal(apart.latent_PLV[:, 0], apart.latent_PLV[:, 2])
    assert (apart.distance_P < 0.1).all()


@pytest.mark.parametrize("after", [1, 40, 100])
def test_a_search_that_is_stopped_returns_the_nearest_so_far(after):
    generator = Layers()
    works = generator(*draw(2, 9))
    told = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done == after:
            raise KeyboardInterrupt

    found = find(generator, works, on_step=stop)
    assert told == [(number, 120) for number in range(1, after + 1)]
    assert found.latent_PLV.shape == (2, LAYERS, WIDTH)
    assert found.distance_P.isfinite().all()


def test_places_are_counted_in_the_prior_s_own_units():
    """With a prior that is ten times as wide the same vectors are ordinary, and are not pulled in."""
    generator = Plain()
    works = generator(7 * draw(2, 9)[0], draw(2, 9)[1])
    wide = Prior(mean_V=torch.zeros(WIDTH), deviation_V=torch.full((WIDTH,), 10.0))
    strict = QUICK.model_copy(update={"likely": 5.0})
    assert find(generator, works, strict, prior=wide).latent_PLV.square().mean() > 3
    assert find(generator, works, strict).latent_PLV.square().mean() < 3
