"""One text with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from huohua.arts.text.form import Language


@dataclass(frozen=True, kw_only=True)
class TextWork:
    """A text as datasets hand it out.

    Attributes:
        name: where it was found, such as "poems/01.txt" or "poems.jsonl:17".
        text: with line feeds between lines and no marks of any file format.
        language: "zh" for texts mostly in Chinese characters, else "en".
        title, author, style, period: "" where nobody said.
        form: the name of a form of `form_table` that its lines have the lengths of, or "".
        keywords: words that somebody chose for it.
        split: "train", "valid" or "test".
    """

    name: str
    text: str
    language: Language
    title: str = ""
    author: str = ""
    style: str = ""
    period: str = ""
    form: str = ""
    keywords: tuple[str, ...] = ()
    split: str = "train"

    @property
    def lines(self) -> tuple[str, ...]:
        """Return its lines that are not empty."""
        return tuple(line for line in self.text.split("\n") if line.strip())


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something found in a dataset that a person may want to put right.

    Attributes:
        name: the work, file or row it is about.
        reason: what is wrong, in words that stand alone: "the file is empty".
        lost: whether a text was left out because of it.
    """

    name: str
    reason: str
    lost: bool = True
