"""A toy art for tests of the engine: a ring of eight small clouds of points in the plane.

Letters: B works, Z latent, C condition.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from numpy.typing import NDArray
from torch import Tensor, nn

from huohua.adversarial.duel import Duel, DuelSettings
from huohua.adversarial.events import Event
from huohua.adversarial.game import Batch, Judgement, Moment, Seen
from huohua.adversarial.run import Budget, Run, RunSettings
from huohua.adversarial.schedule import constant, ramp
from huohua.randomness import torch_generator

CLOUDS = 8
SPREAD = 0.06
LATENT = 4


def centres() -> Tensor:
    """Return the (8, 2) middles of the clouds, on a circle of radius one."""
    angle = torch.arange(CLOUDS) * (2 * math.pi / CLOUDS)
    return torch.stack([angle.cos(), angle.sin()], dim=1)


class RingWorks:
    """Points of the ring; the condition, if wanted, names the cloud."""

    def __init__(
        self, works: int = 512, *, labelled: bool = False, on_take: Callable[[Moment], object] | None = None
    ) -> None:
        self.on_take = on_take or (lambda moment: None)
        cloud_N = torch.arange(works) % CLOUDS
        noise = torch.randn(works, 2, generator=torch_generator(0, "ring"))
        self.point_N2 = centres()[cloud_N] + SPREAD * noise
        self.condition_NC = nn.functional.one_hot(cloud_N, CLOUDS).float()[:, : CLOUDS if labelled else 0]

    def __len__(self) -> int:
        return len(self.point_N2)

    def take(self, numbers: NDArray[np.int64], moment: Moment) -> Batch:
        chosen = torch.from_numpy(numbers)
        # A hook may spoil the works of a moment: what it returns is added to every point.
        spoilt = self.on_take(moment) or 0.0
        return Batch(sample=self.point_N2[chosen] + spoilt, condition_BC=self.condition_NC[chosen])


class Sketcher(nn.Module):
    """Latent and condition to a point, by way of a mapped latent."""

    def __init__(self, *, width: int = 32, condition: int = 0) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(LATENT + condition, width), nn.LeakyReLU(0.2))
        self.outer = nn.Sequential(nn.Linear(width, width), nn.LeakyReLU(0.2), nn.Linear(width, 2))

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return self.render(self.map(latent_BZ, condition_BC))

    def map(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        return self.inner(torch.cat([latent_BZ, condition_BC], dim=1))

    def render(self, latent_BW: Tensor) -> Tensor:
        return self.outer(latent_BW)


class Critic(nn.Module):
    """A point and its condition to one score."""

    def __init__(self, *, width: int = 32, condition: int = 0) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(2 + condition, width), nn.LeakyReLU(0.2), nn.Linear(width, width), nn.LeakyReLU(0.2)
        )
        self.score = nn.Linear(width, 1)

    def forward(self, seen: Seen, condition_BC: Tensor) -> Judgement:
        feature_BW = self.body(torch.cat([seen, condition_BC], dim=1))
        return Judgement(self.score(feature_BW), (feature_BW,))


class RingInspector:
    """Measures how many points lie in a cloud, and how many clouds are reached."""

    def __init__(self, figures: Callable[[nn.Module], Mapping[str, float]] | None = None) -> None:
        self.script = figures
        self.measured = 0
        self.published: list[dict[str, Any]] = []

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        self.measured += 1
        return self.script(network) if self.script else ring_figures(network)

    def preview(self, network: nn.Module, shown: int) -> str:
        return f"previews/{shown:09d}.png"

    def publish(self, network: nn.Module, shown: int, seconds: float, figures: Mapping[str, float]) -> None:
        self.published.append({"shown": shown, "figures": dict(figures)})


@torch.no_grad()
def ring_figures(network: nn.Module) -> dict[str, float]:
    """Return the share of points within four spreads of a middle, and the share of clouds reached."""
    latent_BZ = torch.randn(512, LATENT, generator=torch_generator(0, "probes"))
    condition = network.inner[0].in_features - LATENT
    point_B2 = network(latent_BZ, torch.zeros(512, condition))
    distance_B, cloud_B = torch.cdist(point_B2, centres()).min(dim=1)
    valid_B = distance_B < 4 * SPREAD
    counts = torch.bincount(cloud_B[valid_B], minlength=CLOUDS)
    reached = float((counts >= 512 / CLOUDS / 5).float().mean())
    return {"valid": float(valid_B.float().mean()), "reached": reached}


def plain_accelerator() -> Accelerator:
    """Return an Accelerator on the processor, in 32 bits, whatever an earlier test has asked for."""
    AcceleratorState._reset_state()
    return Accelerator(cpu=True)


def toy_duel(
    settings: DuelSettings, *, width: int = 32, condition: int = 0, seed: int = 0, **parts: Any
) -> Duel:
    """Return a duel on the ring whose first weights follow from the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator = parts.pop("generator", None) or Sketcher(width=width, condition=condition)
        discriminator = parts.pop("discriminator", None) or Critic(width=width, condition=condition)
    return Duel(generator, discriminator, latent=LATENT, settings=settings, **parts)


