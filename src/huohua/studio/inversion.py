"""Invert a picture: find what in a model comes nearest to it. The use case behind `huohua invert`.

What is found is a work like any other: its latents stand in its recipe, so it can be made again, begun
from, mixed, slid along directions and walked through.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from huohua.arts.image.attribute_scales import weigh
from huohua.arts.image.attributes import measure
from huohua.arts.image.extractors import EfficientNet
from huohua.arts.image.feed import as_pixels, as_samples
from huohua.arts.image.fidelity import peak_signal_to_noise, structural_similarity
from huohua.arts.image.perceptual import PerceptualRows
from huohua.arts.image.sheet import sheet
from huohua.arts.table import art
from huohua.conditions.space import ConditionSpace, Wish
from huohua.conditions.typical import completed
from huohua.errors import UsageError
from huohua.files import write_bytes
from huohua.latents.inversion import InversionSettings, Prior, scout
from huohua.latents.inversion import invert as search
from huohua.latents.space import centre_and_spread, steered
from huohua.metrics.perceptual import perceptual_rows
from huohua.provenance.ingredients import Ingredient, Weights, pack
from huohua.randomness import numpy_generator, torch_generator
from huohua.studio.image_model import ImageModel
from huohua.studio.opening import image_model

if TYPE_CHECKING:
    from huohua.arts.image.artwork import Artwork

OnProgress = Callable[[int, int], None]

# The network that figures are made with is another than the one that the search looks through.
SEARCHED_WITH, MEASURED_WITH = "lite0", "lite1"
APPROACH = 0.3  # of all steps, with one vector for all layers
MOST_STEPS, MOST_STARTS = 10_000, 64


@dataclass(frozen=True, kw_only=True)
class Inverted:
    """A picture and the work that comes nearest to it.

    Attributes:
        picture: the picture as the model would see it: its size, its colours.
        work: the work.
        signal_to_noise: of the work's pixels, in decibels; higher is nearer.
        similarity: of structure, up to 1.
        distance: how different they look to `MEASURED_WITH`; 0 is equal.
    """

    picture: Image.Image
    work: Artwork
    signal_to_noise: float
    similarity: float
    distance: float

    @property
    def figures(self) -> dict[str, float]:
        """Return the figures by name."""
        return {
            "signal_to_noise": self.signal_to_noise,
            "similarity": self.similarity,
            "distance": self.distance,
        }


def invert(
    picture: str | Path | Image.Image,
    model: ImageModel | str | Path | None = None,
    *,
    conditions: Mapping[str, Wish] | None = None,
    seed: int = 0,
    settings: InversionSettings | None = None,
    on_progress: OnProgress | None = None,
) -> Inverted:
    """Return the work of a model that comes nearest to a picture; Ctrl-C returns the nearest so far.

    Args:
        picture: a file or a picture; it is cut to the model's shape.
        model: a model, its name or its folder; by default the one trained last.
        conditions: what it is asked for; groups that are not mentioned are searched too.
        seed: the same seed searches the same way.
        settings: how long and how hard.
        on_progress: told (steps done, steps in all).

    Raises:
        DataError: the picture cannot be read.
        UsageError: a condition is unknown.
        ModelError: there is no such model, or it is damaged.
    """
    return invert_all(
        [picture], model, conditions=conditions, seed=seed, settings=settings, on_progress=on_progress
    )[0]


def invert_all(
    pictures: Sequence[str | Path | Image.Image],
    model: ImageModel | str | Path | None = None,
    *,
    conditions: Mapping[str, Wish] | None = None,
    seed: int = 0,
    settings: InversionSettings | None = None,
    on_progress: OnProgress | None = None,
) -> list[Inverted]:
    """Return what `invert` returns for each of several pictures, found together, which is faster."""
    model = image_model(model)
    config, settings = model.config, settings or InversionSettings()
    generator = model.generator  # before the configuration is used: loading reads it afresh
    wishes = config.conditions.resolve(conditions or {})
    medium = art(config.art)
    sample_PCHW = torch.stack([medium.take_in(picture, frame=config.frame) for picture in pictures])
    describe = PerceptualRows(SEARCHED_WITH)
    latent_NV, condition_NC = _scouts(model, wishes, seed, settings.scouts)
    with torch.no_grad():
        target_PS = describe(sample_PCHW)
    starts = scout(generator, describe, target_PS, (latent_NV, condition_NC), settings.starts)
    starts = _with_encoded(model, sample_PCHW, _as_measured(model, sample_PCHW, starts, wishes))
    mean_V, deviation_V = centre_and_spread(
        generator, config.latent, condition_NC, torch_generator(seed, "spread")
    )
    found = search(
        generator,
        describe,
        target_PS,
        starts,
        reach=_reach(torch.cat([condition_NC, starts[1].flatten(0, 1)])),
        prior=Prior(mean_V=mean_V, deviation_V=deviation_V),
        settings=settings,
        random=torch_generator(seed, "shaking"),
        on_step=on_progress,
    )
    works = [
        _work(model, latent_LV, condition_C, seed)
        for latent_LV, condition_C in zip(found.latent_PLV, found.condition_PC, strict=True)
    ]
    return _measured(sample_PCHW, works)


def searching(*, steps: int, starts: int) -> InversionSettings:
    """Return settings for a search of so many steps from so many starts.

    Raises:
        UsageError: a number is out of range.
    """
    for name, value, most in (("steps", steps, MOST_STEPS), ("starts", starts, MOST_STARTS)):
        if not 1 <= value <= most:
            raise UsageError(f"{name} is {value}, but must lie between 1 and {most:,}.")
    approach = round(APPROACH * steps)
    return InversionSettings(approach=approach, parting=steps - approach, starts=starts)


def save_comparison(inverted: Sequence[Inverted], path: str | Path) -> Path:
    """Write pictures and their works side by side on one PNG and return its path.

    Raises:
        StorageError: the file cannot be written.
    """
    path = Path(path).expanduser()
    images = [image for each in inverted for image in (each.picture, each.work.image)]
    buffer = io.BytesIO()
    sheet(images, 2 * min(4, len(inverted))).save(buffer, "PNG")
    write_bytes(path, buffer.getvalue())
    return path


def _scouts(model: ImageModel, wishes: Weights, seed: int, count: int) -> tuple[Tensor, Tensor]:
    """Return latent_NV and condition_NC to search among: what works of this model usually have."""
    config = model.config
    dice = numpy_generator(seed, "scouts")
    asked = [completed(wishes, config.conditions, config.typical, dice) for _ in range(count)]
    condition_NC = torch.stack([model.helm.encoded(each) for each in asked])
    latent_NZ = torch.randn(count, config.latent, generator=torch_generator(seed, "scouts"))
    with torch.no_grad():
        return steered(model.generator, latent_NZ, condition_NC, truncation=1.0), condition_NC


def _as_measured(
    model: ImageModel, sample_PCHW: Tensor, starts: tuple[Tensor, Tensor], wishes: Weights
) -> tuple[Tensor, Tensor]:
    """Return starts that ask for what can be measured of the pictures, such as their colours."""
    space = model.config.conditions
    measured = [group for group in space.scales if group not in wishes]
    if not measured:
        return starts
    weights_PA = torch.from_numpy(weigh(measure(as_pixels(sample_PCHW)), space))
    pairs = [(group, name) for group in space.scales for name in space.groups[group]]
    latent_PKV, condition_PKC = starts[0], starts[1].clone()
    for column, (group, name) in enumerate(pairs):
        if group in measured:
            condition_PKC[:, :, space.places()[group, name]] = weights_PA[:, None, column]
    return latent_PKV, condition_PKC


def _reach(condition_NC: Tensor) -> tuple[Tensor, Tensor]:
    """Return the least and the most that is asked for in each place."""
    return condition_NC.amin(0), condition_NC.amax(0)


def _with_encoded(
    model: ImageModel, sample_PCHW: Tensor, starts: tuple[Tensor, Tensor]
) -> tuple[Tensor, Tensor]:
    """Return starts with one more for each picture where the model has an encoder: what that finds."""
    if model.config.encoder is None:
        return starts
    latent_PKV, condition_PKC = starts
    latent_PZ = torch.stack([model.reader.latent_of(sample) for sample in sample_PCHW])
    with torch.no_grad():
        latent_PV = steered(model.generator, latent_PZ, condition_PKC[:, 0], truncation=1.0)
    return (
        torch.cat([latent_PV[:, None], latent_PKV], dim=1),
        torch.cat([condition_PKC[:, :1], condition_PKC], dim=1),
    )


def _work(model: ImageModel, latent_LV: Tensor, condition_C: Tensor, seed: int) -> Artwork:
    rows = latent_LV[:1] if bool((latent_LV == latent_LV[0]).all()) else latent_LV
    ingredient = Ingredient(vector=pack(rows.flatten().tolist()))
    conditions = _named(model.config.conditions, condition_C)
    return cast("Artwork", model.make(seed=seed, conditions=conditions, ingredients=(ingredient,)))


def _named(space: ConditionSpace, condition_C: Tensor) -> Weights:
    """Return conditions as weights by group and name, to four digits, without those that are zero."""
    weights: Weights = {group: {} for group in space.groups}
    for (group, name), place in space.places().items():
        if weight := round(float(condition_C[place]), 4):
            weights[group][name] = weight
    return weights


def _measured(sample_PCHW: Tensor, works: Sequence[Artwork]) -> list[Inverted]:
    given_PHWC = as_pixels(sample_PCHW)
    made_PHWC = np.stack([np.asarray(work.image).reshape(given_PHWC.shape[1:]) for work in works])
    distances = looks_apart(given_PHWC, made_PHWC)
    return [
        Inverted(
            picture=Image.fromarray(given_HWC.squeeze(2) if given_HWC.shape[2] == 1 else given_HWC),
            work=work,
            signal_to_noise=peak_signal_to_noise(given_HWC, made_HWC),
            similarity=structural_similarity(given_HWC, made_HWC),
            distance=distance,
        )
        for given_HWC, made_HWC, work, distance in zip(given_PHWC, made_PHWC, works, distances, strict=True)
    ]


def looks_apart(first_NHWC: np.ndarray, second_NHWC: np.ndarray) -> list[float]:
    """Return how different pictures look, pair by pair, to the network that figures are made with."""
    extractor = EfficientNet(MEASURED_WITH)
    rows = [
        perceptual_rows(extractor.look(as_samples(pixels)).tap_LNCP) for pixels in (first_NHWC, second_NHWC)
    ]
    return [float(distance) for distance in ((rows[0] - rows[1]) ** 2).sum(axis=1)]
