"""A recipe of music as something to be written: a grid with free cells, and the piece that it goes into.

A new piece is a grid in which everything is free. To continue, to fill in, to accompany and to vary are grids
of a given piece in which some of it is free. What a recipe says decides all of it, so it can be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.asking import first_of
from huohua.arts.music.ensembles import programs_of
from huohua.arts.music.extending import extended
from huohua.arts.music.grid import Grid, empty_grid, grid_of
from huohua.arts.music.key_finding import settled_key, shift_home
from huohua.arts.music.key_names import key_of_name
from huohua.arts.music.piece import Piece
from huohua.arts.music.reading import read_piece_bytes
from huohua.arts.music.roles import ROLES, Role
from huohua.arts.music.sections import sections
from huohua.arts.music.splicing import spans_of, spliced
from huohua.arts.music.swing_finding import swing_of
from huohua.errors import DataError, UsageError
from huohua.provenance.record import Recipe
from huohua.randomness import numpy_generator

MOST_BARS = 256
# Who accompanies where nobody says who.
ACCOMPANISTS: tuple[Role, ...] = ("bass", "harmony", "drums")


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is to be written.

    Attributes:
        grid: all bars; what is free in it is not looked at.
        free_BR: which bars are free for which roles.
        base: the piece that the new notes go into; None for a new piece.
        programs: the instruments of roles that are new.
    """

    grid: Grid
    free_BR: NDArray[np.bool_]
    base: Piece | None
    programs: Mapping[Role, int]

    def finished(self, written: Piece) -> Piece:
        """Return the piece with what was written in its place."""
        if self.base is None:
            return written
        return spliced(self.base, written, spans_of(self.free_BR, self.base.metres[0].bar))


def job_of(recipe: Recipe, given: bytes | None = None) -> Job:
    """Return what a recipe asks to be written.

    Args:
        recipe: of a new piece or of a transformed one.
        given: the content of the work that was given, a MIDI file.

    Raises:
        DataError: the given work has no bars of one metre that can be read, or no such bars or roles.
        UsageError: the recipe names an operation that is not known.
    """
    operation = next(iter(recipe.words.get("operation", ())), "create")
    style = first_of(recipe.conditions, "style")
    if operation == "create":
        return _new(recipe, style)
    if operation not in OPERATIONS or given is None:
        raise UsageError(
            f"There is no operation '{operation}' on music.", advice=f"Use {', '.join(OPERATIONS)}."
        )
    base = part_of_one_metre(read_piece_bytes(given, "given.mid"))
    grid = grid_of(base, swing=swing_of(base), key=settled_key(base))
    grid, free_BR = OPERATIONS[operation](grid, recipe)
    if not free_BR.any():
        raise UsageError(
            "Nothing in this piece is free to be written.",
            advice="Name other bars or roles, or more of them.",
        )
    return Job(grid=grid, free_BR=free_BR, base=base, programs=programs_of(style))


def part_of_one_metre(piece: Piece) -> Piece:
    """Return a piece from its first bar with notes on, if all of it is of one metre that grids have.

    Raises:
        DataError: its metre changes, or is another.
    """
    found = sections(piece)
    if len(found.kept) != 1 or found.left_out:
        metres = ", ".join(dict.fromkeys(f"{m.numerator}/{m.denominator}" for m in piece.metres))
        raise DataError(
            f"This piece cannot be taken up as a whole: its metres are {metres}.",
            advice="Give a part of it that is all in 4/4, 3/4, 2/4 or 6/8.",
        )
    return found.kept[0].piece


def _new(recipe: Recipe, style: str) -> Job:
    over, _, under = first_of(recipe.conditions, "metre", "4/4").partition("/")
    options, bars = recipe.options, int(recipe.options["bars"])
    key = key_of_name(recipe.words["key"][0])
    present_R = np.array([role in recipe.words["roles"] for role in ROLES])
    grid = replace(
        empty_grid(bars, metre=(int(over), int(under)), tempo=options["tempo"]),
        present_R=present_R,
        key=key,
        shift=shift_home(key),
        swing=options["swing"],
    )
    free_BR = np.repeat(present_R[None], bars, axis=0)
    return Job(grid=grid, free_BR=free_BR, base=None, programs=programs_of(style))


Freeing = Callable[[Grid, Recipe], tuple[Grid, NDArray[np.bool_]]]


def _continued(grid: Grid, recipe: Recipe) -> tuple[Grid, NDArray[np.bool_]]:
    """Free so many new bars after the last."""
    more = int(recipe.options["bars"])
    if grid.bars + more > MOST_BARS:
        raise UsageError(
            f"The piece would have {grid.bars + more} bars, and {MOST_BARS} are the most.",
            advice="Ask for fewer, or give a part of the piece.",
        )
    free_BR = np.zeros((grid.bars + more, len(ROLES)), dtype=np.bool_)
    free_BR[grid.bars :] = _roles(grid, recipe)
    return extended(grid, more), free_BR


def _filled_in(grid: Grid, recipe: Recipe) -> tuple[Grid, NDArray[np.bool_]]:
    """Free some bars, for the roles that are named or else for all that take part."""
    first, last = int(recipe.options["first"]), int(recipe.options["last"])
    if not 1 <= first <= last <= grid.bars:
        raise UsageError(f"The piece has bars 1 to {grid.bars}, not {first} to {last}.")
    free_BR = np.zeros((grid.bars, len(ROLES)), dtype=np.bool_)
    free_BR[first - 1 : last] = _roles(grid, recipe)
    return grid, free_BR


def _accompanied(grid: Grid, recipe: Recipe) -> tuple[Grid, NDArray[np.bool_]]:
    """Free all bars for the roles that are named, new or there already; else for the usual ones not there."""
    named = recipe.words.get("roles", ())
    missing = [role for role in ACCOMPANISTS if not grid.present_R[ROLES.index(role)]]
    free_R = np.array([role in (named or missing) for role in ROLES])
    free_BR = np.repeat(free_R[None], grid.bars, axis=0)
    return replace(grid, present_R=grid.present_R | free_R), free_BR


def _varied(grid: Grid, recipe: Recipe) -> tuple[Grid, NDArray[np.bool_]]:
    """Free bars here and there, as many as the amount says, and one at least."""
    dice = numpy_generator(recipe.seed, "vary", recipe.index)
    lot_BR = dice.random((grid.bars, len(ROLES)))
    may_R = _roles(grid, recipe)
    lot_BR[:, ~may_R] = 2.0
    amount = recipe.options.get("amount", 0.3)
    return grid, (lot_BR < amount) | (lot_BR == lot_BR.min()) & (lot_BR < 1.0)


OPERATIONS: Mapping[str, Freeing] = {
    "continue": _continued,
    "infill": _filled_in,
    "accompany": _accompanied,
    "vary": _varied,
}


def _roles(grid: Grid, recipe: Recipe) -> NDArray[np.bool_]:
    """Return the roles that are named and take part, or all that take part."""
    named: Sequence[str] = recipe.words.get("roles", ())
    wanted_R = np.array([not named or role in named for role in ROLES])
    playing = [role for role, here in zip(ROLES, grid.present_R, strict=True) if here]
    if missing := [role for role in named if role not in playing]:
        there = ", ".join(playing)
        raise UsageError(f"Nobody plays {', '.join(missing)} in this piece.", advice=f"It has: {there}.")
    free_R: NDArray[np.bool_] = wanted_R & grid.present_R
    return free_R
