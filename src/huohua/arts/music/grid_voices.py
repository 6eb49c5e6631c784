"""A voice that sings one note at a time, as one token a step: rest, hold, or the pitch that it strikes.

Letters: T steps of a whole grid, one after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from huohua.arts.music.grid_layout import FIRST_PITCH, HOLD, LOWEST, PITCHES, REST
from huohua.arts.music.roles import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Stroke:
    """A note on steps.

    Attributes:
        step: where it is struck.
        end: the step at which it has stopped, after `step`.
        pitch: its MIDI number, or its class for drums.
        velocity: how hard, 1 to 127.
    """

    step: int
    end: int
    pitch: int
    velocity: int


def folded(pitch: int, lowest: int, count: int) -> int:
    """Return a pitch moved by octaves into a range, if it lies outside.

    Example:
        >>> folded(60, 36, 60), folded(30, 36, 60), folded(100, 36, 60)
        (60, 42, 88)
    """
    if pitch < lowest:
        return pitch + 12 * -(-(lowest - pitch) // 12)
    if pitch >= lowest + count:
        return pitch - 12 * -(-(pitch - lowest - count + 1) // 12)
    return pitch


def one_at_a_time(strokes: Iterable[Stroke], role: Role) -> list[Stroke]:
    """Return a line: the highest note of each step, for a bass the lowest, each ending where the next begins.

    Source: Uitdenbogerd and Zobel 1998, "Manipulation of Music for Melody Matching" (the skyline).
    """
    sign = -1 if role == "bass" else 1
    best: dict[int, Stroke] = {}
    for stroke in strokes:
        rival = best.get(stroke.step)
        if rival is None or (sign * stroke.pitch, stroke.end) > (sign * rival.pitch, rival.end):
            best[stroke.step] = stroke
    line = [best[step] for step in sorted(best)]
    nexts = [stroke.step for stroke in line[1:]]
    return [
        stroke
        if stroke.end <= following
        else Stroke(step=stroke.step, end=following, pitch=stroke.pitch, velocity=stroke.velocity)
        for stroke, following in zip(line, [*nexts, 1 << 62], strict=True)
    ]


def to_tokens(line: Iterable[Stroke], role: Role, steps: int) -> np.ndarray:
    """Return token_T, int16, of a line whose pitches lie in the range of its role."""
    token_T = np.full(steps, REST, dtype=np.int16)
    for stroke in line:
        token_T[stroke.step : stroke.end] = HOLD
        token_T[stroke.step] = FIRST_PITCH + stroke.pitch - LOWEST[role]
    return token_T


def from_tokens(token_T: np.ndarray, role: Role) -> Iterator[tuple[int, int, int]]:
    """Yield (step, end, pitch) of each note of a voice; a hold with nothing to hold is a rest."""
    struck = np.flatnonzero((token_T >= FIRST_PITCH) & (token_T < FIRST_PITCH + PITCHES))
    stops = np.flatnonzero(token_T != HOLD)
    ends = np.append(stops, len(token_T))[np.searchsorted(stops, struck, side="right")]
    for step, end in zip(struck.tolist(), ends.tolist(), strict=True):
        yield step, end, int(token_T[step]) - FIRST_PITCH + LOWEST[role]
