"""The generators of pictures: name to (settings, network). To list one is to test it."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from huohua.arts.image.generators.dcgan import DcganGenerator, DcganSettings
from huohua.arts.image.generators.fast import FastGenerator, FastSettings
from huohua.arts.image.generators.growing import GrowingGenerator, GrowingSettings
from huohua.arts.image.generators.mlp import MlpGenerator, MlpSettings
from huohua.arts.image.generators.style import StyleGenerator, StyleSettings
from huohua.config import Config

GENERATORS: Mapping[str, tuple[type[Config], type[nn.Module]]] = {
    "mlp": (MlpSettings, MlpGenerator),
    "dcgan": (DcganSettings, DcganGenerator),
    "fast": (FastSettings, FastGenerator),
    "style": (StyleSettings, StyleGenerator),
    "growing": (GrowingSettings, GrowingGenerator),
}