def toy_optimisers(duel: Duel, rate: float, *, plain: bool = False) -> dict[str, torch.optim.Optimizer]:
    """Return an Adam, or plain descent, for each of the two players."""
    players = {name: list(duel.players[name].parameters()) for name in ("discriminator", "generator")}
    if plain:
        return {name: torch.optim.SGD(weights, lr=rate) for name, weights in players.items()}
    return {
        name: torch.optim.Adam(weights, lr=rate, betas=(0.0, 0.99), fused=True)
        for name, weights in players.items()
    }


def toy_run(
    folder: Path,
    *,
    duel: Duel | None = None,
    rate: float = 2e-3,
    plain: bool = False,
    shown: int | None = 640,
    seconds: float | None = None,
    works: Any = None,
    inspector: Any = None,
    listeners: tuple[Callable[[Event], None], ...] = (),
    seed: int = 0,
    **settings: Any,
) -> Run:
    """Return a short run on the ring, of 20 rounds unless told otherwise."""
    duel = duel or toy_duel(DuelSettings(r1=constant(0.2)))
    defaults = {"batch": 32, "tick_kimg": 0.32, "save_seconds": 1e6, "average_half_life_kimg": 0.2}
    return Run(
        folder,
        game=duel,
        optimisers=toy_optimisers(duel, rate, plain=plain),
        works=works or RingWorks(),
        inspector=inspector or RingInspector(),
        settings=RunSettings.model_validate(defaults | settings),
        budget=Budget(shown=shown, seconds=seconds),
        seed=seed,
        accelerator=plain_accelerator(),
        listeners=listeners,
    )


def everything_of(run: Run) -> dict[str, Any]:
    """Return all that a run has learnt and counted, time aside, to be compared with another's."""
    networks = {**run.game.players, "average": run.average.network}
    return {
        "networks": {name: dict(network.state_dict()) for name, network in networks.items()},
        "optimisers": {name: optimiser.state_dict() for name, optimiser in run.optimisers.items()},
        "strength": run.strength.state(),
        "health": run.health.state(),
        "counters": (run.shown, run.round, run._signs),
    }


def equal(one: Any, other: Any) -> bool:
    """Return whether two nests of tensors and plain data are the same, bit for bit."""
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    return bool(one == other)


def rich_run(
    folder: Path, *, works: RingWorks | None = None, path_length: bool = True, **settings: Any
) -> Run:
    """Return a run of 20 rounds in which everything that has a state moves: means, strength, schedules.

    Without the penalty of path length, whose mean is not that of the parts' means, it does not matter
    how a round is shared out.
    """
    rules = DuelSettings(
        r1=ramp(0.1, 0.5, start=0.1, end=0.3),
        path_length=1e-3 * path_length,
        mode_seeking=1e-3,
        penalty_every=2,
        fade=ramp(0.1, 0.4),
    )
    duel = toy_duel(rules, condition=CLOUDS)
    adaptation = {"start": 0.5, "kimg_to_full": 1.0, "adjust_every": 3}
    defaults = {"adaptation": adaptation, "learning_rate": ramp(0.2, 0.6, start=1.0, end=0.5)}
    inspector = RingInspector(
        lambda network: {"diversity_ratio": 0.6 + 0.1 * float(network.inner[0].weight.abs().mean())}
    )
    works = works or RingWorks(labelled=True)
    return toy_run(folder, duel=duel, works=works, inspector=inspector, **(defaults | settings))
