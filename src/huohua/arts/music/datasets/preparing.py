"""What happens to each file: it is read, its roles and its bass found, cut by metre, and laid on grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as changed

from huohua.arts.music.datasets.entry import Entry
from huohua.arts.music.datasets.likeness import content_digest
from huohua.arts.music.datasets.problem import Problem
from huohua.arts.music.derived_bass import with_bass
from huohua.arts.music.grid import Grid, grid_of
from huohua.arts.music.key_finding import settled_key
from huohua.arts.music.limits import Limits
from huohua.arts.music.metre_finding import with_found_metre
from huohua.arts.music.piece import Key, Piece
from huohua.arts.music.reading import read_piece_bytes
from huohua.arts.music.retiming import in_threes, on_time
from huohua.arts.music.role_assignment import assign_roles
from huohua.arts.music.sections import FEWEST_BARS, sections
from huohua.arts.music.swing_finding import between_steps, swing_of
from huohua.errors import DataError, MissingDependencyError

# What has more notes between sixteenths than this would come out as something else. Chance alone is a half.
MOST_BETWEEN = 0.4
# A file of a dataset may be a whole quartet, all movements in a row.
LIMITS = Limits(notes=300_000, seconds=4 * 3600.0)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A file made ready.

    Attributes:
        grids: its parts, each in one metre, in order.
        digest: the same for the same music; see `likeness`.
        problems: what was left out, and why.
    """

    grids: tuple[Grid, ...] = ()
    digest: str = ""
    problems: tuple[Problem, ...] = ()


def prepare(entry: Entry, content: bytes) -> Prepared:
    """Return the grids in a file; a file that cannot be used has none, and a problem that says why."""
    try:
        read = assign_roles(read_piece_bytes(content, entry.name, limits=LIMITS))
        piece = with_bass(on_time(read if entry.metre_known else with_found_metre(read)))
    except DataError as error:
        return Prepared(problems=(Problem(name=entry.name, reason=error.message),))
    except MissingDependencyError as error:
        return Prepared(problems=(Problem(name=entry.name, reason=f"{error.message} {error.advice}"),))
    found = sections(piece)
    reasons = [f"left out: {words}" for words in found.left_out]
    grids = []
    for part in (part for section in found.kept for part in _read_again(section.piece)):
        grid = _grid(changed(part, title=entry.title or piece.title), entry)
        if isinstance(grid, Grid):
            grids.append(grid)
        else:
            reasons.append(grid)
    lost = not grids
    if lost and not reasons:
        reasons.append("it has no notes in any role")
    problems = tuple(Problem(name=entry.name, reason=reason, lost=lost) for reason in _once(reasons))
    return Prepared(grids=tuple(grids), digest=content_digest(piece), problems=problems)


def _read_again(piece: Piece) -> list[Piece]:
    """Return a part as it is, or in the metre that its triplets make."""
    again = in_threes(piece)
    return [piece] if again is piece else [section.piece for section in sections(again).kept]


def _grid(piece: Piece, entry: Entry) -> Grid | str:
    """Return the grid of a part, or why it has none."""
    swing = swing_of(piece)
    between = between_steps(piece, swing)
    bars = len(piece.bars)
    if bars < FEWEST_BARS:
        return f"left out: parts of fewer than {FEWEST_BARS} bars"
    if between > MOST_BETWEEN:
        return "left out: parts most of whose notes lie between sixteenths, such as triplets"
    grid = grid_of(piece, swing=swing, key=_key(piece, entry))
    return grid if grid.loudness_BR.any() else "left out: parts without a note in any role"


def _key(piece: Piece, entry: Entry) -> Key:
    if entry.key and entry.mode_known:
        return entry.key
    return settled_key(changed(piece, keys=(entry.key,)) if entry.key else piece)


def _once(reasons: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(reasons))
