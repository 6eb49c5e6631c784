"""Log records for developers: silent until somebody asks for them.

What a person should see is an event or an error; what a developer may want afterwards is a log record.
Importing Huohua sets up no handler and no level.
"""

from __future__ import annotations

import logging

ROOT = "huohua"


def logger(name: str) -> logging.Logger:
    """Return the logger of one part of Huohua, such as `logger("train")` for `huohua.train`."""
    return logging.getLogger(f"{ROOT}.{name}")
