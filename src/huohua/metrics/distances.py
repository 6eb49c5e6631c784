"""Distances between many works at once, a block of rows at a time so that memory stays bounded.

Ten thousand works against ten thousand are a hundred million distances, 0.8 GB; a block of
them is 32 MB. N and M count works, F features, B the rows of one block.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from huohua.metrics.features import Doubles

BLOCK_BYTES = 32 * 2**20

# Squares below this share of the two squared lengths are rounding and not distance: a sum of a
# thousand products in double precision is good to about 3e-13 of its size.
ROUNDING = 1e-12


def row_blocks(rows: int, columns: int) -> Iterator[slice]:
    """Yield slices that cut `rows` so that a block of doubles with `columns` fits in `BLOCK_BYTES`."""
    step = max(1, BLOCK_BYTES // (8 * max(1, columns)))
    for start in range(0, rows, step):
        yield slice(start, min(start + step, rows))


def distance_blocks(first_NF: Doubles, second_MF: Doubles) -> Iterator[tuple[slice, Doubles]]:
    """Yield Euclidean distances as (rows of `first_NF`, distance_BM), from the first row to the last.

    Distances that cannot be told from rounding are exactly 0, so that a copy is at distance 0.
    """
    square_M = np.einsum("mf,mf->m", second_MF, second_MF)
    for rows in row_blocks(len(first_NF), len(second_MF)):
        block_BF = first_NF[rows]
        total_BM = np.einsum("bf,bf->b", block_BF, block_BF)[:, None] + square_M
        square_BM = total_BM - 2 * (block_BF @ second_MF.T)
        square_BM[square_BM <= ROUNDING * total_BM] = 0
        yield rows, np.sqrt(square_BM, out=square_BM)


def neighbour_radius(feature_NF: Doubles, k: int) -> Doubles:
    """Return radius_N, the distance from each work to its k-th nearest other work; needs N > k >= 1."""
    radius_N = np.empty(len(feature_NF))
    for rows, distance_BN in distance_blocks(feature_NF, feature_NF):
        # Place k counting from 0, because a work's nearest neighbour is itself.
        radius_N[rows] = np.partition(distance_BN, k, axis=1)[:, k]
    return radius_N
