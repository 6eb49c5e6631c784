"""Weights that lie in an installed package: found without importing it, and checked before use."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from huohua.errors import MissingDependencyError
from huohua.files import sha256


def published_file(package: str, file: str, digest: str, *, purpose: str, advice: str) -> Path:
    """Return the path of a file inside an installed package, after checking that it is the published one.

    Args:
        package: the name it is imported by; it is looked for and not imported.
        file: where the file lies inside it.
        digest: SHA-256 of the file as it was published.
        purpose: what needs it, at the beginning of a sentence.
        advice: how to get it.

    Raises:
        MissingDependencyError: the package is missing, or its file is not the published one.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise MissingDependencyError(f"{purpose} need the package {package}.", advice=advice)
    path = Path(spec.origin).parent / file
    if not path.is_file() or sha256(path) != digest:
        raise MissingDependencyError(f"{path} is not the published weights file.", advice=advice)
    return path
