"""The version, in a leaf file so that any module may read it without importing the package."""

from __future__ import annotations

__version__ = "0.1.0"
