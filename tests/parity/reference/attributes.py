"""Attributes of a picture, pixel by pixel in plain loops: the twin of arts/image/attributes.py.

Written from the definitions and not from the code; only the table of example colours is shared.
"""

from __future__ import annotations

import math

from huohua.arts.image.colour_names import EXAMPLES
from huohua.conditions.attribute_names import COLOURS


def oklab(red, green, blue):
    """OKLab of one sRGB colour in 0 to 255."""
    light = []
    for level in (red, green, blue):
        share = level / 255
        light.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    r, g, b = light
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def names_of(red, green, blue):
    """How much one colour bears each name, by name."""
    lab = oklab(red, green, blue)
    nearest = {}
    for name, codes in EXAMPLES.items():
        for code in codes.split():
            example = oklab(*(int(code[at : at + 2], 16) for at in (0, 2, 4)))
            square = (0.55 * (lab[0] - example[0])) ** 2
            square += (lab[1] - example[1]) ** 2 + (lab[2] - example[2]) ** 2
            nearest[name] = min(square, nearest.get(name, math.inf))
    closeness = {name: (1 / (square + 1e-6)) ** 3 for name, square in nearest.items()}
    total = sum(closeness.values())
    return {name: value / total for name, value in closeness.items()}


def attributes(picture):
    """All attributes of a picture given as rows of (red, green, blue), by (group, name)."""
    height, width = len(picture), len(picture[0])
    found = {}
    for number, place in enumerate(("top", "middle", "bottom")):
        first, last = round(height * number / 3), round(height * (number + 1) / 3)
        sums = dict.fromkeys(COLOURS, 0.0)
        for row in picture[first:last]:
            for pixel in row:
                for name, share in names_of(*pixel).items():
                    sums[name] += share
        for name, value in sums.items():
            found[f"colour_{place}", name] = math.sqrt(value / ((last - first) * width))
    labs = [[oklab(*pixel) for pixel in row] for row in picture]
    flat = [lab for row in labs for lab in row]
    mean = sum(lab[0] for lab in flat) / len(flat)
    down = [abs(labs[y + 1][x][0] - labs[y][x][0]) for y in range(height - 1) for x in range(width)]
    right = [abs(labs[y][x + 1][0] - labs[y][x][0]) for y in range(height) for x in range(width - 1)]
    angle = math.radians(60)
    found["look", "light"] = mean
    found["look", "saturated"] = sum(math.hypot(a, b) for _, a, b in flat) / len(flat)
    found["look", "contrast"] = math.sqrt(sum((lab[0] - mean) ** 2 for lab in flat) / len(flat))
    found["look", "warm"] = sum(a * math.cos(angle) + b * math.sin(angle) for _, a, b in flat) / len(flat)
    found["look", "detailed"] = (sum(down) / len(down) + sum(right) / len(right)) / 2
    return found
