"""What every way to train has, in any art; each art adds the settings of its networks and games."""

from __future__ import annotations

from pydantic import Field

from huohua.adversarial.run import RunSettings
from huohua.config import Config


class Preset(Config):
    """A complete way to train; each art has a subclass with more settings.

    Attributes:
        about: what it is for, in one sentence.
        kimg: budget in thousands of works, unless asked otherwise.
        run: how the game is played over time.
    """

    about: str
    kimg: float = Field(default=200.0, gt=0)
    run: RunSettings = RunSettings()
