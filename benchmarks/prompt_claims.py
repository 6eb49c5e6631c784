"""What a prompt claims of a picture, by a rule that knows nothing of how Huohua names colours.

Colours are ranges of hue, saturation and value, as a photographer would set them in a colour picker; looks
are means over plain RGB. Neither OKLab nor the examples, scales and lexicon of the package are used, so that
agreement is no echo. The rules were set before any model was measured.

Letters: N pictures, H W pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# A claim holds if a quarter of the place bears the colour; a tenth where two colours share the place; and
# what shall not be there may be there by one twentieth.
ALONE, SHARED, ABSENT = 0.25, 0.10, 0.05
PLACES = {"top": slice(0, 1), "middle": slice(1, 2), "bottom": slice(2, 3), "anywhere": slice(0, 3)}
THIRD = 1 / 3  # a look holds if two thirds of the real works have less of it


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One thing that a prompt says.

    Attributes:
        what: a colour, or a look with its direction: "+light" or "-light".
        place: of a colour.
        least: share of the place that bears the colour; for an absent one, `most` is given instead.
        most: likewise.
    """

    what: str
    place: str = ""
    least: float = ALONE
    most: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """Words and what they claim."""

    words: str
    claims: tuple[Claim, ...]


def at(place: str, *colours: str) -> tuple[Claim, ...]:
    """Return the claims that a place bears colours."""
    least = ALONE if len(colours) == 1 else SHARED
    return tuple(Claim(what=colour, place=place, least=least) for colour in colours)


def without(colour: str) -> tuple[Claim, ...]:
    """Return the claim that a colour is nowhere."""
    return (Claim(what=colour, place="anywhere", least=0.0, most=ABSENT),)


def looks(*signed: str) -> tuple[Claim, ...]:
    """Return the claims of looks, such as "+warm" or "-light"."""
    return tuple(Claim(what=sign) for sign in signed)


def prompt(words: str, *claims: tuple[Claim, ...]) -> Prompt:
    """Return a prompt with all its claims."""
    return Prompt(words=words, claims=tuple(claim for several in claims for claim in several))


SKY = at("top", "blue", "white")
BOTH: tuple[Prompt, ...] = (
    prompt("blue sky, white clouds", SKY),
    prompt("蓝色的天空，白色的云朵", SKY),
    prompt("very dark", looks("-light")),
    prompt("明亮，暖色调", looks("+light", "+warm")),
    prompt("cold colours", looks("-warm")),
    prompt("对比度很高", looks("+contrast")),
    prompt("muted, low contrast", looks("-saturated", "-contrast")),
    prompt("鲜艳，细节丰富", looks("+saturated", "+detailed")),
    prompt("plain and calm", looks("-detailed")),
)
FLOWERS: tuple[Prompt, ...] = (
    *BOTH,
    prompt("green grass", at("bottom", "green")),
    prompt("绿色的草地，蓝色的天空", at("bottom", "green"), at("top", "blue")),
    prompt("red flowers", at("middle", "red")),
    prompt("红花", at("middle", "red")),
    prompt("yellow flowers under a blue sky", at("middle", "yellow"), at("top", "blue")),
    prompt("黑色背景上的黄花", at("middle", "yellow"), at("top", "black")),
    prompt("white flowers on a green background", at("middle", "white"), at("top", "green")),
    prompt("粉色的花", at("middle", "pink")),
    prompt("purple flowers", at("middle", "purple")),
    prompt("black background, high contrast", at("top", "black"), looks("+contrast")),
    prompt("上方蓝色，下方绿色", at("top", "blue"), at("bottom", "green")),
    prompt("orange, no green", at("middle", "orange"), without("green")),
    prompt("dark green forest", at("middle", "green"), looks("-light")),
)
LANDSCAPES: tuple[Prompt, ...] = (
    *BOTH,
    prompt("green grass under a blue sky", at("bottom", "green"), at("top", "blue")),
    prompt("绿色的草地", at("bottom", "green")),
    prompt("blue sea", at("bottom", "blue")),
    prompt("蓝色的大海，白色的天空", at("bottom", "blue"), at("top", "white")),
    prompt("snow", at("bottom", "white")),
    prompt("金色的田野", at("bottom", "yellow")),
    prompt("orange sunset", at("top", "orange")),
    prompt("夕阳，暗", looks("+warm", "-light")),
    prompt("green trees, grey sky", at("middle", "green"), at("top", "grey")),
    prompt("雾，冷色调", looks("-contrast", "-warm")),
    prompt("brown earth at the bottom", at("bottom", "brown")),
    prompt("上方蓝色，下方绿色", at("top", "blue"), at("bottom", "green")),
    prompt("without blue, warm", without("blue"), looks("+warm")),
)
SETS: Mapping[str, tuple[Prompt, ...]] = {"flowers": FLOWERS, "landscapes": LANDSCAPES}


