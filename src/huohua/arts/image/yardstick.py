"""How picture models are measured: real pictures as samples, extractors, and known near-copies.

Letters: N pictures, C condition, H W pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from huohua.arts.image.attribute_scales import weigh
from huohua.arts.image.attributes import measure
from huohua.arts.image.datasets.dataset import ImageDataset, open_dataset
from huohua.arts.image.datasets.grouping import encode
from huohua.arts.image.extractors import EXTRACTORS, build_extractor
from huohua.arts.image.feed import as_pixels, as_samples
from huohua.arts.image.frame import ImageFrame
from huohua.arts.image.near_copies import appearances, near_copies
from huohua.arts.image.presets import PRESETS
from huohua.arts.yardstick import Collection, Extractor, OnProgress, OwnFigure
from huohua.conditions.space import ConditionSpace

# Which family of extractors each discriminator sees with; the others see pixels.
EYES = {"projected": "efficientnet-lite"}


class ImageCollection:
    """Real pictures, as something to be measured against.

    Args:
        dataset: the pictures.
    """

    def __init__(self, dataset: ImageDataset) -> None:
        self.dataset = dataset
        self.name, self.licence = dataset.name, dataset.licence
        self.titles = [entry.name for entry in dataset.entries]
        self.left_out = dataset.left_out
        self.conditions = dataset.conditions

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.dataset)

    def samples(self, rows: Sequence[int]) -> Tensor:
        """Return pictures in [-1, 1], image_NCHW."""
        return as_samples(np.asarray(self.dataset.images_NHWC[np.asarray(rows, dtype=np.intp)]))

    def asked(self, space: ConditionSpace) -> NDArray[np.float32]:
        """Return condition_NC: what each picture has of the conditions that a model understands.

        Labels count by their names; what is measured is measured here, and set on the model's scales.
        """
        labelled = ConditionSpace(
            groups={group: names for group, names in space.groups.items() if not space.measured(group)}
        )
        condition_NC = np.zeros((len(self), space.size), dtype=np.float32)
        places = space.places()
        condition_NC[:, [places[pair] for pair in labelled.places()]] = encode(self.dataset.entries, labelled)
        measured = [places[group, name] for group in space.scales for name in space.groups[group]]
        if measured:
            condition_NC[:, measured] = weigh(measure(self.dataset.images_NHWC), space)
        return condition_NC


class ImageYardstick:
    """How picture models are measured; see `Yardstick` for the meaning of each member."""

    extractors = tuple(EXTRACTORS)

    def extractor(self, name: str, works: Collection | None = None) -> Extractor:
        """Return an extractor by its name.

        Raises:
            UsageError: there is none of that name.
            MissingDependencyError: its weights are not installed.
        """
        return build_extractor(name)

    def relatives(self, preset: str) -> Sequence[str]:
        """Return the families of extractors that models of a preset learnt to please."""
        seen_with = EYES.get(PRESETS[preset].discriminator) if preset in PRESETS else None
        return (seen_with,) if seen_with else ()

    def collect(
        self,
        source: str | Path,
        *,
        frame: ImageFrame,
        on_progress: OnProgress | None = None,
        on_download: OnProgress | None = None,
    ) -> ImageCollection:
        """Return the pictures of a place, cut and scaled as training does.

        Raises:
            DataError: there is no such place, or fewer than 8 pictures in it can be used.
        """
        opened = open_dataset(
            source,
            height=frame.height,
            width=frame.width,
            channels=frame.channels,
            on_progress=on_progress,
            on_download=on_download,
        )
        return ImageCollection(opened)

    def appearances(self, sample: Tensor) -> Sequence[Tensor]:
        """Return pictures as they are and mirrored."""
        return appearances(sample)

    def near_copies(self, sample: Tensor) -> Mapping[str, Tensor]:
        """Return mirrored crops, crops, compressed and grainy copies of pictures."""
        return near_copies(sample)

    def own_figures(self, samples: Callable[[], Tensor], works: Any, *, seed: int) -> Sequence[OwnFigure]:
        """Return none: pictures have no figures that other arts lack."""
        return ()

    def pictures(self, sample: Tensor) -> Sequence[Image.Image]:
        """Return pictures of samples in [-1, 1]."""
        return [
            Image.fromarray(
                np.ascontiguousarray(image_HWC[:, :, 0] if image_HWC.shape[2] == 1 else image_HWC)
            )
            for image_HWC in as_pixels(sample)
        ]
