"""How much a rhythm goes against its metre: notes struck in weak places that last over stronger ones.

Source: Longuet-Higgins and Lee 1984, "The Rhythmic Interpretation of Monophonic Music", section on
syncopation: the weight of the strongest place a note lasts over, less the weight of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from huohua.arts.music.sounding import Sounding

# Metrical weight of each step: 0 for the bar, one less for each division. Keys: (steps, compound).
WEIGHTS: Mapping[tuple[int, bool], tuple[int, ...]] = {
    (16, False): (0, -4, -3, -4, -2, -4, -3, -4, -1, -4, -3, -4, -2, -4, -3, -4),
    (12, False): (0, -3, -2, -3, -1, -3, -2, -3, -1, -3, -2, -3),
    (12, True): (0, -3, -2, -3, -2, -3, -1, -3, -2, -3, -2, -3),
    (8, False): (0, -3, -2, -3, -1, -3, -2, -3),
}
_BEYOND = -9


def syncopation(sounding: Sounding) -> np.ndarray:
    """Return points_NBR: the syncopation of the notes that each role strikes in each bar.

    A note lasts until its role strikes the next one, but no longer than a bar; what lies beyond the
    window counts for nothing.
    """
    points_NBR = np.zeros((*sounding.struck_NBSR.shape[:2], sounding.struck_NBSR.shape[3]), dtype=np.int64)
    for (steps, compound), weights in WEIGHTS.items():
        alike_N = (sounding.steps_N == steps) & (sounding.compound_N == compound)
        if alike_N.any():
            there_NBS = sounding.valid_NBS[alike_N, :, :steps]
            weight_NBS = np.where(there_NBS, np.asarray(weights), _BEYOND)
            points_NBR[alike_N] = _points(sounding.struck_NBSR[alike_N, :, :steps], weight_NBS)
    return points_NBR


def _points(struck_NBSR: np.ndarray, weight_NBS: np.ndarray) -> np.ndarray:
    """Return points_NBR of windows of one metre, looking from all notes the same distance ahead at once."""
    count, bars, steps, roles = struck_NBSR.shape
    struck_NTR = struck_NBSR.reshape(count, bars * steps, roles)
    weight_NT = weight_NBS.reshape(count, bars * steps)
    strongest_NTR = np.full(struck_NTR.shape, _BEYOND, dtype=np.int64)
    lasting_NTR = struck_NTR.copy()
    for ahead in range(1, min(steps, bars * steps)):
        lasting_NTR = lasting_NTR[:, :-1] & ~struck_NTR[:, ahead:]
        over_NTR = np.where(lasting_NTR, weight_NT[:, ahead:, None], _BEYOND)
        strongest_NTR[:, :-ahead] = np.maximum(strongest_NTR[:, :-ahead], over_NTR)
    points_NTR = np.where(struck_NTR, np.maximum(strongest_NTR - weight_NT[..., None], 0), 0)
    points_NBR: np.ndarray = points_NTR.reshape(count, bars, steps, roles).sum(axis=2)
    return points_NBR
