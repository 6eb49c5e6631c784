"""Huohua trains generative adversarial networks on your own pictures and makes new ones.

    import huohua

    model = huohua.train("image", "my_pictures/", preset="fast", size=64)
    work = huohua.load("my_pictures").create(subject="lemon", seed=7)
    work.save("lemon.png")

Names are looked up when they are first used, so `import huohua` is quick and does not import torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from huohua.version import __version__

if TYPE_CHECKING:
    from huohua.arts.image.artwork import Artwork
    from huohua.studio.directions import find_directions, rename_direction
    from huohua.studio.evaluate import evaluate
    from huohua.studio.inversion import invert
    from huohua.studio.model import Model
    from huohua.studio.opening import load
    from huohua.studio.recreate import open_artwork, recreate
    from huohua.studio.train import train
    from huohua.studio.walk import walk

__all__ = [
    "Artwork",
    "Model",
    "__version__",
    "evaluate",
    "find_directions",
    "invert",
    "load",
    "open_artwork",
    "recreate",
    "rename_direction",
    "train",
    "walk",
]

# Where each public name lives.
_HOMES = {
    "Artwork": "huohua.arts.image.artwork",
    "Model": "huohua.studio.model",
    "evaluate": "huohua.studio.evaluate",
    "find_directions": "huohua.studio.directions",
    "invert": "huohua.studio.inversion",
    "load": "huohua.studio.opening",
    "open_artwork": "huohua.studio.recreate",
    "recreate": "huohua.studio.recreate",
    "rename_direction": "huohua.studio.directions",
    "train": "huohua.studio.train",
    "walk": "huohua.studio.walk",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'huohua' has no attribute '{name}'")
    found = getattr(importlib.import_module(_HOMES[name]), name)
    # Kept, so that the next look-up does not come here again.
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
