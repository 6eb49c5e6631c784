"""Which characters are Chinese."""

from __future__ import annotations

import re

# Unicode's blocks of unified ideographs, their extensions, and 〇.
HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def is_han(text: str) -> bool:
    """Return whether a text is one Chinese character.

    Source: Unicode 16, blocks CJK Unified Ideographs and their extensions A to H.

    Example:
        >>> is_han("月"), is_han("，"), is_han("ab")
        (True, False, False)
    """
    return len(text) == 1 and HAN.match(text) is not None
