"""The shape of texts: how many tokens a writer sees at once."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field
from typing_extensions import Self

from huohua.arts.frame import Frame
from huohua.errors import UsageError

SHORTEST, LONGEST = 32, 1024


class TextFrame(Frame):
    """Tokens of a row: what a writer has in view, prompt and text together.

    Attributes:
        tokens: a character each in Chinese, a piece of a word in English.
    """

    tokens: Annotated[int, Field(ge=SHORTEST, le=LONGEST)] = 192

    @property
    def size(self) -> str:
        """Return the tokens, as in "192"."""
        return str(self.tokens)

    @property
    def words(self) -> str:
        """Return the tokens in words."""
        return f"{self.tokens} tokens"

    @classmethod
    def read(cls, size: int | str) -> Self:
        """Return the frame of a size such as 192.

        Raises:
            UsageError: the text is not a size, or the size is out of range.
        """
        found = re.fullmatch(r"\s*(\d{1,6})\s*", str(size))
        if found is None or not SHORTEST <= int(found[1]) <= LONGEST:
            raise UsageError(
                f"'{size}' is no size of texts.", advice=f"Give {SHORTEST} to {LONGEST} tokens, such as 192."
            )
        return cls(tokens=int(found[1]))
