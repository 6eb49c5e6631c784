"""Can a judge tell generated pieces from real ones? Half right is chance, and chance is perfect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.metrics.guessing import balanced_accuracy, guesses
from huohua.metrics.copying import share_deviation


@dataclass(frozen=True, kw_only=True)
class Told:
    """How well two sets can be told apart.

    Attributes:
        accuracy: share that the judge guessed right, sides counting alike; 0.5 is chance.
        deviation: the standard deviation of that by chance, songs counting and not windows.
    """

    accuracy: float
    deviation: float


def two_sample_accuracy(
    fake_N: NDArray[np.float32],
    real_M: NDArray[np.float32],
    *,
    fake_songs: Sequence[str],
    real_songs: Sequence[str],
    seed: int,
) -> Told:
    """Return how often a judge tells pieces of two sides apart that it was not taught on.

    A judge of its own is taught for each fold, by cross-validation over songs. What it cannot tell is not
    shown to be the same: read it beside what it tells of shuffled roles, patchwork and noise.

    Source: Lopez-Paz and Oquab 2017, "Revisiting Classifier Two-Sample Tests": the accuracy on held-out
    examples, whose variance by chance is a quarter of one over their number.

    Args:
        fake_N: generated pieces as networks are shown them, or as numbers.
        real_M: real ones likewise.
        fake_songs: which song each is of.
        real_songs: likewise.
        seed: of folds and weights.

    Raises:
        DataError: a side has fewer songs than folds.
    """
    count = min(len(fake_N), len(real_M))
    shown = np.concatenate([fake_N[:count], real_M[:count]])
    answer = np.repeat([0, 1], count)
    # A song of one side is never one of the other's.
    songs = [f"fake {song}" for song in fake_songs[:count]] + [f"real {song}" for song in real_songs[:count]]
    guess = guesses(shown, answer, songs, seed=seed)
    accuracy = balanced_accuracy(guess, answer)
    independent = len(set(songs))
    return Told(accuracy=accuracy, deviation=share_deviation(accuracy * independent, independent))
