"""How a text is to be written, beside its conditions: form, subject, drafts, what of a given text changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import cast

from huohua.conditions.space import Wish
from huohua.errors import UsageError
from huohua.studio.model import check_range

MOST_DRAFTS = 256


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What a writer is told.

    Attributes:
        form: the name of a form, such as "七绝" or "sonnet"; one that the model learnt if absent.
        title: what it is called.
        keywords: what it is about.
        acrostic: what the first characters of its lines say.
        rhyme: what Chinese verse rhymes on.
        drafts: how many are written, of which one is chosen.
        keep: how many of them are returned, the chosen one first.
        temperature: below 1 more usual, above 1 bolder.
        choosiness: how much the reader's word counts in choosing; 0 not at all.
        line: the line of a given text that is written anew, from 1.
        between: the characters of it that are, the first and the last, from 1.
        locked: lines of it that must not change, from 1.
        share: of its lines that are rewritten.
        most: tokens that are added to it.
    """

    form: str = ""
    title: str = ""
    keywords: Sequence[str] = ()
    acrostic: str = ""
    rhyme: str = ""
    drafts: int = 16
    keep: int = 1
    temperature: float = 0.9
    choosiness: float = 1.0
    line: int | None = None
    between: tuple[int, int] | None = None
    locked: Sequence[int] = ()
    share: float = 0.5
    most: int = 80

    def check(self) -> None:
        """Check every number, and that there is such a form.

        Raises:
            UsageError: one is out of range or not known.
        """
        from huohua.arts.text.form_table import form_named

        check_range("drafts", self.drafts, 1, MOST_DRAFTS)
        check_range("keep", self.keep, 1, self.drafts)
        check_range("temperature", self.temperature, 0.05, 4.0)
        check_range("choosiness", self.choosiness, 0.0, 100.0)
        check_range("share", self.share, 0.0, 1.0)
        check_range("most", self.most, 1, 4096)
        if self.form:
            form_named(self.form)

    @property
    def numbers(self) -> dict[str, float]:
        """Return what every recipe says of it in numbers."""
        return {
            "drafts": float(self.drafts),
            "temperature": self.temperature,
            "choosiness": self.choosiness,
        }

    @property
    def said(self) -> dict[str, tuple[str, ...]]:
        """Return what a recipe says of it in words, where there is anything to say."""
        said = {
            "form": (self.form,) if self.form else (),
            "title": (self.title,) if self.title else (),
            "keywords": tuple(self.keywords),
            "acrostic": (self.acrostic,) if self.acrostic else (),
            "rhyme": (self.rhyme,) if self.rhyme else (),
        }
        return {name: words for name, words in said.items() if words}

    def extent(self, operation: str) -> dict[str, float]:
        """Return how much of a given text an operation writes, in numbers for a recipe.

        Raises:
            UsageError: it is not said.
        """
        if operation == "continue":
            return {"most": float(self.most)}
        if operation == "rewrite":
            return {"share": self.share}
        if operation != "fill":
            return {}
        if self.line is not None:
            return {"line": float(self.line)}
        if self.between is None:
            raise UsageError(
                "What is to be filled in?", advice="Name a line with --line 2, or characters with --at 5-8."
            )
        return {"first": float(self.between[0]), "last": float(self.between[1])}


def sorted_out(wishes: Mapping[str, object], brief: Brief | None = None) -> tuple[Brief, dict[str, Wish]]:
    """Return what was asked for by name as a brief and as conditions.

    Example:
        >>> brief, conditions = sorted_out({"form": "七绝", "style": "tang"})
        >>> brief.form, conditions
        ('七绝', {'style': 'tang'})
    """
    names = {field.name for field in fields(Brief)}
    chosen = {name: value for name, value in wishes.items() if name in names}
    others = {name: cast("Wish", value) for name, value in wishes.items() if name not in names}
    return Brief(**{**(vars(brief) if brief else {}), **chosen}), others
