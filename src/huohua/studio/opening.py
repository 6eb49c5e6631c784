"""From a name or a folder to a model: opened as a model of its art."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from huohua.errors import ModelError, UsageError
from huohua.studio.image_model import ImageModel
from huohua.studio.model import Model
from huohua.studio.music_model import MusicModel
from huohua.studio.text_model import TextModel
from huohua.zoo.catalogue import find, latest
from huohua.zoo.format import load_config

MODELS: Mapping[str, type[Model]] = {"image": ImageModel, "music": MusicModel, "text": TextModel}


def open_model(folder: str | Path, *, name: str = "") -> Model:
    """Open a model folder as a model of its art.

    Args:
        folder: the model folder.
        name: the name it goes by; by default the one in its configuration, else the folder's.

    Raises:
        ModelError: the folder holds no model, one that cannot be read, or one of an art that is not here.
    """
    place = Path(folder).expanduser()
    kind = MODELS.get(load_config(place).art)
    if kind is None:
        raise ModelError(f"{place} holds a model of an art that cannot be played.", advice="Update Huohua.")
    return kind(place, name=name)


def load(name_or_path: str | Path | None = None, *, art: str | None = None) -> Model:
    """Load a model by its name, its folder or the folder of its training run; without a name, the latest.

    Args:
        name_or_path: the name, or the folder.
        art: of which art the latest is to be; by default of any.

    Raises:
        ModelError: there is no such model, or it is damaged.
    """
    if name_or_path is None:
        listed = latest(art)
        if listed is None:
            raise ModelError(
                f"There is no model{f' of {art}' if art else ''} yet.",
                advice=f"Train one: huohua train {art or 'image'} FOLDER.",
            )
        return open_model(listed.folder, name=listed.name)
    folder = find(name_or_path)
    name = str(name_or_path)
    return open_model(folder, name="" if Path(name).expanduser().exists() else name)


def image_model(model: Model | str | Path | None) -> ImageModel:
    """Return a model as one of pictures, loaded if it is a name or a folder.

    Raises:
        UsageError: it is a model of another art.
        ModelError: there is no such model, or it is damaged.
    """
    opened = model if isinstance(model, Model) else load(model, art="image")
    if not isinstance(opened, ImageModel):
        raise UsageError(f"The model '{opened.name}' makes {opened.config.art}, not pictures.")
    return opened
