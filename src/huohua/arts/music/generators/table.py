"""The generators of music by the name they go by in presets and model files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import nn

from huohua.arts.music.networks.composer import Composer, ComposerSettings
from huohua.arts.music.networks.musegan import MuseGenerator, MuseGeneratorSettings
from huohua.config import Config

GENERATORS: Mapping[str, tuple[type[Config], Callable[..., nn.Module]]] = {
    "composer": (ComposerSettings, Composer),
    "musegan": (MuseGeneratorSettings, MuseGenerator),
}
