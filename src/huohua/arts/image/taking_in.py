"""A person's own picture as a sample: opened, brought to the size and the channels of a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from huohua.arts.image.artwork import Artwork
from huohua.arts.image.datasets.decoding import Canvas, decode, open_picture
from huohua.errors import DataError

if TYPE_CHECKING:
    from torch import Tensor

Picture = Artwork | Image.Image | str | Path


def sample_of(picture: Picture, *, height: int, width: int, channels: int) -> Tensor:
    """Return image_CHW in [-1, 1]; what stands out beyond the proportions of the model is cut off.

    Args:
        picture: a work, a picture in memory, or the file of one.
        height: pixels.
        width: pixels.
        channels: 1, 3 or 4.

    Raises:
        DataError: the file is missing, or no picture that can be read.
    """
    from huohua.arts.image.feed import as_samples

    image = _opened(picture)
    try:
        image_HWC = decode(image, Canvas(height=height, width=width, channels=channels))
    except DataError as error:
        raise _unreadable(picture, error) from error
    return as_samples(np.asarray(image_HWC)[None])[0]


def _opened(picture: Picture) -> Image.Image:
    if isinstance(picture, Artwork):
        return picture.image.copy()
    if isinstance(picture, Image.Image):
        return picture.copy()  # decoding turns a picture upright in place
    try:
        return open_picture(Path(picture).expanduser().read_bytes())
    except OSError as error:
        raise DataError(f"{picture} cannot be read: {error.strerror}.") from error
    except DataError as error:
        raise _unreadable(picture, error) from error


def _unreadable(picture: Picture, error: DataError) -> DataError:
    name = picture if isinstance(picture, str | Path) else "The picture"
    return DataError(f"{name} cannot be taken in: {error.message}.", advice="Use another copy of it.")
