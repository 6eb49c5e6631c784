"""Every figure that a single piece has: how it is taken, what it says, and how it can be met by bad music.

A figure of a piece has no good value of its own. Good is what real pieces of the same kind have, give or take
as much as they differ among themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from huohua.arts.music.metrics import consistency, musegan, structure
from huohua.arts.music.metrics.tally import Tally

# What a figure is taken of: a pitched role, the role that plays chords, two roles, or all of a piece.
Of = Literal["role", "chords", "pair", "piece"]


@dataclass(frozen=True, kw_only=True)
class PieceFigure:
    """A figure of a piece.

    Attributes:
        short: its usual letters or name.
        of: what it is taken of.
        tally: takes notes, and the roles if it is taken of roles.
        share: whether it is a share, whose gaps are in points and not in parts of itself.
        says: what it says, for people.
        gamed: how music that nobody would want can have a good value.
    """

    short: str
    of: Of
    tally: Callable[..., Tally]
    share: bool = False
    says: str
    gamed: str


def _drums(notes: Any) -> Tally:
    return musegan.drum_pattern(notes)


PIECE_FIGURES: Mapping[str, PieceFigure] = {
    "empty_bars": PieceFigure(
        short="EB",
        of="role",
        tally=musegan.empty_bars,
        share=True,
        says="The share of bars in which the role is silent.",
        gamed="One note in as many bars as real songs have notes in; nothing is said of which bars.",
    ),
    "used_pitch_classes": PieceFigure(
        short="UPC",
        of="role",
        tally=musegan.used_pitch_classes,
        says="How many of the twelve pitch classes a bar uses where the role plays.",
        gamed="The right number of wrong notes.",
    ),
    "notes_from_eighths": PieceFigure(
        short="QN8",
        of="role",
        tally=musegan.notes_from_eighths,
        share=True,
        says="The share of notes that last an eighth or longer: low where notes are broken into crumbs.",
        gamed="Long notes, whichever: a grid that holds notes cannot break them, so it is no merit there.",
    ),
    "polyphonic_steps": PieceFigure(
        short="PP",
        of="chords",
        tally=musegan.polyphonic_steps,
        share=True,
        says="The share of time in which the role sounds more than two notes at once.",
        gamed="Any clusters of three: noise has it nearly right.",
    ),
    "tonal_distance": PieceFigure(
        short="TD",
        of="pair",
        tally=musegan.tonal_distance,
        says="How far two roles are apart in tonal space: high where they play in different harmonies.",
        gamed="Many notes at once lie in the middle of tonal space, near everything: noise looks real, and "
        "only shuffled roles look wrong.",
    ),
    "drum_pattern": PieceFigure(
        short="DP",
        of="piece",
        tally=_drums,
        share=True,
        says="The share of drum strokes on eighths.",
        gamed="A machine that strikes every eighth has 1.",
    ),
    "empty_quarters": PieceFigure(
        short="empty quarters",
        of="piece",
        tally=consistency.empty_quarters,
        share=True,
        says="The share of quarters in which nothing sounds.",
        gamed="One held note fills them all.",
    ),
    "polyphony": PieceFigure(
        short="polyphony",
        of="piece",
        tally=consistency.polyphony,
        says="How many pitches sound at once where any does.",
        gamed="Any chord of that many notes.",
    ),
    "scale_consistency": PieceFigure(
        short="scale",
        of="piece",
        tally=consistency.scale_consistency,
        share=True,
        says="The share of notes in the scale that fits best.",
        gamed="White keys at random have 1, which is more than real music has.",
    ),
    "groove_consistency": PieceFigure(
        short="groove",
        of="piece",
        tally=consistency.groove_consistency,
        share=True,
        says="How alike the rhythms of neighbouring bars are.",
        gamed="The same rhythm for ever has 1; so has silence, and noise that strikes everywhere is near it.",
    ),
    "pitch_class_entropy": PieceFigure(
        short="H4",
        of="piece",
        tally=consistency.pitch_class_entropy,
        says="How evenly four bars use the pitch classes, in bits.",
        gamed="The right mixture in any order.",
    ),
    "repetition": PieceFigure(
        short="repetition",
        of="piece",
        tally=structure.repetition,
        share=True,
        says="How like an earlier bar each bar is.",
        gamed="One bar over and over has 1, and all bars of noise are alike too.",
    ),
    "theme_return": PieceFigure(
        short="theme",
        of="piece",
        tally=structure.theme_return,
        share=True,
        says="How like the first two bars the best two later ones are.",
        gamed="One bar over and over has 1.",
    ),
}

# Those that MuseGAN and its successor print, by which papers are compared: the relative gap is their mean.
PUBLISHED = ("used_pitch_classes", "notes_from_eighths", "polyphonic_steps", "tonal_distance")

# What two sets of pieces have between them.
SET_SAYS: Mapping[str, str] = {
    "overlap": "How far distances to real pieces lie on those among real pieces, from 0 to 1. Copies of few "
    "pieces spoil it, new pieces with the right features in the wrong order do not.",
    "divergence": "The same as a divergence in nats; 0 is perfect. Tails count much.",
    "two_sample": "How often a judge that listens tells it from real music; 0.5 is perfect. Perfect copies "
    "have 0.5 too, and a weak judge gives 0.5 to anything: read what it says of the foils.",
    "frechet": "How far mean and spread of an encoder's features are from real ones. It falls with the "
    "number of pieces, and is that of one encoder, taught on these real works alone.",
    "genre": "How often a judge taught on real pieces takes a piece for the style it was asked for. For real "
    "ones it is how good the judge is; what is most typical may exceed that.",
    "copied": "The share of pieces that share a longer stretch with a training piece than 19 of 20 unseen "
    "real ones do. 0.05 is perfect; 0 is easily had by music that is like nothing.",
}
