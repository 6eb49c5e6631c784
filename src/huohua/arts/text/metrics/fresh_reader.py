"""A fresh reader: how well one that had no part in the game tells written texts from real ones.

It is taught on one half of both and asked about the other. One half right is what chance does; the writer's
own reader would be no fair judge.

Letters: N texts, T tokens, K columns of a row.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from huohua.arts.text.networks.reader import Reader, ReaderSettings
from huohua.arts.text.rows import COLUMNS, COUNTED, TOKEN, WORK
from huohua.randomness import derive_seed, numpy_generator, torch_generator

BATCH = 32


def told_apart(
    real: Sequence[Sequence[int]],
    written: Sequence[Sequence[int]],
    *,
    vocabulary: int,
    rounds: int = 200,
    longest: int = 128,
    seed: int = 0,
) -> float:
    """Return the share of unseen texts that a fresh reader tells right, 0.5 to 1; lower is better.

    Source: Lopez-Paz and Oquab 2017, "Revisiting Classifier Two-Sample Tests", section 3.

    Args:
        real: real texts as tokens.
        written: as many written ones.
        vocabulary: how many tokens there are.
        rounds: of teaching.
        longest: tokens of a text that are read.
        seed: of the reader and of what it is taught on.
    """
    count = min(len(real), len(written)) // 2 * 2
    dice = numpy_generator(seed, "halves")
    rows_NTK = np.concatenate([_rows(_picked(some, count, dice), longest) for some in (real, written)])
    real_N = np.repeat([1.0, 0.0], count)
    taught = np.arange(2 * count) % 2 == 0
    reader = _taught(rows_NTK[taught], real_N[taught], vocabulary, rounds, longest, seed)
    with torch.inference_mode():
        asked = torch.from_numpy(rows_NTK[~taught]).split(BATCH)
        score_N = torch.cat([reader(chunk).score_B for chunk in asked])
    return float(((score_N > 0).numpy() == (real_N[~taught] > 0)).mean())


def _taught(
    rows_NTK: NDArray[np.int64],
    real_N: NDArray[np.float64],
    vocabulary: int,
    rounds: int,
    longest: int,
    seed: int,
) -> Reader:
    settings = ReaderSettings(
        vocabulary=vocabulary + 1, width=64, blocks=2, heads=2, longest=max(16, longest), dropout=0.1
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive_seed(seed, "fresh reader"))
        reader = Reader(settings)
    optimiser = torch.optim.AdamW(reader.parameters(), lr=2e-3, weight_decay=0.05)
    dice, drops = numpy_generator(seed, "batches"), torch_generator(seed, "dropout")
    for _ in range(rounds):
        chosen = dice.integers(0, len(rows_NTK), BATCH)
        score_B = reader(torch.from_numpy(rows_NTK[chosen]), drops).score_B
        loss = F.binary_cross_entropy_with_logits(score_B, torch.from_numpy(real_N[chosen]).float())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return reader.eval()


def _picked(some: Sequence[Sequence[int]], count: int, dice: np.random.Generator) -> list[Sequence[int]]:
    return [some[int(number)] for number in dice.permutation(len(some))[:count]]


def _rows(texts: Sequence[Sequence[int]], longest: int) -> NDArray[np.int64]:
    """Return rows_NTK that say nothing but tokens, moved up by one, so that 0 fills them."""
    rows_NTK = np.zeros((len(texts), longest, COLUMNS), dtype=np.int64)
    for number, text in enumerate(texts):
        tokens = np.asarray(text[:longest], dtype=np.int64) + 1
        rows_NTK[number, : len(tokens), TOKEN] = tokens
        rows_NTK[number, : len(tokens), WORK] = rows_NTK[number, : len(tokens), COUNTED] = 1
    return rows_NTK
