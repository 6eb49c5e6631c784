"""What a sitting writes down: one file for each step, and one that says where the person is.

Steps never change once they are written, so a kill at any moment loses at most the step that was being
written; the small file that points at them is replaced as a whole. Numbers of points and features are kept
in 16 bits and used as they were kept, so a sitting that was opened again goes on exactly as it would have.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from typing_extensions import Self

from huohua.config import Config
from huohua.provenance.ingredients import Packed, pack, unpack
from huohua.steer.medium import Array

FORMAT: Literal[1] = 1
MOST_OPTIONS = 64
MOST_STEPS = 1_000_000

Word = Annotated[str, Field(max_length=256)]
Number = Annotated[int, Field(ge=0, lt=MOST_OPTIONS)]
Kind = Literal["start", "round", "say", "slide", "lock"]
SayKind = Literal["pick", "rank", "judge", "more", "less"]


class Candidate(Config):
    """A work on the grid.

    Attributes:
        point: what it is made of, packed.
        feature: what the learner sees of it, packed.
        slot: what its place on the grid was for.
        parents: the works that it was bred from, as step and place.
    """

    point: Packed
    feature: Packed
    slot: Word
    parents: Annotated[tuple[tuple[int, Number], ...], Field(max_length=16)] = ()


class Saying(Config):
    """What a person said about the works of a round.

    Attributes:
        kind: pick, rank, judge (likes and dislikes), or more or less of a feature.
        liked: the work picked; the works ranked, best first; those liked; or the one to be more or less so.
        disliked: those disliked.
        feature: the name of what there should be more or less of.
    """

    kind: SayKind
    liked: Annotated[tuple[Number, ...], Field(max_length=MOST_OPTIONS)] = ()
    disliked: Annotated[tuple[Number, ...], Field(max_length=MOST_OPTIONS)] = ()
    feature: Word = ""


class Step(Config):
    """One step of a sitting.

    Attributes:
        number: its own.
        parent: the step before it; -1 for the first.
        kind: new works, something said, a slider let go, or locks set.
        candidates: the works on the grid; empty where they are those of the step before.
        saying: what was said.
        sliders: where all sliders stand after the step.
        locks: the groups that are locked after the step.
        kept: the step and place of the work that the person holds on to after the step.
    """

    format: Literal[1] = FORMAT
    number: Annotated[int, Field(ge=0, lt=MOST_STEPS)]
    parent: Annotated[int, Field(ge=-1, lt=MOST_STEPS)]
    kind: Kind
    candidates: Annotated[tuple[Candidate, ...], Field(max_length=MOST_OPTIONS)] = ()
    saying: Saying | None = None
    sliders: Annotated[dict[Word, float], Field(max_length=256)] = {}
    locks: Annotated[tuple[Word, ...], Field(max_length=256)] = ()
    kept: tuple[int, Number] | None = None


class Place(Config):
    """Where a person is in a sitting.

    Attributes:
        model: the name of the model.
        model_sha256: of its weights: points of another model mean nothing to this one.
        seed: of all dice of the sitting.
        at: the step.
        tip: the step that redoing leads to.
    """

    format: Literal[1] = FORMAT
    model: Word
    model_sha256: Annotated[str, Field(max_length=64)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    at: Annotated[int, Field(ge=0, lt=MOST_STEPS)] = 0
    tip: Annotated[int, Field(ge=0, lt=MOST_STEPS)] = 0

    def moved(self, at: int, tip: int) -> Self:
        """Return the place at another step."""
        return self.model_copy(update={"at": at, "tip": tip})


def packed(row_D: Array) -> str:
    """Return a row of numbers as text."""
    return pack(row_D.tolist())


def rows(texts: list[str]) -> Array:
    """Return rows of numbers of texts."""
    return np.array([unpack(text) for text in texts], dtype=np.float64)


def as_kept(row_ND: Array) -> Array:
    """Return numbers as they are once they were kept: rounded to 16 bits."""
    kept_ND: Array = row_ND.astype(np.float16).astype(np.float64)
    return kept_ND
