"""What every metric expects of its input: a finite table with one row of features for each work."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from huohua.errors import DataError

Features = NDArray[np.floating[Any]]
Doubles = NDArray[np.float64]


def check_features(feature_NF: Features, *, least: int = 1, whose: str = "the works") -> Doubles:
    """Return the features in double precision, or say why they cannot be measured.

    Args:
        feature_NF: features of any float type; one row for each work, no units.
        least: the smallest number of rows that the metric can use.
        whose: what the rows are, for the message.

    Raises:
        DataError: the array is not (N, F), has fewer than `least` rows, or is not finite.
    """
    checked_NF: Doubles = np.asarray(feature_NF, dtype=np.float64)
    if checked_NF.ndim != 2 or checked_NF.shape[1] == 0:
        raise DataError(
            f"The features of {whose} have shape {checked_NF.shape}.",
            advice="Give one row of features for each work.",
        )
    if len(checked_NF) < least:
        raise DataError(
            f"This figure needs at least {least} rows of features of {whose}; there are {len(checked_NF)}.",
            advice="Measure more works.",
        )
    if not np.isfinite(checked_NF).all():
        raise DataError(
            f"The features of {whose} hold infinite or undefined numbers.",
            advice="Check the model for divergence; its samples cannot be measured.",
        )
    return checked_NF


def check_pair(fake_NF: Features, real_MF: Features, *, least: int = 1) -> tuple[Doubles, Doubles]:
    """Return two checked tables that have the same features; see `check_features`.

    Raises:
        DataError: one table cannot be measured, or their numbers of features differ.
    """
    fake_NF = check_features(fake_NF, least=least, whose="the generated works")
    real_MF = check_features(real_MF, least=least, whose="the real works")
    if fake_NF.shape[1] != real_MF.shape[1]:
        raise DataError(
            f"Generated works have {fake_NF.shape[1]} features and real works {real_MF.shape[1]}.",
            advice="Describe both with the same feature network.",
        )
    return fake_NF, real_MF
