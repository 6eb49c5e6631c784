"""The base of every configuration: typed, frozen, complete, and strict about names.

An unknown key is an error and not a silent default, because a misspelt setting that is ignored
looks exactly like a setting that was obeyed.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
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


def describe(error: ValidationError) -> str:
    """Return a validation error as one line: each offending key and what is wrong with it."""
    parts = []
    for item in error.errors():
        key = ".".join(str(step) for step in item["loc"]) or "the text"
        parts.append(f"{key}: {item['msg'].lower()}")
    return "; ".join(parts)
