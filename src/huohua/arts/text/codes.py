"""Texts as tensors that know no tokeniser: each character by its number, so that texts of any model compare.

Letters: N texts, C characters.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

NOTHING = -1  # behind the end of a text


def as_codes(texts: Sequence[str], length: int) -> Tensor:
    """Return code_NC, int32: the beginnings of texts, the number of each character in Unicode.

    Example:
        >>> as_codes(["ab", "c"], 3).tolist()
        [[97, 98, -1], [99, -1, -1]]
    """
    code_NC = torch.full((len(texts), length), NOTHING, dtype=torch.int32)
    for number, text in enumerate(texts):
        codes = [ord(letter) for letter in text[:length]]
        code_NC[number, : len(codes)] = torch.tensor(codes, dtype=torch.int32)
    return code_NC


def as_text(code_C: Tensor) -> str:
    """Return the text of such numbers; what is no character is left out.

    Example:
        >>> as_text(torch.tensor([97, 98, -1]))
        'ab'
    """
    return "".join(
        chr(code) for code in code_C.tolist() if 0 <= code < 0x110000 and not 0xD800 <= code < 0xE000
    )
