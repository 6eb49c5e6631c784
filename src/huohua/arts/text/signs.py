"""The tokens that are no text: what a prompt is built from, and one for each label of a work.

They come after the tokens of a tokeniser, in an order that is part of a model: new ones are added at the end
of the fixed ones only with a new kind of model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from huohua.errors import UsageError

FIXED = (
    "pad",  # nothing, at the end of a row
    "start",  # a work begins
    "amid",  # a stretch out of the midst of a long work begins
    "title",  # its title follows
    "keyword",  # a word it is about follows
    "heads",  # the first characters of its lines follow
    "text",  # it follows itself
    "before",  # what stands before a gap follows
    "after",  # what stands behind the gap follows
    "middle",  # what stands in the gap follows
    "hidden",  # a token that a discriminator is to guess
)


@dataclass(frozen=True, kw_only=True)
class Signs:
    """The tokens that are no text.

    Attributes:
        first: the number of tokens of the tokeniser, and so the first sign's.
        end: the tokeniser's token that ends a work.
        labels: such as "style:tang" or "form:七绝".
    """

    first: int
    end: int
    labels: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of all tokens, those of the tokeniser included."""
        return self.first + len(FIXED) + len(self.labels)

    def __getitem__(self, name: str) -> int:
        """Return the token of a fixed sign."""
        return self.first + FIXED.index(name)

    @cached_property
    def _label_tokens(self) -> Mapping[str, int]:
        return {label: self.first + len(FIXED) + number for number, label in enumerate(self.labels)}

    def known(self, labels: Iterable[str]) -> list[int]:
        """Return the tokens of those labels that there are tokens for."""
        return [self._label_tokens[label] for label in labels if label in self._label_tokens]

    def needed(self, label: str) -> int:
        """Return the token of a label.

        Raises:
            UsageError: this model knows no such label.
        """
        if label not in self._label_tokens:
            group, _, name = label.partition(":")
            names = [other.partition(":")[2] for other in self.labels if other.startswith(f"{group}:")]
            raise UsageError(
                f"This model knows no {group} '{name}'.", advice=f"It knows: {', '.join(names) or 'none'}."
            )
        return self._label_tokens[label]
