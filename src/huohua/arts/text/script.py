"""Simplified and traditional characters, by OpenCC.

Source: OpenCC (Carbo Kuo and others, since 2010), configurations t2s and s2t: phrases first, then characters.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import TYPE_CHECKING, Literal

from huohua.arts.text.han import is_han
from huohua.errors import MissingDependencyError

if TYPE_CHECKING:
    from opencc import OpenCC

Script = Literal["simplified", "traditional"]


def can_convert() -> bool:
    """Return whether the library that converts is installed."""
    return importlib.util.find_spec("opencc") is not None


def to_simplified(text: str) -> str:
    """Return a text in simplified characters.

    Raises:
        MissingDependencyError: OpenCC is not installed.

    Example:
        >>> to_simplified("舉頭望明月")
        '举头望明月'
    """
    return str(_converter("t2s").convert(text))


def to_traditional(text: str) -> str:
    """Return a text in traditional characters; what is not Chinese stays as it is.

    Raises:
        MissingDependencyError: OpenCC is not installed.

    Example:
        >>> to_traditional("头发与出发")
        '頭髮與出發'
    """
    return str(_converter("s2t").convert(text))


def traditional_only(text: str) -> frozenset[str]:
    """Return the characters of a text that simplified Chinese writes otherwise."""
    characters = sorted({letter for letter in text if is_han(letter)})
    simplified = to_simplified("\n".join(characters)).split("\n")
    return frozenset(old for old, new in zip(characters, simplified, strict=True) if old != new)


@cache
def _converter(name: str) -> OpenCC:
    if not can_convert():
        raise MissingDependencyError(
            "Changing between simplified and traditional characters needs OpenCC.",
            advice='Install it with: pip install "huohua[text]"',
        )
    from opencc import OpenCC

    return OpenCC(name)
