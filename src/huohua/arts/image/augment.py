"""Augmentation of images: changes that a discriminator must look past, and gradients must go through.

Every operation changes each image independently with probability `strength`, draws its numbers on the
CPU and is the identity, without a copy, at strength 0. The choice of numbers is apart from their use,
so that each use can be checked by hand.

Source: Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN Training", section 3;
the probability is that of Karras et al. 2020, "Training Generative Adversarial Networks with Limited
Data", section 2.

Shape letters:  B images,  C channels,  H height,  W width. Values lie in [-1, 1]; 0 is middle grey.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.errors import UsageError

COLOURS = 3
BRIGHTNESS = 0.5
SHIFT = 1 / 8
HOLE = 0.5


def augment(image_BCHW: Tensor, strength: float, generator: torch.Generator, policy: Sequence[str]) -> Tensor:
    """Return the images after each operation of `policy`, in its order.

    Args:
        image_BCHW: images in [-1, 1], of any floating type; a channels-last layout is kept.
        strength: the probability with which each operation changes each image, from 0 to 1.
        generator: draws all numbers; a CPU generator.
        policy: names in `AUGMENTATIONS`.

    Raises:
        UsageError: a name is not in the table.
    """
    for name in policy:
        if name not in AUGMENTATIONS:
            raise UsageError(
                f"There is no augmentation called {name!r}.",
                advice=f"Choose from {', '.join(AUGMENTATIONS)}.",
            )
        if strength > 0:
            image_BCHW = AUGMENTATIONS[name](image_BCHW, strength, generator)
    return image_BCHW


def colour(image_BCHW: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Change brightness by up to 0.5, saturation by a factor of 0 to 2 and contrast by 0.5 to 1.5."""
    chosen_B = _chosen_B(image_BCHW, strength, generator)
    draw_3B = torch.rand(3, len(image_BCHW), generator=generator)
    brightness_B = chosen_B * (draw_3B[0] * 2 - 1) * BRIGHTNESS
    saturation_B = 1 + chosen_B * (draw_3B[1] * 2 - 1)
    contrast_B = 1 + chosen_B * (draw_3B[2] - 0.5)
    return recolour(image_BCHW, brightness_B, saturation_B, contrast_B)


