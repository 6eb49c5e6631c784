"""What the layout of a text needs to know of each piece of a vocabulary, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.vocabulary import Vocabulary

Mask = NDArray[np.bool_]
COLONS = (":", "：")
STOPS = (".", "!", "?", "…", "。", "！", "？", "”", '"', "’", "'", "」")


@dataclass(frozen=True)
class PieceFacts:
    """Masks over a vocabulary, and the length of each piece.

    Attributes:
        newline: the token of a line break.
        text_V: pieces that are text without a line break.
        opens_V: of these, the ones that may begin a line: no space in front.
        name_V: those that may be part of a speaker's name: no colon, no mark that ends a sentence.
        colon_V: those that end a speaker's name with a colon.
        length_V: characters, and one more for pieces that end in a space, because something must follow.
        spaced_V: those that end in a space.
        stops_V: those that may end a sentence.
    """

    newline: int
    text_V: Mask
    opens_V: Mask
    name_V: Mask
    colon_V: Mask
    length_V: NDArray[np.int64]
    spaced_V: Mask
    stops_V: Mask


def piece_facts(vocabulary: Vocabulary, *, what: str) -> PieceFacts:
    """Return the facts of a vocabulary.

    Args:
        vocabulary: with the line break and a colon as pieces of their own.
        what: what needs them, for the error.

    Raises:
        UsageError: one of these pieces is missing.
    """
    vocabulary.need(["\n"], what=what)
    pieces = [piece if token != vocabulary.end else "" for token, piece in enumerate(vocabulary.pieces)]
    text = [bool(piece) and "\n" not in piece and piece.isprintable() for piece in pieces]
    visible = [there and bool(piece.strip()) for there, piece in zip(text, pieces, strict=True)]
    colon = [len(piece) == 1 and piece in COLONS for piece in pieces]
    named = [
        there and not any(mark in piece for mark in (*COLONS, *STOPS))
        for there, piece in zip(text, pieces, strict=True)
    ]
    return PieceFacts(
        newline=vocabulary.ids["\n"],
        text_V=np.array(text),
        opens_V=np.array(
            [there and not piece[0].isspace() for there, piece in zip(visible, pieces, strict=True)]
        ),
        name_V=np.array(named),
        colon_V=np.array(colon),
        length_V=np.array([len(piece) + piece[-1:].isspace() for piece in pieces]),
        spaced_V=np.array([piece[-1:].isspace() for piece in pieces]),
        stops_V=np.array([piece.strip().endswith(STOPS) for piece in pieces]),
    )
