"""Distinct n-grams: how much of what was written is not said twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence


def ngrams(tokens: Sequence[Hashable], size: int) -> Iterator[tuple[Hashable, ...]]:
    """Yield every stretch of `size` tokens.

    Source: Shannon 1948, "A Mathematical Theory of Communication", section 3.

    Example:
        >>> list(ngrams("abc", 2))
        [('a', 'b'), ('b', 'c')]
    """
    return (tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1))


def distinct(texts: Sequence[Sequence[Hashable]], size: int) -> float:
    """Return how many different n-grams texts have, as a share of all; 0 where there are none.

    It falls as texts grow in number and length, so only sets of equal size can be compared.

    Source: Li et al. 2016, "A Diversity-Promoting Objective Function for Neural Conversation Models", section
    5.2, distinct-1 and distinct-2.

    Example:
        >>> distinct(["abab"], 2)  # ab, ba, ab: two of three
        0.6666666666666666
    """
    seen: set[tuple[Hashable, ...]] = set()
    total = 0
    for text in texts:
        for gram in ngrams(text, size):
            seen.add(gram)
            total += 1
    return len(seen) / total if total else 0.0
