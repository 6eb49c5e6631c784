"""One entry of the lexicon: words of two languages, and what they ask of a picture.

Weights are amounts on the scales of a model: 1 is as much as its works have. An entry asks for as much as a
person would expect to see, not for as much as there can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["colour", "look", "thing", "place", "modifier", "joint", "stop", "unseen"]
Weights = Mapping[str, float]
NOTHING: Weights = {}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What some words mean.

    Attributes:
        name: the entry's own name: its first English word.
        kind: a colour; a look or mood; a thing; a place; a modifier of the next word; a joint that binds
            words ("and"); a stop that ends a clause; something that is understood but never seen to ("left").
        english, chinese: the words, inflected forms left out.
        colours: for a colour, the basic colours it is made of.
        paint: for a thing, the colours of each place it is usually in.
        places: where a thing is, the main place first; what is said of its colour counts there.
        looks: the looks it implies.
        on_looks, on_shares: for a modifier, what it multiplies a look and a share of colour by.
        reason: for something never seen to, why not.
    """

    name: str
    kind: Kind
    english: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()
    colours: Weights = field(default_factory=dict)
    paint: Mapping[str, Weights] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    looks: Weights = field(default_factory=dict)
    on_looks: float = 1.0
    on_shares: float = 1.0
    reason: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Return all of its words."""
        return self.english + self.chinese


def listed(text: str) -> tuple[str, ...]:
    """Return words that are written one after another with commas.

    Example:
        >>> listed("sky, the heavens")
        ('sky', 'the heavens')
    """
    return tuple(word.strip() for word in text.split(",") if word.strip())


def colour(english: str, chinese: str, *, of: Weights | None = None, looks: Weights = NOTHING) -> Entry:
    """Return a colour: a basic one, or a mixture `of` basic ones; some are light or dark besides."""
    words = listed(english)
    return Entry(
        name=words[0],
        kind="colour",
        english=words,
        chinese=listed(chinese),
        colours=of or {words[0]: 0.8},
        looks=looks,
    )


def look(english: str, chinese: str, **looks: float) -> Entry:
    """Return a look or a mood."""
    words = listed(english)
    return Entry(name=words[0], kind="look", english=words, chinese=listed(chinese), looks=looks)


def thing(
    english: str,
    chinese: str,
    *,
    top: Weights = NOTHING,
    middle: Weights = NOTHING,
    bottom: Weights = NOTHING,
    places: str = "",
    looks: Weights = NOTHING,
) -> Entry:
    """Return a thing with its usual colours.

    Args:
        english: its English words.
        chinese: its Chinese words.
        top: its colours there, and likewise for the other places.
        middle: likewise.
        bottom: likewise.
        places: where it is, if not where it has colours.
        looks: what else it implies.
    """
    words = listed(english)
    painted = {"top": top, "middle": middle, "bottom": bottom}
    paint = {place: weights for place, weights in painted.items() if weights}
    return Entry(
        name=words[0],
        kind="thing",
        english=words,
        chinese=listed(chinese),
        paint=paint,
        places=listed(places) or tuple(paint),
        looks=looks,
    )


def modifier(english: str, chinese: str, *, on_looks: float, on_shares: float) -> Entry:
    """Return a modifier of the word after it."""
    words = listed(english)
    return Entry(
        name=words[0],
        kind="modifier",
        english=words,
        chinese=listed(chinese),
        on_looks=on_looks,
        on_shares=on_shares,
    )
