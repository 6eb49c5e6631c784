"""The generators of pictures: name to (settings, network). To list one is to test it."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from huohua.arts.image.generators.style import StyleGenerator, StyleSettings
from huohua.config import Config

GENERATORS: Mapping[str, tuple[type[Config], type[nn.Module]]] = {
    "style": (StyleSettings, StyleGenerator),
}
