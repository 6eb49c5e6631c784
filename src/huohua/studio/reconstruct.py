"""Reconstruct a work: what a model with an encoder makes again of a person's own picture.

The latent that the encoder finds is written out in the recipe, so a reconstruction is a work like any
other: it can be made again, begun from, mixed, and walked through. What the picture should be told as its
conditions nobody knows; where they are not given, those are taken that real works have and under which
the reconstruction comes nearest to the picture.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import torch
from PIL import Image

from huohua.conditions.space import ConditionSpace, Wishes
from huohua.conditions.typical import Combination, completed
from huohua.files import write_bytes
from huohua.latents.space import steered
from huohua.provenance.ingredients import Ingredient, Weights, pack
from huohua.randomness import numpy_generator

if TYPE_CHECKING:
    from torch import Tensor, nn

    from huohua.arts.art import Work
    from huohua.arts.image.artwork import Artwork
    from huohua.studio.reader import Reader
    from huohua.zoo.format import ModelConfig

# So many combinations are drawn and tried; each costs as much as making one work.
TRIED = 64
TOGETHER = 16


class Reconstructing(Protocol):
    """What a reconstruction needs of a model."""

    @property
    def config(self) -> ModelConfig:
        """Return what it is."""
        ...

    @property
    def generator(self) -> nn.Module:
        """Return its generator."""
        ...

    @property
    def reader(self) -> Reader:
        """Return its encoder."""
        ...

    def make(
        self,
        *,
        seed: int,
        conditions: Mapping[str, Mapping[str, float]],
        ingredients: Sequence[Ingredient] = (),
    ) -> Work:
        """Make the work that these values describe."""
        ...


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A picture as the model saw it, and what it made of it again."""

    picture: Image.Image
    work: Artwork


def reconstructions(model: Reconstructing, pictures: Sequence[str | Path], wishes: Wishes) -> Iterator[Pair]:
    """Yield pictures with what a model makes of them again.

    Raises:
        UsageError: the model has no encoder, or a condition is unknown.
        DataError: a picture cannot be read.
    """
    from huohua.arts.image.feed import as_pixels

    reader = model.reader  # a model without an encoder is told of before the first picture is read
    for picture in pictures:
        work = cast("Artwork", reconstruct(model, picture, wishes))
        pixels_HWC = as_pixels(reader.sample_of(picture)[None])[0]
        shown = Image.fromarray(pixels_HWC[:, :, 0] if pixels_HWC.shape[2] == 1 else pixels_HWC)
        yield Pair(picture=shown, work=work)


def save_pairs(pairs: Sequence[Pair], path: Path) -> Path:
    """Lay pictures and their works out side by side on one PNG, and return its path.

    Raises:
        StorageError: the file cannot be written.
    """
    from huohua.arts.image.sheet import sheet

    images = [image for pair in pairs for image in (pair.picture, pair.work.image)]
    buffer = io.BytesIO()
    sheet(images, 2 * min(4, len(pairs))).save(buffer, "PNG")
    write_bytes(path, buffer.getvalue())
    return path


def reconstruct(model: Reconstructing, work: Any, wishes: Wishes) -> Work:
    """Return what a model makes again of a work.

    Args:
        model: one with an encoder.
        work: a work, or the file of one.
        wishes: conditions it is told; groups that are not mentioned are found.

    Raises:
        UsageError: the model has no encoder, or a condition is unknown.
        DataError: the work cannot be read.
    """
    space = model.config.conditions
    resolved = space.resolve(wishes)
    sample = model.reader.sample_of(work)
    latent_Z = model.reader.latent_of(sample)
    candidates = candidates_for(resolved, space, model.config.typical)
    conditions = nearest(model.generator, latent_Z, sample, candidates, space)
    ingredient = Ingredient(vector=pack(_steered(model.generator, latent_Z, conditions, space).tolist()))
    return model.make(seed=0, conditions=conditions, ingredients=(ingredient,))


def candidates_for(
    wishes: Weights, space: ConditionSpace, typical: Sequence[Combination], count: int = TRIED
) -> list[Weights]:
    """Return what a work may be told, each once: the wishes, completed from what real works have.

    Example:
        >>> space = ConditionSpace(groups={"subject": ("lemon", "plum")})
        >>> sorted(list(each["subject"]) for each in candidates_for({}, space, ()))
        [['lemon'], ['plum']]
        >>> candidates_for({"subject": {"plum": 1.0}}, space, ())
        [{'subject': {'plum': 1.0}}]
    """
    dice = numpy_generator(0, "taken in")
    found: list[Weights] = []
    for _ in range(count):
        each = completed(wishes, space, typical, dice)
        if each not in found:
            found.append(each)
    return found


def nearest(
    generator: nn.Module,
    latent_Z: Tensor,
    sample: Tensor,
    candidates: Sequence[Weights],
    space: ConditionSpace,
) -> Weights:
    """Return those conditions under which a latent's work is nearest to a sample, number by number."""
    if len(candidates) == 1:
        return candidates[0]
    condition_NC = torch.tensor([space.encode(each) for each in candidates], dtype=torch.float32)
    distances = []
    with torch.inference_mode():
        for condition_BC in condition_NC.split(TOGETHER):
            works = generator(latent_Z.expand(len(condition_BC), -1), condition_BC)
            distances.append((works - sample).square().flatten(1).mean(1))
    return candidates[int(torch.cat(distances).argmin())]


def _steered(generator: nn.Module, latent_Z: Tensor, conditions: Weights, space: ConditionSpace) -> Tensor:
    """Return latent_V, what the generator's layers are told of a latent."""
    condition_BC = torch.tensor([space.encode(conditions)], dtype=torch.float32)
    with torch.inference_mode():
        return steered(generator, latent_Z[None], condition_BC, truncation=1.0)[0]
