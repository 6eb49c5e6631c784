"""How often a newly taught judge guesses right about pieces whose songs it never met.

Letters: N pieces, K answers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.arts.music.metrics.listener import Judge, Lesson, taught, told
from huohua.errors import DataError
from huohua.randomness import derive_seed, numpy_generator

FOLDS = 4
PASSES, FEWEST_TURNS, MOST_TURNS = 8, 60, 300  # over the examples; batches in all


def judge_of(shown_N: Tensor, answer_N: Tensor, answers: int, *, seed: int) -> nn.Module:
    """Return a judge taught to give these answers; rare ones count as much as common ones."""
    weight_K = 1 / torch.bincount(answer_N, minlength=answers).clamp(min=1)
    turns = min(MOST_TURNS, max(FEWEST_TURNS, PASSES * len(shown_N) // 32))

    def loss(network: nn.Module, rows_B: Tensor) -> Tensor:
        return F.cross_entropy(network(shown_N[rows_B]), answer_N[rows_B], weight=weight_K)

    shape = tuple(shown_N.shape[1:])
    return taught(lambda: Judge(shape, answers), len(shown_N), loss, Lesson(turns=turns, seed=seed))


def guesses(
    shown_N: NDArray[np.float32],
    answer_N: NDArray[np.int64],
    song_N: Sequence[str],
    *,
    seed: int,
    folds: int = FOLDS,
) -> NDArray[np.int64]:
    """Return guess_N: for each piece what a judge says that was taught on the other folds.

    All pieces of a song are in one fold.

    Source: cross-validation of Stone 1974, "Cross-Validatory Choice and Assessment of Statistical
    Predictions", by groups.

    Raises:
        DataError: there are fewer songs of an answer than folds.
    """
    fold_N = _folds(answer_N, song_N, folds, seed)
    seen, answer = torch.from_numpy(shown_N), torch.from_numpy(answer_N)
    answers = int(answer_N.max()) + 1
    guess_N = np.empty(len(answer_N), dtype=np.int64)
    for fold in range(folds):
        held_N = fold_N == fold
        kept = torch.from_numpy(np.flatnonzero(~held_N))
        judge = judge_of(seen[kept], answer[kept], answers, seed=derive_seed(seed, "fold", fold))
        held = torch.from_numpy(np.flatnonzero(held_N))
        guess_N[held_N] = told(judge, seen[held]).argmax(dim=1).numpy()
    return guess_N


def balanced_accuracy(guess_N: NDArray[np.int64], answer_N: NDArray[np.int64]) -> float:
    """Return the mean over answers of the share of its pieces that were guessed right, 0 to 1.

    Source: Brodersen et al. 2010, "The Balanced Accuracy and Its Posterior Distribution".
    """
    shares = [float((guess_N[answer_N == answer] == answer).mean()) for answer in np.unique(answer_N)]
    return float(np.mean(shares))


def _folds(answer_N: NDArray[np.int64], song_N: Sequence[str], folds: int, seed: int) -> NDArray[np.int64]:
    """Return fold_N; the songs of each answer are dealt out over all folds."""
    dice = numpy_generator(seed, "folds")
    of_song: dict[str, int] = {}
    for answer in np.unique(answer_N):
        songs = list(
            dict.fromkeys(song for song, each in zip(song_N, answer_N, strict=True) if each == answer)
        )
        if len(songs) < folds:
            raise DataError(
                f"{len(songs)} songs of a kind are too few to guess about.",
                advice=f"Measure at least {folds} songs of each.",
            )
        for place, number in enumerate(dice.permutation(len(songs))):
            of_song.setdefault(songs[number], place % folds)
    return np.array([of_song[song] for song in song_N], dtype=np.int64)
