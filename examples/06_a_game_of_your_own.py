"""The engine without pictures: a duel that learns a ring of eight dots in the plane.

python examples/06_a_game_of_your_own.py
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from huohua.adversarial.duel import Duel, DuelSettings
from huohua.adversarial.game import Batch, Judgement, Moment
from huohua.adversarial.loop import Round, play
from huohua.adversarial.schedule import constant
from huohua.randomness import torch_generator


class Dots(nn.Module):
    """A generator of points: a latent in, two coordinates out."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2)
        )

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return points, (B, 2)."""
        points: Tensor = self.layers(latent_BZ)
        return points


class Critic(nn.Module):
    """A discriminator of points."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1)
        )

    def forward(self, seen: Tensor, condition_BC: Tensor) -> Judgement:
        """Return one score for each point."""
        return Judgement(self.layers(seen))


def real_points(seed: int, round_number: int, batch: int) -> Tensor:
    """Return points near one of eight dots on the unit circle."""
    dice = torch_generator(seed, "points", round_number)
    angle = torch.randint(8, (batch,), generator=dice) * (2 * math.pi / 8)
    ring = torch.stack([angle.cos(), angle.sin()], dim=1)
    return ring + 0.02 * torch.randn(batch, 2, generator=dice)


def rounds(count: int, batch: int, seed: int) -> Iterator[Round]:
    """Yield rounds of real points; points have no condition, so its length is 0."""
    for number in range(count):
        moment = Moment(round=number, shown=number * batch, seed=seed)
        points = Batch(sample=real_points(seed, number, batch), condition_BC=torch.zeros(batch, 0))
        yield Round(moments=[moment], batches=[points])


def main(count: int = 1500, batch: int = 128, seed: int = 0) -> float:
    """Play the game and return the share of generated points that lie near a dot."""
    torch.manual_seed(seed)  # fresh weights; everything later is derived from `seed`
    settings = DuelSettings(loss="relativistic", r1=constant(0.2), r2=constant(0.2))
    duel = Duel(Dots(), Critic(), latent=8, settings=settings)
    optimisers = {
        name: torch.optim.Adam(player.parameters(), lr=2e-3, betas=(0.0, 0.99))
        for name, player in duel.players.items()
    }
    for played in play(duel, rounds(count, batch, seed), optimisers, Accelerator(cpu=True)):
        if played.moment.round % 500 == 0:
            print(played.moment.round, {name: round(cost, 3) for name, cost in played.costs.items()})

    latent_BZ = torch.randn(1000, 8, generator=torch_generator(seed, "look"))
    points = duel.players["generator"](latent_BZ, torch.zeros(1000, 0))
    angle = torch.arange(8) * (2 * math.pi / 8)
    distance = torch.cdist(points, torch.stack([angle.cos(), angle.sin()], dim=1)).amin(dim=1)
    near = float((distance < 0.15).float().mean())
    print(f"{near:.0%} of the points lie near one of the eight dots")
    return near


if __name__ == "__main__":
    main()
