"""Order texts: new ones, and given ones edited. Behind `create text` and `transform`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from huohua.conditions.space import Wish
from huohua.studio.create import Creation, order
from huohua.studio.model import Model
from huohua.studio.text_brief import Brief
from huohua.studio.text_model import given_text

# The endings of files that are taken for texts; any other file is taken for music.
TEXTS = frozenset({".txt", ".md", ".json", ".markdown", ".text", ""})


def write(
    model: Model | str | Path | None = None,
    *,
    seed: int | None = None,
    count: int = 1,
    conditions: Mapping[str, Wish] | None = None,
    prompt: str = "",
    brief: Brief | None = None,
) -> Creation:
    """Order new texts from a model; without a model, from the one of texts that was trained last.

    Args:
        model: a model, its name or its folder.
        seed: the same seed gives the same texts; without one a fresh seed is drawn and reported.
        count: how many texts.
        conditions: wishes by group; they win over what the prompt says.
        prompt: free words.
        brief: form, subject and drafts.

    Raises:
        UsageError: a condition or a form is unknown, or a number is out of range.
        ModelError: there is no such model, or it is damaged.
    """
    return order(
        model,
        art="text",
        seed=seed,
        count=count,
        conditions=conditions,
        prompt=prompt,
        brief=brief or Brief(),
    )


def edit(
    operation: str,
    file: str | Path,
    model: Model | str | Path | None = None,
    *,
    seed: int | None = None,
    count: int = 1,
    conditions: Mapping[str, Wish] | None = None,
    prompt: str = "",
    brief: Brief | None = None,
) -> Creation:
    """Order a given text continued, filled in, rewritten or polished.

    Args:
        operation: a name in `text_job.OPERATIONS`.
        file: the given text.
        model: as in `write`, and so are all others.
        seed: of what is written.
        count: how many versions.
        conditions: wishes by group.
        prompt: free words.
        brief: what of the text changes, and how.

    Raises:
        UsageError: there is no such form or line, or a number is out of range.
        DataError: the file cannot be read as a text.
        ModelError: there is no such model, or it is damaged.
    """
    return order(
        model,
        art="text",
        seed=seed,
        count=count,
        conditions=conditions,
        prompt=prompt,
        brief=brief or Brief(),
        operation=operation,
        given=given_text(file),
    )
