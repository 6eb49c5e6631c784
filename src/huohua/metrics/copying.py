"""Copying: how many generated works are closer to a real one than real works are to one another.

Similarity is the cosine between features, from -1 to 1, which does not mind how strongly a feature
network answers. What counts as a copy depends on the data (photographs of one fruit are alike, paintings
by one hand less), so the threshold is read off the real works themselves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huohua.metrics.distances import row_blocks
from huohua.metrics.features import Doubles, Features, check_features, check_pair

QUANTILE = 0.99


def nearest(fake_NF: Features, real_MF: Features) -> tuple[NDArray[np.intp], Doubles]:
    """Return (index_N, similarity_N): each generated work's most similar real work and how similar, -1 to 1.

    Works whose features are all 0 are similar to nothing (0).

    Source: nearest training neighbours in a feature space, as in Somepalli et al. 2023, "Diffusion Art or
    Digital Forgery?".

    Example:
        >>> import numpy as np
        >>> index_N, similarity_N = nearest(np.array([[0.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
        >>> index_N.tolist(), similarity_N.tolist()
        ([1], [1.0])

    Raises:
        DataError: a side is empty, or the features cannot be measured.
    """
    fake_NF, real_MF = check_pair(fake_NF, real_MF)
    return _nearest(_unit(fake_NF), _unit(real_MF), itself=False)


def copy_threshold(real_NF: Features, *, quantile: float = QUANTILE) -> float:
    """Return the similarity that only the most alike real works exceed, -1 to 1.

    Each real work is compared with its nearest other one, and the `quantile` of those similarities is
    the threshold: at 0.99, one real work in a hundred looks like a copy of another. Copies left in the data
    therefore raise it.

    Source: the quantile calibration of a two-sample nearest neighbour test; Meehan et al. 2020, "A
    Non-Parametric Test to Detect Data-Copying in Generative Models", compare with real distances likewise.

    Raises:
        DataError: there are fewer than two rows, or the features cannot be measured.
    """
    real_NF = _unit(check_features(real_NF, least=2, whose="the real works"))
    _, similarity_N = _nearest(real_NF, real_NF, itself=True)
    return float(np.quantile(similarity_N, quantile))


def copy_rate(fake_NF: Features, real_MF: Features, threshold: float | None = None) -> float:
    """Return the share of generated works more similar to a real one than `threshold`, from 0 to 1.

    Without a threshold `copy_threshold` reads it off the real works; read the rate beside the 1 % that
    they then show among themselves.

    Source: Somepalli et al. 2023, with the threshold of `copy_threshold`.

    Raises:
        DataError: a side has too few rows, or the features cannot be measured.
    """
    _, similarity_N = nearest(fake_NF, real_MF)
    limit = copy_threshold(real_MF) if threshold is None else threshold
    return float(np.mean(similarity_N > limit))


def _unit(feature_NF: Doubles) -> Doubles:
    length_N1 = np.linalg.norm(feature_NF, axis=1, keepdims=True)
    unit_NF: Doubles = np.divide(feature_NF, length_N1, out=np.zeros_like(feature_NF), where=length_N1 > 0)
    return unit_NF


def _nearest(query_NF: Doubles, other_MF: Doubles, *, itself: bool) -> tuple[NDArray[np.intp], Doubles]:
    index_N = np.empty(len(query_NF), dtype=np.intp)
    similarity_N = np.empty(len(query_NF))
    for rows in row_blocks(len(query_NF), len(other_MF)):
        similarity_BM: Doubles = query_NF[rows] @ other_MF.T
        if itself:
            similarity_BM[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = -np.inf
        index_N[rows] = similarity_BM.argmax(axis=1)
        similarity_N[rows] = similarity_BM.max(axis=1)
    return index_N, np.clip(similarity_N, -1, 1)
