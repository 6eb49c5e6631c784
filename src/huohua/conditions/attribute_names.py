"""The words for what is computed from pictures: eleven colours in three places, and five looks.

These names stand in model files, in prompts and on the command line, so they are settled here, below
the code that computes them and the code that reads prompts.

Source: the colours are the basic colour terms of Berlin and Kay 1969, "Basic Color Terms";
Chinese has a basic word for each of them too.
"""

from __future__ import annotations

from collections.abc import Mapping

COLOURS = ("black", "grey", "white", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown")
PLACES = ("top", "middle", "bottom")

LOOK = "look"
# Each look is a scale with two ends; the condition is named after the first, the other counts below zero.
LOOKS: Mapping[str, str] = {
    "light": "dark",
    "saturated": "muted",
    "contrast": "flat",
    "warm": "cold",
    "detailed": "plain",
}
OPPOSITES: Mapping[str, str] = {far: near for near, far in LOOKS.items()}


def colour_group(place: str) -> str:
    """Return the group of conditions for the colours of one place.

    Example:
        >>> colour_group("top")
        'colour_top'
    """
    return f"colour_{place}"


COLOUR_GROUPS: Mapping[str, str] = {place: colour_group(place) for place in PLACES}
