"""Training a DCGAN or a peer for so many minutes on real works, and keeping pictures nobody chose.

The steps and the networks are those of `peers.py`. What is added is what a person would have to write around
them: the works in batches, a clock, and going on after a loss that is not a number, as both packages' own
command lines do, three times at most.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from peers import Peer
from torch import Tensor

from huohua.arts.image.feed import as_pixels, as_samples

MOST_STUMBLES = 3  # in a row
CHUNK = 16  # pictures drawn at once


@dataclass(frozen=True, kw_only=True)
class Training:
    """What a training consisted of.

    Attributes:
        rounds: that were played.
        shown: works shown.
        seconds: of the clock, spent in rounds.
        processor_seconds: spent in them.
        stumbles: rounds in which a loss was not a number.
    """

    rounds: int
    shown: int
    seconds: float
    processor_seconds: float
    stumbles: int


def train_for(peer: Peer, real: Iterator[Tensor], seconds: float) -> Training:
    """Play rounds until the clock says that so many seconds were spent in them.

    Args:
        peer: who plays.
        real: batches of real works, image_BCHW in [-1, 1], without end; fetching them is not counted.
        seconds: the budget; the round in which it ends is played to its end.

    Raises:
        ArithmeticError: losses were not numbers three times in a row.
    """
    rounds = shown = stumbles = in_a_row = 0
    spent = processor = 0.0
    while spent < seconds:
        batch = next(real)
        wall, own = time.perf_counter(), time.process_time()
        stumbled = _step(peer, batch)
        spent += time.perf_counter() - wall
        processor += time.process_time() - own
        rounds, shown, stumbles = rounds + 1, shown + len(batch), stumbles + stumbled
        in_a_row = in_a_row + 1 if stumbled else 0
        if in_a_row >= MOST_STUMBLES:
            raise ArithmeticError(f"after {shown} works losses were not numbers {in_a_row} times in a row")
    return Training(rounds=rounds, shown=shown, seconds=spent, processor_seconds=processor, stumbles=stumbles)


def batches(images_NHWC: NDArray[np.uint8], batch: int, seed: int) -> Iterator[Tensor]:
    """Yield batches for ever: every work once, in a new order, before any comes again."""
    dice = np.random.default_rng(seed)
    waiting = np.empty(0, dtype=np.intp)
    while True:
        while len(waiting) < batch:
            waiting = np.concatenate([waiting, dice.permutation(len(images_NHWC))])
        chosen, waiting = waiting[:batch], waiting[batch:]
        yield as_samples(images_NHWC[chosen]).contiguous()


def seed_everything(seed: int) -> None:
    """Seed the dice that the peers draw from: torch's and Python's own."""
    torch.manual_seed(seed)
    random.seed(seed)


def pictures(peer: Peer, count: int) -> NDArray[np.uint8]:
    """Return pixels_NHWC of fresh latents, none of them chosen."""
    drawn = [peer.sample(min(CHUNK, count - start)) for start in range(0, count, CHUNK)]
    return as_pixels(torch.cat(drawn))


def _step(peer: Peer, batch: Tensor) -> bool:
    """Play a round; return whether a loss was not a number, which the packages say by an exception."""
    try:
        peer.step(batch)
    except Exception as error:
        if type(error).__name__ != "NanException":
            raise
        return True
    return False