def translation(image_BCHW: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Shift by whole pixels, up to an eighth of each side, and mirror the image at its edges.

    The paper fills with zeros; mirroring avoids teaching grey bars to a generator when the
    augmentation is strong.
    """
    chosen_B = _chosen_B(image_BCHW, strength, generator)
    draw_2B = torch.rand(2, len(image_BCHW), generator=generator)
    furthest_2 = torch.tensor([reach(side) for side in image_BCHW.shape[2:]]).view(2, 1)
    shift_2B = (draw_2B * (2 * furthest_2 + 1)).floor() - furthest_2
    down_B, right_B = (shift_2B * chosen_B).int().tolist()
    return shift(image_BCHW, down_B, right_B)


def cutout(image_BCHW: Tensor, strength: float, generator: torch.Generator, *, size: float = HOLE) -> Tensor:
    """Set to zero a rectangle of `size` times each side, anywhere around a random point of the image.

    The rectangle may reach over the edge, so that less is cut.
    """
    height, width = image_BCHW.shape[2:]
    chosen_B = _chosen_B(image_BCHW, strength, generator)
    draw_2B = torch.rand(2, len(image_BCHW), generator=generator)
    top_B = (draw_2B[0] * (height + 1)).floor().int() - round(height * size) // 2
    left_B = (draw_2B[1] * (width + 1)).floor().int() - round(width * size) // 2
    return cut(image_BCHW, top_B, left_B, (chosen_B * round(height * size)).int(), round(width * size))


def flip(image_BCHW: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Mirror left and right half of the time, so at strength 1 both ways are equally frequent."""
    chosen_B = _chosen_B(image_BCHW, strength, generator)
    return mirror(image_BCHW, chosen_B * (torch.rand(len(image_BCHW), generator=generator) < 1 / 2))


AUGMENTATIONS: Mapping[str, Callable[[Tensor, float, torch.Generator], Tensor]] = {
    "colour": colour,
    "translation": translation,
    "cutout": cutout,
    "flip": flip,
}


def recolour(image_BCHW: Tensor, brightness_B: Tensor, saturation_B: Tensor, contrast_B: Tensor) -> Tensor:
    """Add a brightness, then spread the colours of each pixel, then all values, about their mean.

    With x a value, p the mean of its pixel, m the mean of its image, and b, s, c the three changes, the
    three steps x + b, p + s (x - p), m + c (x - m) together are

        c s x + c (1 - s) p + (1 - c) m + b,

    which is computed in one pass. A fourth channel, the opacity, is left as it is.
    """
    if image_BCHW.shape[1] > COLOURS:
        colour_BCHW, rest_BCHW = image_BCHW[:, :COLOURS], image_BCHW[:, COLOURS:]
        changed = recolour(colour_BCHW, brightness_B, saturation_B, contrast_B)
        return torch.cat([changed, rest_BCHW], dim=1)
    brightness, saturation, contrast = (
        change_B.to(image_BCHW).view(-1, 1, 1, 1) for change_B in (brightness_B, saturation_B, contrast_B)
    )
    pixel_B1HW = image_BCHW.mean(1, keepdim=True)
    mean_B111 = pixel_B1HW.mean((2, 3), keepdim=True)
    offset_B1HW = pixel_B1HW * (contrast * (1 - saturation)) + ((1 - contrast) * mean_B111 + brightness)
    return torch.addcmul(offset_B1HW, image_BCHW, contrast * saturation)


def shift(image_BCHW: Tensor, down_B: Sequence[int], right_B: Sequence[int]) -> Tensor:
    """Move each image by whole pixels; what comes in over an edge is the image mirrored at that edge.

    Raises:
        RuntimeError: a shift is not smaller than the side it goes along.
    """
    height, width = image_BCHW.shape[2:]
    rows, columns = max(map(abs, down_B)), max(map(abs, right_B))
    if rows == columns == 0:
        return image_BCHW
    padded_BCHW = F.pad(image_BCHW, (columns, columns, rows, rows), mode="reflect")
    shifted = [
        padded_1CHW[:, :, rows - down : rows - down + height, columns - right : columns - right + width]
        for padded_1CHW, down, right in zip(padded_BCHW.chunk(len(image_BCHW)), down_B, right_B, strict=True)
    ]
    return torch.cat(shifted)


def cut(image_BCHW: Tensor, top_B: Tensor, left_B: Tensor, height_B: Tensor, width: int) -> Tensor:
    """Set to zero a rectangle in each image, where it lies inside; a height of 0 cuts nothing."""
    row_H = torch.arange(image_BCHW.shape[2])
    column_W = torch.arange(image_BCHW.shape[3])
    inside_BH = (row_H >= top_B[:, None]) & (row_H < (top_B + height_B)[:, None])
    inside_BW = (column_W >= left_B[:, None]) & (column_W < left_B[:, None] + width)
    keep_B1HW = ~(inside_BH[:, None, :, None] & inside_BW[:, None, None, :])
    return image_BCHW * keep_B1HW.to(image_BCHW)


def mirror(image_BCHW: Tensor, chosen_B: Tensor) -> Tensor:
    """Mirror the chosen images left and right."""
    chosen_B111 = chosen_B.bool().to(image_BCHW.device).view(-1, 1, 1, 1)
    return torch.where(chosen_B111, image_BCHW.flip(3), image_BCHW)


def reach(side: int) -> int:
    """Return the furthest shift along a side, in pixels.

    Example:
        >>> reach(64), reach(28)
        (8, 4)
    """
    return int(side * SHIFT + 0.5)


def _chosen_B(image_BCHW: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    return (torch.rand(len(image_BCHW), generator=generator) < strength).float()
