"""Extractors: what describes pieces, by name. What is measured is what they see.

| name | what | F | learns from |
|---|---|---|---|
| `statistics` | named numbers of a piece, from pitch classes to groove | 122 | nothing |
| `encoder` | a small network that fills gaps in music | 128 | the real works that are measured against |

Both see notes on sixteenths, and neither loudness nor tempo. Copies are looked for among phrases, which both
describe alike. No figure of these may be set beside published ones of other extractors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from huohua.arts.music.metrics.encoder import Encoder, encoder_of
from huohua.arts.music.metrics.notes import Notes
from huohua.arts.music.metrics.phrases import phrase_counts
from huohua.arts.music.metrics.piece_statistics import statistics_row
from huohua.arts.music.metrics.sample_notes import notes_of_samples
from huohua.arts.yardstick import Description, Extractor
from huohua.errors import UsageError

MOST_LEARNT_FROM = 1000  # pieces; an encoder sees each of them a few times anyway


class StatisticsExtractor:
    """Describes pieces by their statistics."""

    name, family = "statistics", "statistics"
    title = "named statistics of notes"

    def look(self, sample: Tensor) -> Description:
        """Return the description of packed windows."""
        pieces = notes_of_samples(sample)
        feature_NF = np.stack([statistics_row(notes) for notes in pieces])
        return Description(feature_NF=feature_NF, tap_LNCP=_phrases(pieces))


class EncoderExtractor:
    """Describes pieces by what an encoder hears that was taught on the real ones.

    Args:
        encoder: the encoder.
    """

    name, family = "encoder", "music-encoder"
    title = "an encoder of our own, taught on these real works"

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def look(self, sample: Tensor) -> Description:
        """Return the description of packed windows."""
        pieces = notes_of_samples(sample)
        return Description(feature_NF=self.encoder.features(pieces), tap_LNCP=_phrases(pieces))


EXTRACTORS = ("statistics", "encoder")


def build_extractor(name: str, real: Sequence[Notes] = (), *, seed: int = 0) -> Extractor:
    """Return an extractor by its name.

    Args:
        name: of `EXTRACTORS`.
        real: the real works that are measured against, for an encoder to be taught on.
        seed: of what it learns.

    Raises:
        UsageError: there is none of that name.
        DataError: an encoder has too few works to learn from.
    """
    if name == "statistics":
        return StatisticsExtractor()
    if name == "encoder":
        return EncoderExtractor(encoder_of(real[:MOST_LEARNT_FROM], seed=seed))
    raise UsageError(f"There is no extractor '{name}'.", advice=f"Use one of: {', '.join(EXTRACTORS)}.")


def _phrases(pieces: Sequence[Notes]) -> list[np.ndarray]:
    counts = [phrase_counts(notes) for notes in pieces]
    return [np.stack([each[place] for each in counts]) for place in range(3)]
