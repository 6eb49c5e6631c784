"""What comes back: how alike the bars of a piece are, and whether its theme returns.

A bar is described by what sounds in it and when it is struck: twelve pitch classes and its steps, each part
brought to length 1, so that both weigh the same. The likeness of two bars is the cosine of the two.

Letters: B bars, F features, D bars of a theme.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.metrics.notes import PITCHED, Notes
from huohua.arts.music.metrics.rolls import onsets, pitch_classes, sounding
from huohua.arts.music.metrics.tally import Tally
from huohua.arts.music.roles import Role

Doubles = NDArray[np.float64]
THEME = 2  # bars


def bar_features(notes: Notes, roles: Iterable[Role] = PITCHED) -> Doubles:
    """Return feature_BF: pitch classes by how long they sound, and steps that are struck; silence is 0."""
    note_N3 = notes.together(roles)
    class_T12 = pitch_classes(sounding(note_N3, notes.length))
    class_B12 = class_T12.reshape(notes.bars, notes.steps, 12).sum(axis=1)
    rhythm_BS = onsets(notes, note_N3)
    feature_BF: Doubles = np.concatenate([_unit(class_B12), _unit(rhythm_BS)], axis=1) / np.sqrt(2)
    return feature_BF


def self_similarity(notes: Notes, roles: Iterable[Role] = PITCHED) -> Doubles:
    """Return likeness_BB of every two bars, 0 to 1; a bar in which nothing sounds is like no other.

    Source: Foote 1999, "Visualizing Music and Audio using Self-Similarity", cosine of bars' features.
    """
    feature_BF = bar_features(notes, roles)
    likeness_BB: Doubles = np.clip(feature_BF @ feature_BF.T, 0, 1)
    return likeness_BB


def repetition(notes: Notes) -> Tally:
    """Return how like an earlier bar each bar is at best, over the bars from the second on.

    Source: the largest entries before the diagonal of Foote 1999, `self_similarity`.
    """
    likeness_BB = self_similarity(notes)
    before_B = [float(likeness_BB[bar, :bar].max()) for bar in range(1, notes.bars)]
    return Tally(sum(before_B), len(before_B))


def theme_return(notes: Notes, *, theme: int = THEME) -> Tally:
    """Return how like the first bars the best later stretch of as many is, bar by bar; a piece counts as one.

    A stretch that begins right after the theme counts, since a theme may be said twice. Pieces too short for
    a second stretch are left out.

    Source: the largest mean along diagonals of Foote 1999, `self_similarity`, from the theme's rows.
    """
    found = theme_likeness(notes, theme=theme)
    return Tally(float(found.max()), 1) if len(found) else Tally(0, 0)


def theme_likeness(notes: Notes, *, theme: int = THEME, after: int = 0) -> Doubles:
    """Return how like the first bars each later stretch of as many is.

    Args:
        notes: the piece.
        theme: bars of the theme.
        after: bars that are passed over, counted from the end of the theme.
    """
    likeness_BB = self_similarity(notes)
    bars_D = np.arange(theme)
    starts = range(theme + after, notes.bars - theme + 1)
    return np.array([likeness_BB[bars_D, start + bars_D].mean() for start in starts])


def _unit(amount_BF: NDArray[np.generic]) -> Doubles:
    feature_BF = np.asarray(amount_BF, dtype=np.float64)
    length_B1 = np.linalg.norm(feature_BF, axis=1, keepdims=True)
    unit_BF: Doubles = np.divide(feature_BF, length_B1, out=np.zeros_like(feature_BF), where=length_B1 > 0)
    return unit_BF
