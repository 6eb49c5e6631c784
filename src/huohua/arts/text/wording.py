"""The words of a model: its tokeniser, its signs and labels, and how a person's wishes become a prompt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from huohua.arts.text.datasets.dataset import TextDataset
from huohua.arts.text.datasets.work import TextWork
from huohua.arts.text.form import Language
from huohua.arts.text.form_table import forms
from huohua.arts.text.passages import TITLE, Source
from huohua.arts.text.rows import Prompt
from huohua.arts.text.signs import Signs
from huohua.arts.text.slots import with_leads
from huohua.arts.text.tokenisers.tokeniser import Tokeniser, read_tokeniser, train_tokeniser
from huohua.errors import ModelError, UsageError

LEADS = "layout:leads"  # the label of English verse whose lines' last words are written first
VERSE_LINE = 70  # letters of the median line, below which English lines are taken for verse
GROUPS = ("style", "form", "author", "period")
DEFAULT_BOOK = "pingshui"


@dataclass(frozen=True)
class Wording:
    """What a model needs to read and write, beside its weights.

    Attributes:
        tokeniser: cuts texts into tokens.
        signs: the tokens that are no text.
        language: most of its texts are in.
    """

    tokeniser: Tokeniser
    signs: Signs
    language: Language

    @classmethod
    def learn(cls, dataset: TextDataset, *, size: int | None = None) -> Wording:
        """Return the wording of some texts: a tokeniser taught on what is trained on, and labels."""
        train = [dataset.works[number] for number in training_numbers(dataset)]
        language: Language = "zh" if dataset.language == "zh" else "en"
        tokeniser = train_tokeniser((f"{work.title}\n{work.text}" for work in train), language, size=size)
        names = dataset.conditions.groups
        labels = tuple(f"{group}:{name}" for group in GROUPS for name in names.get(group, ()))
        labels += (LEADS,) if language == "en" else ()
        vocabulary = tokeniser.vocabulary
        signs = Signs(first=len(vocabulary), end=vocabulary.end, labels=labels)
        return cls(tokeniser, signs, language)

    @classmethod
    def from_learnt(cls, learnt: Mapping[str, Any]) -> Wording:
        """Return the wording that `learnt` gave.

        Raises:
            ModelError: it is damaged.
        """
        try:
            tokeniser = read_tokeniser(str(learnt["tokeniser"]), source="the model's tokeniser")
            labels = tuple(str(label) for label in learnt["labels"])
            language: Language = "zh" if learnt["language"] == "zh" else "en"
        except (KeyError, TypeError) as error:
            raise ModelError("The model does not say how its texts are read.") from error
        vocabulary = tokeniser.vocabulary
        return cls(tokeniser, Signs(first=len(vocabulary), end=vocabulary.end, labels=labels), language)

    def learnt(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        return {
            "tokeniser": self.tokeniser.to_json(),
            "labels": list(self.signs.labels),
            "language": self.language,
        }

    @cached_property
    def breaks(self) -> tuple[int, ...]:
        """Return the tokens that close a line, none in Chinese, where each token is one character."""
        if self.language == "zh":
            return ()
        return tuple(n for n, piece in enumerate(self.tokeniser.vocabulary.pieces) if "\n" in piece)

    @property
    def leads(self) -> bool:
        """Return whether verse is written with the last word of each line before it."""
        return LEADS in self.signs.labels

    def source(self, work: TextWork) -> Source:
        """Return a work as it is learnt from."""
        facts = [(group, getattr(work, group)) for group in GROUPS]
        labels = self.signs.known(f"{group}:{name}" for group, name in facts if name)
        led = self.leads and is_verse(work)
        if led:
            labels += self.signs.known([LEADS])
        return Source(
            text=with_leads(work.text) if led else work.text,
            title=work.title,
            labels=tuple(labels),
            language=work.language,
            book=book_of(work.form),
        )

    def prompt(
        self,
        wishes: Mapping[str, Iterable[str]] | None = None,
        *,
        title: str = "",
        keywords: Sequence[str] = (),
        heads: str = "",
    ) -> Prompt:
        """Return what a person wishes as a prompt.

        Args:
            wishes: names of labels by group.
            title: or "".
            keywords: words the text is to be about.
            heads: the first characters of its lines.

        Raises:
            UsageError: the model knows no such label, or cannot write a keyword.
        """
        wanted = wishes or {}
        # In the order that works are shown in, whatever order the wishes came in.
        labels = [
            self.signs.needed(f"{group}:{name}")
            for group in (*GROUPS, *sorted(set(wanted) - set(GROUPS)))
            for name in wanted.get(group, ())
        ]
        space = "" if self.language == "zh" else " "
        return Prompt(
            labels=tuple(labels),
            title=tuple(self._readable(title, "The title")[:TITLE]),
            keywords=tuple(tuple(self._readable(space + word.strip(), "A keyword")) for word in keywords),
            heads=tuple(self._readable(heads, "The acrostic")),
        )

    def _readable(self, text: str, what: str) -> list[int]:
        tokens = self.tokeniser.encode(text) if text.strip() else []
        unknown = [
            letter
            for letter, token in zip(text, tokens, strict=False)
            if self.language == "zh" and not self.tokeniser.vocabulary.pieces[token]
        ]
        if unknown:
            raise UsageError(
                f"{what} has {' '.join(unknown)}, which this model has never read.",
                advice="Choose other words.",
            )
        return tokens


def is_verse(work: TextWork) -> bool:
    """Return whether a work is verse, by its form or by the length of its lines."""
    known = forms().get(work.form)
    if known is not None:
        return known.kind == "verse"
    lines = sorted(len(line) for line in work.lines)
    return len(lines) > 2 and lines[len(lines) // 2] < VERSE_LINE


def book_of(form: str) -> str:
    """Return the rhyme book that works of a form are read by.

    Example:
        >>> book_of("浣溪沙"), book_of("")
        ('cilin', 'pingshui')
    """
    known = forms().get(form)
    return known.book if known is not None and known.book else DEFAULT_BOOK


def training_numbers(dataset: TextDataset) -> list[int]:
    """Return the works that are trained on: those of the split, or all where it is empty."""
    return dataset.numbers("train") or list(range(len(dataset)))