def hue_saturation_value(picture_NHW3: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return hue in degrees, saturation and value of bytes, as every textbook defines them."""
    share = picture_NHW3.astype(np.float32) / 255
    most, least = share.max(axis=-1), share.min(axis=-1)
    chroma = most - least
    safe = np.where(chroma > 0, chroma, 1)
    red, green, blue = np.moveaxis(share, -1, 0)
    sextant = np.select(
        [most == red, most == green],
        [(green - blue) / safe % 6, (blue - red) / safe + 2],
        (red - green) / safe + 4,
    )
    return np.where(chroma > 0, sextant * 60, 0), np.where(most > 0, chroma / np.maximum(most, 1e-9), 0), most


Rule = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
COLOURS: Mapping[str, Rule] = {
    "black": lambda h, s, v: v <= 0.22,
    "white": lambda h, s, v: (s <= 0.18) & (v >= 0.75),
    "grey": lambda h, s, v: (s <= 0.22) & (v > 0.22) & (v < 0.8),
    "red": lambda h, s, v: ((h <= 15) | (h >= 342)) & (s >= 0.5) & (v > 0.3),
    "orange": lambda h, s, v: (h > 12) & (h <= 42) & (s >= 0.5) & (v >= 0.55),
    "yellow": lambda h, s, v: (h > 38) & (h <= 68) & (s >= 0.35) & (v >= 0.55),
    "green": lambda h, s, v: (h > 62) & (h <= 175) & (s >= 0.15) & (v > 0.15),
    "blue": lambda h, s, v: (h > 180) & (h <= 262) & (s >= 0.15) & (v > 0.22),
    "purple": lambda h, s, v: (h > 255) & (h <= 318) & (s >= 0.15) & (v > 0.2),
    "pink": lambda h, s, v: (v >= 0.55) & (s >= 0.15) & ((h > 312) | ((h <= 18) & (s < 0.55))),
    "brown": lambda h, s, v: (h > 8) & (h <= 48) & (s >= 0.25) & (v > 0.15) & (v < 0.66),
}  # fmt: skip


def share(picture_NHW3: np.ndarray, colour: str, place: str) -> np.ndarray:
    """Return share_N: how much of a place, a third of the height, bears a colour."""
    height = picture_NHW3.shape[1]
    thirds = PLACES[place]
    rows = slice(round(height * thirds.start / 3), round(height * thirds.stop / 3))
    bearing = COLOURS[colour](*hue_saturation_value(picture_NHW3[:, rows]))
    found: np.ndarray = bearing.mean(axis=(1, 2))
    return found


def look(picture_NHW3: np.ndarray, name: str) -> np.ndarray:
    """Return value_N of a look."""
    colour = picture_NHW3.astype(np.float32) / 255
    luma = colour @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    places = (1, 2)
    if name == "light":
        return np.asarray(luma.mean(axis=places))
    if name == "contrast":
        return np.asarray(luma.std(axis=places))
    if name == "warm":
        return np.asarray((colour[..., 0] - colour[..., 2]).mean(axis=places))
    if name == "saturated":
        return np.asarray((colour.max(axis=-1) - colour.min(axis=-1)).mean(axis=places))
    around = luma[:, :-2, 1:-1] + luma[:, 2:, 1:-1] + luma[:, 1:-1, :-2] + luma[:, 1:-1, 2:]
    rough = np.abs(4 * luma[:, 1:-1, 1:-1] - around)
    return np.asarray(rough.mean(axis=places))  # detailed


class Judge:
    """Says which claims hold, with real works as the measure of looks.

    Args:
        real_NHW3: real works, bytes, of the size of the pictures to be judged.
    """

    def __init__(self, real_NHW3: np.ndarray) -> None:
        names = ("light", "contrast", "warm", "saturated", "detailed")
        values = {name: look(real_NHW3, name) for name in names}
        self.ends = {name: np.quantile(found, [THIRD, 1 - THIRD]) for name, found in values.items()}

    def holds(self, picture_NHW3: np.ndarray, claim: Claim) -> np.ndarray:
        """Return which of N pictures bear a claim out."""
        if claim.place:
            found = share(picture_NHW3, claim.what, claim.place)
            return np.asarray((found >= claim.least) & (found <= claim.most))
        sign, name = claim.what[0], claim.what[1:]
        value, (low, high) = look(picture_NHW3, name), self.ends[name]
        return np.asarray(value > high if sign == "+" else value < low)

    def all_hold(self, picture_NHW3: np.ndarray, claims: Sequence[Claim]) -> np.ndarray:
        """Return which of N pictures bear out every claim."""
        return np.all([self.holds(picture_NHW3, claim) for claim in claims], axis=0)

    def share_of_claims(self, picture_NHW3: np.ndarray, claims: Sequence[Claim]) -> float:
        """Return the share of claims that hold, over all pictures and claims."""
        return float(np.mean([self.holds(picture_NHW3, claim) for claim in claims]))
