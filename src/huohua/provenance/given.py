"""A work that was given, to be continued, filled in or rewritten, as it stands in the recipe of the new one.

The hash says which it was. Its content is there too, compressed, so that the new work can be made again where
the given one is long gone; only what is too large for a record must be shown again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from typing import Annotated

from pydantic import Field

from huohua.config import Config
from huohua.errors import DataError

# Half of the longest record, and far more than a song or a story takes.
LARGEST_PACKED = 128 * 1024
LARGEST_CONTENT = 16 * 1024 * 1024


class Given(Config):
    """A given work.

    Attributes:
        name: of its file, for people.
        kind: what its content is, as the ending of a file, such as ".mid".
        sha256: SHA-256 of its content.
        content: the content, compressed, in letters; "" if that is too large for a record.
    """

    name: Annotated[str, Field(max_length=1024)] = ""
    kind: Annotated[str, Field(max_length=16)] = ""
    sha256: Annotated[str, Field(max_length=64)]
    content: Annotated[str, Field(max_length=LARGEST_PACKED)] = ""

    @classmethod
    def of(cls, content: bytes, *, name: str, kind: str) -> Given:
        """Return the record of some content.

        Raises:
            DataError: it is larger than any work that can be given.
        """
        if len(content) > LARGEST_CONTENT:
            raise DataError(
                f"{name or 'The work'} has {len(content):,} bytes; {LARGEST_CONTENT:,} are the most.",
                advice="Give a part of it.",
            )
        packed = base64.b85encode(zlib.compress(content, 9)).decode("ascii")
        return cls(
            name=name[-1024:],
            kind=kind,
            sha256=hashlib.sha256(content).hexdigest(),
            content=packed if len(packed) <= LARGEST_PACKED else "",
        )

    def open(self, shown: bytes | None = None) -> bytes:
        """Return the content; one that the record does not hold must be shown.

        Args:
            shown: the content of a file that may be the given one.

        Raises:
            DataError: the content is neither here nor shown, or is damaged.
        """
        content = self._unpacked() if self.content else shown
        if content is None:
            raise DataError(
                f"This work was made from '{self.name}', which is too large to be in its recipe.",
                advice="Show it again with --given FILE.",
            )
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise DataError(f"This is not the content of '{self.name}' that the work was made from.")
        return content

    def _unpacked(self) -> bytes:
        try:
            # Bounded, because a record from a stranger may unfold to anything.
            reader = zlib.decompressobj()
            content = reader.decompress(base64.b85decode(self.content), LARGEST_CONTENT)
        except (ValueError, binascii.Error, zlib.error) as error:
            raise DataError(f"What the recipe holds of '{self.name}' is damaged.") from error
        return content
