"""Which characters are Chinese."""

from __future__ import annotations

# Unicode's blocks of unified ideographs, their extensions, and 〇.
_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF), (0x3007, 0x3007))


def is_han(text: str) -> bool:
    """Return whether a text is one Chinese character.

    Source: Unicode 16, blocks CJK Unified Ideographs and their extensions A to H.

    Example:
        >>> is_han("月"), is_han("，"), is_han("ab")
        (True, False, False)
    """
    return len(text) == 1 and any(first <= ord(text) <= last for first, last in _BLOCKS)
