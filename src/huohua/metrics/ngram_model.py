"""A language model of counts: an independent judge of how likely texts are, and of how much a set covers.

Taught on real texts and asked about written ones it measures quality (LM); taught on written texts and asked
about real ones it measures diversity (reverse LM). Both in nats a token, lower is better.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

BEGIN, END = object(), object()
Gram = tuple[Hashable, ...]


class NgramModel:
    """Interpolated Kneser-Ney smoothing.

    Args:
        texts: what it is taught on.
        size: tokens of its longest n-grams.
        vocabulary: how many tokens there are, so that unseen ones have a chance too.
        discount: what is taken from every count.

    Source: Chen and Goodman 1999, "An empirical study of smoothing techniques for language modeling",
    equation 27 (interpolation) with the continuation counts of section 2.7; one discount for all counts.
    """

    def __init__(
        self, texts: Sequence[Sequence[Hashable]], *, size: int, vocabulary: int, discount: float = 0.75
    ) -> None:
        self.size, self.vocabulary, self.discount = size, vocabulary, discount
        # For each order: of each context how often each token follows, in how many ways below the highest.
        self._follow: list[dict[Gram, dict[Hashable, int]]] = [{} for _ in range(size)]
        highest: dict[Gram, dict[Hashable, int]] = defaultdict(lambda: defaultdict(int))
        for text in texts:
            for context, token in _steps(text, size):
                highest[context][token] += 1
        self._follow[size - 1] = highest
        for order in range(size - 2, -1, -1):
            lower: dict[Gram, dict[Hashable, int]] = defaultdict(lambda: defaultdict(int))
            for context, tokens in self._follow[order + 1].items():
                for token in tokens:
                    lower[context[1:]][token] += 1
            self._follow[order] = lower
        self._totals = [
            {context: sum(tokens.values()) for context, tokens in level.items()} for level in self._follow
        ]

    def chance(self, context: Gram, token: Hashable) -> float:
        """Return the chance of a token after a context of size - 1 tokens."""
        chance = 1 / self.vocabulary
        for order in range(self.size):
            own = context[len(context) - order :]
            total = self._totals[order].get(own)
            if not total:
                break
            tokens = self._follow[order][own]
            kept = max(tokens.get(token, 0) - self.discount, 0) / total
            chance = kept + self.discount * len(tokens) / total * chance
        return chance

    def nats(self, text: Sequence[Hashable]) -> list[float]:
        """Return the surprise at each token of a text and at its end."""
        return [-math.log(self.chance(context, token)) for context, token in _steps(text, self.size)]

    def mean_nats(self, texts: Sequence[Sequence[Hashable]]) -> float:
        """Return the mean surprise at all tokens of texts."""
        nats = [one for text in texts for one in self.nats(text)]
        return sum(nats) / max(1, len(nats))


def lm_and_reverse(
    written: Sequence[Sequence[Hashable]],
    taught: Sequence[Sequence[Hashable]],
    unseen: Sequence[Sequence[Hashable]],
    *,
    size: int,
    vocabulary: int,
) -> tuple[float, float]:
    """Return quality and diversity of written texts, in nats a token; lower is better in both.

    Source: Caccia et al. 2020, "Language GANs Falling Short", section 4.2; with n-gram models as judges.

    Args:
        written: what is measured; as many texts as are compared with.
        taught: real texts, for the judge of quality.
        unseen: other real texts, for the judge of diversity to be asked about.
        size: of the n-grams.
        vocabulary: how many tokens there are.
    """
    quality = NgramModel(taught, size=size, vocabulary=vocabulary).mean_nats(written)
    diversity = NgramModel(written, size=size, vocabulary=vocabulary).mean_nats(unseen)
    return quality, diversity


def _steps(text: Sequence[Hashable], size: int) -> Iterator[tuple[Gram, Hashable]]:
    """Yield each token and the end, with the size - 1 tokens before it."""
    padded = (*([BEGIN] * (size - 1)), *text, END)
    for at in range(size - 1, len(padded)):
        yield padded[at - size + 1 : at], padded[at]
