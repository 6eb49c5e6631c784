"""Texts in numbers without any network: how often each n-gram of characters comes, n-grams sharing places.

It knows nothing of sense. Two sets with the same words in the same company are alike to it; that is what a
figure on it says, and all it says.

Letters: N texts, F features, P stretches of a text, C places of a stretch.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from huohua.arts.text.codes import as_text
from huohua.arts.yardstick import Description
from huohua.metrics.distinct import ngrams

PLACES, STRETCHES, STRETCH_PLACES = 256, 8, 64
SIZES = (1, 2, 3)


class NgramExtractor:
    """Hashed n-grams of one to three characters, square roots of their shares.

    Source: Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning", section 2; the roots
    are those of the Hellinger distance, so that frequent n-grams do not drown the others.
    """

    name = "ngrams"
    title = "hashed n-grams of one to three characters"
    family = "ngrams"

    def look(self, sample: Tensor) -> Description:
        """Return features of whole texts, and of stretches of them, from their codes."""
        texts = [as_text(row) for row in sample]
        feature_NF = np.stack([_rooted(text, PLACES) for text in texts]).astype(np.float64)
        tap_NCP = np.stack([np.stack(_stretches(text), axis=-1) for text in texts]).astype(np.float32)
        return Description(feature_NF=feature_NF, tap_LNCP=(tap_NCP,))


def _rooted(text: str, places: int) -> NDArray[np.float64]:
    """Return the square root of the share of n-grams in each place; of length 1, or 0 for no text."""
    found = np.zeros(places)
    total = 0
    for size in SIZES:
        for gram in ngrams(text, size):
            number = _number("".join(map(str, gram)))
            found[number % places] += 1.0
            total += 1
    return np.sqrt(found / max(1, total))


def _stretches(text: str) -> list[NDArray[np.float64]]:
    """Return the same of eight stretches of a text, in order."""
    edges = np.linspace(0, len(text), STRETCHES + 1).round().astype(int)
    return [_rooted(text[first:last], STRETCH_PLACES) for first, last in pairwise(edges.tolist())]


@lru_cache(maxsize=1 << 18)
def _number(gram: str) -> int:
    return zlib.crc32(gram.encode("utf-8", "surrogatepass"))
