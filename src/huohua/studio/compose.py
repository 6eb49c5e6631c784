"""Order music: new pieces, and given ones taken further. Behind `create music` and `transform`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from huohua.arts.music.reading import KIND_OF
from huohua.conditions.space import Wish
from huohua.errors import UsageError
from huohua.studio.create import Creation, order
from huohua.studio.model import Model
from huohua.studio.music_job import OPERATIONS
from huohua.studio.music_manner import Manner
from huohua.studio.music_model import given_of


def compose(
    model: Model | str | Path | None = None,
    *,
    seed: int | None = None,
    count: int = 1,
    conditions: Mapping[str, Wish] | None = None,
    prompt: str = "",
    manner: Manner | None = None,
) -> Creation:
    """Order new pieces from a model; without a model, from the one of music that was trained last.

    Args:
        model: a model, its name or its folder.
        seed: the same seed gives the same pieces; without one a fresh seed is drawn and reported.
        count: how many pieces.
        conditions: wishes by group; they win over what the prompt says.
        prompt: free words.
        manner: bars, tempo, key, roles and drafts.

    Raises:
        UsageError: a condition is unknown, a number is out of range, or no word was understood.
        ModelError: there is no such model, or it is damaged.
    """
    return order(
        model,
        art="music",
        seed=seed,
        count=count,
        conditions=conditions,
        prompt=prompt,
        manner=manner or Manner(),
    )


def transform(
    operation: str,
    file: str | Path,
    model: Model | str | Path | None = None,
    *,
    seed: int | None = None,
    count: int = 1,
    conditions: Mapping[str, Wish] | None = None,
    prompt: str = "",
    manner: Manner | None = None,
) -> Creation:
    """Order a piece that goes on from a given one: continued, filled in, accompanied or varied.

    Args:
        operation: a name in `OPERATIONS`.
        file: the given piece.
        model: as in `compose`, and so are all others.
        seed: of the new notes.
        count: how many versions.
        conditions: wishes by group.
        prompt: free words.
        manner: how much of the piece is written, by whom.

    Raises:
        UsageError: there is no such operation, or it asks for what the piece does not have.
        DataError: the file cannot be read as music, or its metre changes.
        ModelError: there is no such model, or it is damaged.
    """
    if operation not in OPERATIONS:
        raise UsageError(
            f"There is no operation '{operation}' on music.", advice=f"Use {', '.join(OPERATIONS)}."
        )
    return order(
        model,
        art="music",
        seed=seed,
        count=count,
        conditions=conditions,
        prompt=prompt,
        manner=manner or Manner(),
        operation=operation,
        given=given_of(file),
    )


def readable() -> tuple[str, ...]:
    """Return the endings of the files that given pieces are read from."""
    return tuple(KIND_OF)
