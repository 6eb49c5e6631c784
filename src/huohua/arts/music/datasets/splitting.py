"""Which pieces train, and which are held out: as given, else by a fixed hash of the work.

The hash knows the work and nothing else, so versions of one work stay together, and adding pieces to a
dataset moves none of the others.
"""

from __future__ import annotations

import hashlib

from huohua.arts.music.datasets.entry import Entry

# In a thousand works, this many are held out for choosing and for judging.
VALID, TEST = 100, 100


def split_of(entry: Entry) -> str:
    """Return "train", "valid" or "test" for a piece.

    Example:
        >>> split_of(Entry(name="a.mid", split="test")), split_of(Entry(name="a.mid"))
        ('test', 'train')
    """
    if entry.split:
        return entry.split
    digest = hashlib.sha256(entry.work.encode("utf-8", "surrogatepass")).digest()
    place = int.from_bytes(digest[:8], "big") % 1000
    if place < TEST:
        return "test"
    return "valid" if place < TEST + VALID else "train"
