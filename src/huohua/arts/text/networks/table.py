"""The networks of texts by name, each with its settings."""

from __future__ import annotations

from collections.abc import Mapping

from huohua.arts.text.networks.reader import Reader, ReaderSettings
from huohua.arts.text.networks.writer import Writer, WriterSettings

GENERATORS: Mapping[str, tuple[type[WriterSettings], type[Writer]]] = {"writer": (WriterSettings, Writer)}
DISCRIMINATORS: Mapping[str, tuple[type[ReaderSettings], type[Reader]]] = {"reader": (ReaderSettings, Reader)}
