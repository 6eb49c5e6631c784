"""BLEU of single texts against many, and of a set against itself.

Against real texts it says how well n-grams are known there; of a set against itself, how much its texts
repeat one another. One without the other says nothing: repeating one good text has the best of the first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence

from huohua.metrics.distinct import ngrams

Gram = tuple[Hashable, ...]
EPSILON = 0.1  # counted where no n-gram of a size is known


class References:
    """Texts that others are compared with: for each n-gram the most times that one of them has it.

    Args:
        texts: sequences of tokens.
        size: the longest n-grams that count.
    """

    def __init__(self, texts: Sequence[Sequence[Hashable]], size: int) -> None:
        self.size = size
        self.lengths = [len(text) for text in texts]
        # Beside the most, who has it and the second most: so that any one text can be left out.
        self._most: dict[Gram, tuple[int, int, int]] = {}
        for number, text in enumerate(texts):
            for gram, count in _counts(text, size).items():
                first, owner, second = self._most.get(gram, (0, -1, 0))
                if count > first:
                    self._most[gram] = count, number, first
                elif count > second:
                    self._most[gram] = first, owner, count

    def most(self, gram: Gram, besides: int = -1) -> int:
        """Return the most times that one text has an n-gram, one text left out."""
        first, owner, second = self._most.get(gram, (0, -1, 0))
        return second if owner == besides and owner >= 0 else first

    def bleu(self, text: Sequence[Hashable], *, besides: int = -1) -> float:
        """Return the BLEU of a text against all references but one, n-grams of all sizes alike.

        Source: Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation",
        section 2.3; a size without any hit counts a tenth of one (Chen and Cherry 2014, "A Systematic
        Comparison of Smoothing Techniques for Sentence-Level BLEU", method 1).
        """
        logs = []
        for size in range(1, self.size + 1):
            counts = Counter(ngrams(text, size))
            total = sum(counts.values())
            if not total:
                return 0.0
            hits = sum(min(count, self.most(gram, besides)) for gram, count in counts.items())
            logs.append(math.log((hits or EPSILON) / total))
        lengths = [length for number, length in enumerate(self.lengths) if number != besides]
        nearest = min(lengths, key=lambda length: (abs(length - len(text)), length), default=0)
        brevity = min(0.0, 1 - nearest / len(text))
        return math.exp(brevity + sum(logs) / self.size)


def mean_bleu(
    texts: Sequence[Sequence[Hashable]], references: Sequence[Sequence[Hashable]], size: int
) -> float:
    """Return the mean BLEU of texts against references.

    Source: Papineni et al. 2002, "BLEU", section 2.3, by text as in Zhu et al. 2018, "Texygen: A Benchmarking
    Platform for Text Generation Models", section 3.1.

    Example:
        >>> mean_bleu(["abcd"], ["abcd", "xyz"], 2)
        1.0
    """
    against = References(references, size)
    return sum(against.bleu(text) for text in texts) / max(1, len(texts))


def self_bleu(texts: Sequence[Sequence[Hashable]], size: int) -> float:
    """Return the mean BLEU of each text against all the others.

    Source: Zhu et al. 2018, "Texygen: A Benchmarking Platform for Text Generation Models", section 3.1.

    Example:
        >>> self_bleu(["abcd", "abcd"], 2), self_bleu(["ab", "cd"], 1) < 0.1
        (1.0, True)
    """
    against = References(texts, size)
    return sum(against.bleu(text, besides=n) for n, text in enumerate(texts)) / max(1, len(texts))


def _counts(text: Sequence[Hashable], size: int) -> Counter[Gram]:
    return Counter(gram for one in range(1, size + 1) for gram in ngrams(text, one))
