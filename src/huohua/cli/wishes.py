"""What flags ask for: the options for conditions that several commands share, and how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from huohua.errors import UsageError

if TYPE_CHECKING:
    from huohua.conditions.space import Wish

Subject = Annotated[str | None, typer.Option(help="What it shows.", show_default=False)]
Style = Annotated[str | None, typer.Option(help="In which style.", show_default=False)]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag; may be repeated.", show_default=False)]
Conditions = Annotated[
    list[str] | None,
    typer.Option(
        "--condition",
        help="Any condition as group=name or group=name:weight; may be repeated to mix.",
        metavar="GROUP=NAME[:WEIGHT]",
        show_default=False,
    ),
]
Slides = Annotated[
    list[str] | None,
    typer.Option(
        "--slide",
        help="How far to go along a named direction, such as warmer=1.5; may be repeated.",
        metavar="NAME=STRENGTH",
        show_default=False,
    ),
]


def read_wishes(
    subject: str | None, style: str | None, tags: list[str], conditions: list[str]
) -> dict[str, Wish]:
    """Return the conditions of the flags by group.

    Raises:
        UsageError: a condition is not of the form group=name[:weight].
    """
    wishes: dict[str, Wish] = {}
    if subject:
        wishes["subject"] = subject
    if style:
        wishes["style"] = style
    if tags:
        wishes["tags"] = tags
    for group, weights in _mixtures(conditions).items():
        if group in wishes:
            raise UsageError(f"'{group}' is asked for twice.", advice=f"Use --condition {group}=… alone.")
        wishes[group] = weights
    return wishes


def _mixtures(conditions: list[str]) -> dict[str, dict[str, float]]:
    """Return GROUP=NAME[:WEIGHT] texts as weights by group and name."""
    mixtures: dict[str, dict[str, float]] = {}
    for text in conditions:
        group, _, rest = text.partition("=")
        name, weight = _weighted(rest)
        if not (group.strip() and name.strip()):
            raise UsageError(
                f"'{text}' is no condition.",
                advice="Write GROUP=NAME or GROUP=NAME:WEIGHT, as in style=monet:0.6.",
            )
        mixtures.setdefault(group.strip(), {})[name.strip()] = weight
    return mixtures


def _weighted(text: str) -> tuple[str, float]:
    """Return NAME or NAME:WEIGHT as both; a name may hold a colon of its own, as in "face: smiling"."""
    name, _, weight = text.rpartition(":")
    try:
        return name, float(weight)
    except ValueError:
        return text, 1.0


def read_slides(slides: list[str]) -> dict[str, float]:
    """Return NAME=STRENGTH texts as strengths by name.

    Raises:
        UsageError: a text is not of that form, or a name is given twice.
    """
    strengths: dict[str, float] = {}
    for text in slides:
        name, _, strength = text.rpartition("=")
        name = name.strip()
        if name in strengths:
            raise UsageError(f"The slider '{name}' is set twice.")
        try:
            strengths[name] = float(strength)
        except ValueError:
            name = ""
        if not name:
            raise UsageError(f"'{text}' is no slider.", advice="Write NAME=STRENGTH, as in warmer=1.5.")
    return strengths


def read_seeds(text: str) -> list[int]:
    """Return the seeds of a text such as "1,5,9".

    Raises:
        UsageError: it holds something that is no seed.
    """
    words = text.replace(",", " ").split()
    wrong = [word for word in words if not word.isdecimal()]
    if wrong:
        raise UsageError(f"'{wrong[0]}' is no seed.", advice="Write seeds as whole numbers: 1,5,9.")
    return [int(word) for word in words]
