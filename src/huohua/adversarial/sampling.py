"""In which order works are shown: every work once in each pass, shuffled, and known in advance.

The order depends on the seed and the number of works shown alone. Nothing has to be remembered to go
on after a stop, and any process can work out which works are its own.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from huohua.randomness import numpy_generator


@lru_cache(maxsize=4)
def _shuffled(seed: int, epoch: int, works: int) -> NDArray[np.int64]:
    return numpy_generator(seed, "order", epoch).permutation(works)


def order(seed: int, first: int, count: int, works: int) -> NDArray[np.int64]:
    """Return which works are shown as number `first` to `first + count - 1` of the run.

    Example:
        >>> sorted(int(i) for i in order(7, 0, 5, 5))  # one pass shows each work once
        [0, 1, 2, 3, 4]
    """
    numbers = np.arange(first, first + count)
    epochs, places = np.divmod(numbers, works)
    parts = [_shuffled(seed, int(epoch), works)[places[epochs == epoch]] for epoch in np.unique(epochs)]
    return np.concatenate(parts)
