"""The small network that measures music, and how it is taught: a few layers along time, the same each time.

It is no part of any model and must not become one: a generator that is trained against what it is measured
with is measured no longer.

Letters: N pieces, B batch, C channels, T steps, U coarse steps, F features, K answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.randomness import derive_seed, torch_generator

WIDTH = 64
COARSE = 8  # steps that one coarse step stands for: half a bar of sixteenths
BATCH = 32
LEARNING_RATE, DECAY = 2e-3, 5e-2

Network = TypeVar("Network", bound=nn.Module)


class Listener(nn.Module):
    """Features of what is shown: three convolutions along time, each halving it, then mean and maximum.

    Source: the pattern of fully convolutional networks for series of Wang et al. 2017, "Time Series
    Classification from Scratch with Deep Neural Networks: A Strong Baseline".

    Args:
        channels: of what is shown.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        sizes = [channels, WIDTH, WIDTH, WIDTH]
        self.convolutions = nn.ModuleList(
            [nn.Conv1d(into, out, kernel_size=5, stride=2, padding=2) for into, out in pairwise(sizes)]
        )
        self.norms = nn.ModuleList([nn.GroupNorm(8, WIDTH) for _ in self.convolutions])

    def along(self, shown_BCT: Tensor) -> Tensor:
        """Return heard_BFU, one column for each coarse step."""
        heard = shown_BCT
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            heard = F.gelu(norm(convolution(heard)))
        return heard

    def forward(self, shown_BCT: Tensor) -> Tensor:
        """Return feature_BF of whole pieces."""
        heard_BFU = self.along(shown_BCT)
        return torch.cat([heard_BFU.mean(dim=2), heard_BFU.amax(dim=2)], dim=1)


class Judge(nn.Module):
    """Answers about pieces: a listener, and a layer on what it heard; or that layer alone on numbers given.

    Source: as `Listener`; dropout of Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural
    Networks from Overfitting", keeps it from learning few pieces by heart.

    Args:
        shape: of what it is shown, without the batch: (C, T) or (F,).
        answers: how many.
    """

    def __init__(self, shape: tuple[int, ...], answers: int) -> None:
        super().__init__()
        by_ear = len(shape) == 2
        self.listener = Listener(shape[0]) if by_ear else nn.Linear(shape[0], 2 * WIDTH)
        self.answer = nn.Linear(2 * WIDTH, answers)

    def forward(self, shown: Tensor) -> Tensor:
        """Return score_BK of each answer."""
        score_BK: Tensor = self.answer(F.dropout(F.gelu(self.listener(shown)), 0.3, self.training))
        return score_BK


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """How long and with what dice a network is taught.

    Attributes:
        turns: batches of `BATCH`.
        seed: of weights, batches and dropout.
    """

    turns: int
    seed: int


def taught(
    build: Callable[[], Network], count: int, loss: Callable[[Network, Tensor], Tensor], lesson: Lesson
) -> Network:
    """Return a new network taught on batches of `count` examples; nothing outside is changed.

    Source: Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", AdamW, with the learning rate
    falling along a cosine.

    Args:
        build: makes the network.
        count: examples there are.
        loss: takes the network and the numbers of a batch's examples.
        lesson: how long.
    """
    dice = torch_generator(lesson.seed, "batches")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive_seed(lesson.seed, "weights"))
        network = build()
        network.train()
        optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=DECAY)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, lesson.turns)
        for _ in range(lesson.turns):
            rows_B = torch.randint(count, (min(BATCH, count),), generator=dice)
            optimiser.zero_grad()
            loss(network, rows_B).backward()
            optimiser.step()
            falling.step()
    network.eval()
    return network


def told(network: nn.Module, shown_N: Tensor) -> Tensor:
    """Return what a network says of examples, a few at a time."""
    with torch.inference_mode():
        return torch.cat([network(part) for part in shown_N.split(4 * BATCH)])
