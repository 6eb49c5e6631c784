"""How an art looks up a network by name in its table and reads its settings, with words for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from huohua.config import Config, describe
from huohua.errors import ModelError

Entry = TypeVar("Entry")
Settings = TypeVar("Settings", bound=Config)


def chosen(kind: str, name: str, table: Mapping[str, Entry]) -> Entry:
    """Return the entry of that name, where `kind` says what the table lists, such as "generator".

    Raises:
        ModelError: there is none.
    """
    if name not in table:
        raise ModelError(
            f"This version of Huohua has no {kind} '{name}'.",
            advice=f"It has: {', '.join(table)}. Update Huohua.",
        )
    return table[name]


def fitted(kind: str, name: str, config_class: type[Settings], settings: Mapping[str, Any]) -> Settings:
    """Return the settings of a network, read and checked.

    Raises:
        ModelError: they do not fit it.
    """
    try:
        return config_class.model_validate(dict(settings))
    except ValidationError as error:
        raise ModelError(f"The settings of {kind} '{name}' do not fit it: {describe(error)}.") from error
