"""The discriminators of music by the name they go by in presets and model files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import nn

from huohua.arts.music.networks.critic import Critic, CriticSettings
from huohua.arts.music.networks.musegan import MuseCritic, MuseCriticSettings
from huohua.config import Config

DISCRIMINATORS: Mapping[str, tuple[type[Config], Callable[..., nn.Module]]] = {
    "critic": (CriticSettings, Critic),
    "musegan": (MuseCriticSettings, MuseCritic),
}
