"""Works that are the same, and works that look the same: a content hash and a perceptual hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from PIL import Image

from huohua.arts.image.datasets.entry import Entry

NEAR = 2
_SIDE, _KEPT = 32, 8
# The DCT-II matrix, its first eight rows: the slow waves of a signal of 32 values.
_WAVES = np.cos(np.pi / _SIDE * (np.arange(_SIDE) + 0.5)[None, :] * np.arange(_KEPT + 1)[:, None])
# Two hashes at distance 2 or less agree in at least one of three bands of bits.
_BANDS = ((0, 21), (21, 42), (42, 64))
_MOST_IN_BUCKET = 400
# Perceptual hashes of very small or very many works say little and cost much.
_SMALLEST_SIDE, _MOST_WORKS = 32, 20_000


def content_hash(image_HWC: np.ndarray) -> str:
    """Return a digest that two works share exactly when all their pixels are equal."""
    shape = repr(image_HWC.shape).encode()
    return hashlib.blake2b(shape + image_HWC.tobytes(), digest_size=16).hexdigest()


def perceptual_hash(image_HWC: np.ndarray) -> int:
    """Return 64 bits that change little when a work is resized, recompressed or slightly retouched.

    Each bit says whether one of the 64 slowest waves of the work's grey values, the mean left out,
    is above the median of them all. A work of one flat colour has the hash 0.

    Source: Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), 3.2.1.
    """
    grey = Image.fromarray(image_HWC[:, :, :3] if image_HWC.shape[2] > 1 else image_HWC[:, :, 0]).convert("L")
    small = np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float64)
    if np.ptp(small) < 2:
        return 0
    waves = (_WAVES @ small @ _WAVES.T)[1:, 1:].reshape(-1)
    bits = waves > np.median(waves)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def near_pairs(hashes: Sequence[int], *, most: int = 1000) -> list[tuple[int, int]]:
    """Return pairs of places whose hashes differ in at most two bits, up to `most` of them, in order.

    A hash of 0 says nothing and is near to no other. Buckets too large to compare in full, as
    line drawings on white make them, are compared in part.
    """
    found: set[tuple[int, int]] = set()
    for bucket in _buckets(hashes):
        for first, second in combinations(bucket[:_MOST_IN_BUCKET], 2):
            if (hashes[first] ^ hashes[second]).bit_count() <= NEAR:
                found.add((first, second))
    return sorted(found)[:most]


def _buckets(hashes: Sequence[int]) -> Iterator[list[int]]:
    for low, high in _BANDS:
        mask = (1 << (high - low)) - 1
        buckets: dict[int, list[int]] = {}
        for place, value in enumerate(hashes):
            if value:
                buckets.setdefault((value >> low) & mask, []).append(place)
        yield from (bucket for bucket in buckets.values() if len(bucket) > 1)


def worth_hashing(works: int, side: int) -> bool:
    """Say whether perceptual hashes of so many works of such a shorter side are of use."""
    return side >= _SMALLEST_SIDE and works <= _MOST_WORKS


def same_work(first: Entry, second: Entry) -> str:
    """Return the words for a work that equals an earlier one, and whether their labels agree."""
    words = f"it is the same picture as {first.name}"
    return words if first.labels == second.labels else f"{words}, but with other labels"
