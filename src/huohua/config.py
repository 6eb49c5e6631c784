"""The base of every configuration: typed, frozen, complete, and strict about names.

An unknown key is an error and not a silent default, because a misspelt setting that is ignored
looks exactly like a setting that was obeyed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import Self

from huohua.errors import HuohuaError


class Config(BaseModel):
    """A frozen, typed set of named settings that reads and writes JSON.

    Example:
        >>> class Size(Config):
        ...     height: int = 64
        >>> Size().to_json()
        '{"height":64}'
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False, protected_namespaces=()
    )

    def to_json(self, *, indent: int | None = None) -> str:
        """Return this configuration as JSON text, keys in the order they are declared."""
        return self.model_dump_json(indent=indent)

    @classmethod
    def from_json(cls, text: str, *, source: str | Path = "configuration") -> Self:
        """Read a configuration, naming `source` and the offending keys when it does not fit.

        Raises:
            HuohuaError: the text is not JSON, a key is unknown or a value is out of range.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise HuohuaError(f"{source} does not fit {cls.__name__}: {describe(error)}.") from error


Kind = TypeVar("Kind", bound=Config)


def read_as(kind: type[Kind], fields: Any, *, key: str = "") -> Kind:
    """Return plain fields as a configuration of that kind; one that is of the kind already stays as it is.

    Args:
        kind: the class of the configuration.
        fields: its fields, or one that is made.
        key: where it stands within another configuration, which names offending keys in full.

    Raises:
        ValueError: they do not fit it; each offending key is named.
    """
    if isinstance(fields, kind):
        return fields
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        # A plain error, because this is often raised within the reading of another configuration.
        raise ValueError(describe(error, key=key)) from error


def describe(error: ValidationError, *, key: str = "") -> str:
    """Return a validation error as one line: each offending key, within `key`, and what is wrong with it."""
    return "; ".join(_complaint(item, key) for item in error.errors())


def _complaint(item: ErrorDetails, within: str) -> str:
    path = [within] if within else []
    key = ".".join([*path, *map(str, item["loc"])])
    if not key and item["type"] == "value_error":
        return str(item["ctx"]["error"])  # from `read_as`, which has named the keys
    return f"{key or 'the text'}: {item['msg'].lower()}"
