"""Writing pieces of any length: window by window, each knowing the bars before it and the theme.

A draft is a whole piece. Every draft goes its own way; in each window it takes the best of several tries, if
there is a discriminator to choose, and at the end the drafts are put in order by what it says of them.

Letters: N drafts, B bars, T steps, C columns of a packed work, Y condition, Z latent, R roles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from huohua.arts.music.feed import THEME_BARS
from huohua.arts.music.grid import USUAL_VELOCITY, Grid
from huohua.arts.music.grid_layout import FIRST_PITCH, ONSET, PAD, REST, STEPS, WINDOW
from huohua.arts.music.networks.composer import Composer
from huohua.arts.music.networks.playing import Taste, write_all
from huohua.arts.music.packing import DRUM_COLUMNS, HARMONY_COLUMNS, VOICE_COLUMNS, packed, windows_of
from huohua.arts.music.roles import ROLES, VOICES
from huohua.errors import UsageError

BEFORE = 4  # bars that a window shows of what comes before the first bar that it writes
POSITIONS = 3  # opening, middle, ending


@dataclass(frozen=True, kw_only=True, eq=False)
class Order:
    """What is to be written.

    Attributes:
        grid: the piece; what it holds in free cells is not looked at.
        free_BSR: which roles are free in which steps of which bars.
        condition_BY: what is asked of each bar; NaN is what is not asked for.
        position: the first of the three places of the position in a condition, if it has one.
        drafts: how many pieces.
        tries: how many versions of each window a draft chooses from.
        taste: how notes are drawn.
        theme: the bar at which the theme begins, once it is written; none for a piece without one.
        to_come: bars that will follow the piece later, so that it does not end with it.
        latent_NZ: what is asked for by no name, of each draft; drawn if absent.
    """

    grid: Grid
    free_BSR: NDArray[np.bool_]
    condition_BY: NDArray[np.float32]
    position: int | None = None
    drafts: int = 1
    tries: int = 1
    taste: Taste = field(default_factory=Taste)
    theme: int | None = 0
    to_come: int = 0
    latent_NZ: Tensor | None = None

    def __post_init__(self) -> None:
        bars = self.grid.bars
        if self.free_BSR.shape != (bars, STEPS, len(ROLES)) or len(self.condition_BY) != bars:
            raise UsageError(
                f"free_BSR {self.free_BSR.shape} or condition_BY {self.condition_BY.shape} "
                f"does not fit a piece of {bars} bars."
            )
        if self.drafts < 1 or self.tries < 1:
            raise UsageError("At least one draft and one try are needed.")


class Draft(NamedTuple):
    """A written piece, and what the discriminator says of it; 0 without one."""

    grid: Grid
    score: float


class Span(NamedTuple):
    """A window: its first bar and its end."""

    first: int
    end: int


def compose(
    generator: Composer, discriminator: nn.Module | None, order: Order, *, random: torch.Generator
) -> list[Draft]:
    """Return drafts of a piece, the best first.

    Args:
        generator: in evaluation mode, on the CPU.
        discriminator: what chooses; without it one try is made of each window.
        order: what is to be written.
        random: the same dice write the same notes.

    Raises:
        UsageError: the generator is one that cannot be told what to write.
    """
    if not isinstance(generator, Composer):
        raise UsageError(
            "This model makes phrases of its own and cannot be told what to write.",
            advice="Train with the preset composer to write, continue, fill in and accompany.",
        )
    grids, scores = write_on(generator, discriminator, order, [order.grid] * order.drafts, random=random)
    return in_order(order, grids, scores)


def write_on(
    generator: Composer,
    discriminator: nn.Module | None,
    order: Order,
    grids: Sequence[Grid],
    *,
    random: torch.Generator,
) -> tuple[list[Grid], NDArray[np.float64]]:
    """Return drafts whose free cells are written, and the mean score of their windows; as in `compose`.

    Args:
        generator: in evaluation mode, on the CPU.
        discriminator: what chooses.
        order: what is to be written; its own grid is not looked at.
        grids: the drafts so far, each as long as the order.
        random: the same dice write the same notes.
    """
    latent_NZ = order.latent_NZ
    if latent_NZ is None:
        latent_NZ = torch.randn(len(grids), generator.latent, generator=random)
    drafts = [_emptied(grid, order.free_BSR) for grid in grids]
    free_B: NDArray[np.bool_] = np.asarray(order.free_BSR.any(axis=(1, 2)))
    spans, written_B = list(windows(free_B)), np.logical_not(free_B)
    scores = np.zeros(len(drafts))
    tries = order.tries if discriminator is not None else 1
    for span in spans:
        works_NTC = torch.from_numpy(np.stack([_work(grid, order, span, written_B) for grid in drafts]))
        hidden_TR = torch.from_numpy(_hidden(order, span, written_B))
        chosen_NTC, score_N = _best(
            generator, discriminator, works_NTC, hidden_TR, _asked(order, span), latent_NZ, tries,
            taste=order.taste, random=random,
        )  # fmt: skip
        pairs = zip(drafts, chosen_NTC.numpy(), strict=True)
        drafts = [_laid(grid, chosen, hidden_TR.numpy(), span) for grid, chosen in pairs]
        scores += score_N
        written_B[span.first : span.end] = True
    return drafts, scores / max(1, len(spans))


def in_order(order: Order, grids: Sequence[Grid], scores: NDArray[np.float64]) -> list[Draft]:
    """Return drafts with the loudness of what was written, the best first."""
    drafts = [Draft(_louder(grid, order), float(score)) for grid, score in zip(grids, scores, strict=True)]
    return sorted(drafts, key=lambda draft: -draft.score)


def windows(free_B: NDArray[np.bool_]) -> Iterator[Span]:
    """Yield windows that together write all free bars, from left to right, each with some bars before it.

    Example:
        >>> [tuple(span) for span in windows(np.ones(16, dtype=bool))]
        [(0, 8), (4, 12), (8, 16)]
    """
    bars, todo_B = len(free_B), free_B.copy()
    while todo_B.any():
        bar = int(np.flatnonzero(todo_B)[0])
        first = max(0, min(bar - BEFORE, bars - WINDOW))
        span = Span(first, min(first + WINDOW, bars))
        yield span
        todo_B[span.first : span.end] = False


def _best(
    generator: Composer,
    discriminator: nn.Module | None,
    works_NTC: Tensor,
    hidden_TR: Tensor,
    condition_KY: Tensor,
    latent_NZ: Tensor,
    tries: int,
    *,
    taste: Taste,
    random: torch.Generator,
) -> tuple[Tensor, NDArray[np.float64]]:
    """Return for each draft the best of some tries of a window, and its score."""
    works_NTC, latent_NZ = (rows.repeat_interleave(tries, dim=0) for rows in (works_NTC, latent_NZ))
    hidden_NTR = hidden_TR.expand(len(works_NTC), -1, -1)
    condition_NKY = condition_KY.expand(len(works_NTC), -1, -1)
    written_NTC = write_all(
        generator, works_NTC, hidden_NTR, condition_NKY, latent_NZ, taste=taste, dice=random
    )
    if discriminator is None:
        return written_NTC, np.zeros(len(written_NTC))
    with torch.inference_mode():
        score_N: Tensor = discriminator.score(written_NTC, hidden_NTR, condition_NKY)  # type: ignore[operator]
    best_N = score_N.unflatten(0, (-1, tries)).argmax(1)
    rows_N = torch.arange(len(best_N)) * tries + best_N
    return written_NTC[rows_N], score_N[rows_N].double().numpy()


def _emptied(grid: Grid, free_BSR: NDArray[np.bool_]) -> Grid:
    """Return a piece with its free cells emptied."""
    mono_BVS = grid.mono_BVS.copy()
    mono_BVS[free_BSR[..., : len(VOICES)].transpose(0, 2, 1) & (mono_BVS != PAD)] = REST
    return replace(
        grid,
        mono_BVS=mono_BVS,
        harmony_BSP=grid.harmony_BSP * ~free_BSR[..., ROLES.index("harmony"), None],
        drums_BSD=grid.drums_BSD * ~free_BSR[..., ROLES.index("drums"), None],
        present_R=grid.present_R | free_BSR.any(axis=(0, 1)),
    )


def _work(grid: Grid, order: Order, span: Span, written_B: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Return work_TC: the theme, if it is there and lies outside the window, and the window."""
    bars = span.end - span.first
    free_R: NDArray[np.bool_] = np.asarray(order.free_BSR[span.first : span.end].any(axis=(0, 1)))
    window = _window(grid, span.first, bars, free_R)
    theme = np.zeros((THEME_BARS * STEPS, window.shape[1]), dtype=np.int16)
    at = order.theme
    if at is not None and at + THEME_BARS <= span.first and written_B[at : at + THEME_BARS].all():
        theme[:] = _window(grid, at, THEME_BARS, np.zeros(len(ROLES), dtype=np.bool_))[: len(theme)]
    return np.concatenate([theme, window])


def _window(grid: Grid, first: int, bars: int, free_R: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Return work_TC of some bars; a role takes part if it strikes anything there or is free."""
    window = grid.window(first, bars)
    window = replace(window, present_R=struck_BR(window).any(axis=0) | free_R)
    packed_TC: NDArray[np.int16] = packed(windows_of([window], WINDOW))[0]
    return packed_TC


def _hidden(order: Order, span: Span, written_B: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return hidden_TR of the theme and a window: what is free there and not written yet."""
    hidden_BSR = np.zeros((THEME_BARS + WINDOW, STEPS, len(ROLES)), dtype=np.bool_)
    free_BSR = order.free_BSR[span.first : span.end] & ~written_B[span.first : span.end, None, None]
    hidden_BSR[THEME_BARS : THEME_BARS + len(free_BSR)] = free_BSR
    return hidden_BSR.reshape(-1, len(ROLES))


def _asked(order: Order, span: Span) -> Tensor:
    """Return condition_KY of the theme and a window, with the place of the window in the piece."""
    bars = order.condition_BY[span.first : span.end]
    last = np.repeat(bars[-1:], WINDOW - len(bars), axis=0)
    condition_KY = np.concatenate([np.repeat(bars[:1], THEME_BARS, axis=0), bars, last]).astype(np.float32)
    if order.position is not None:
        opens = span.first == 0
        ends = span.end == order.grid.bars and not order.to_come
        places = slice(order.position, order.position + POSITIONS)
        condition_KY[:, places] = (opens, not opens and not ends, ends)
    return torch.from_numpy(condition_KY)


def _laid(grid: Grid, work_TC: NDArray[np.int16], hidden_TR: NDArray[np.bool_], span: Span) -> Grid:
    """Return a grid with the free cells of a window as they were written."""
    cut, bars = slice(span.first, span.end), span.end - span.first
    rows = slice(THEME_BARS * STEPS, (THEME_BARS + bars) * STEPS)
    work_BSC = work_TC[rows].reshape(bars, STEPS, -1)
    hidden_BSR = hidden_TR[rows].reshape(bars, STEPS, -1)
    mono_BVS, harmony_BSP, drums_BSD = (
        array.copy() for array in (grid.mono_BVS, grid.harmony_BSP, grid.drums_BSD)
    )
    voices = hidden_BSR[..., : len(VOICES)].transpose(0, 2, 1) & (mono_BVS[cut] != PAD)
    mono_BVS[cut] = np.where(voices, work_BSC[..., VOICE_COLUMNS].transpose(0, 2, 1), mono_BVS[cut])
    there_S = np.arange(STEPS)[:, None] < grid.steps
    for array, columns, role in (
        (harmony_BSP, HARMONY_COLUMNS, "harmony"),
        (drums_BSD, DRUM_COLUMNS, "drums"),
    ):
        free = hidden_BSR[..., ROLES.index(role), None] & there_S
        array[cut] = np.where(free, work_BSC[..., columns], array[cut])
    return replace(grid, mono_BVS=mono_BVS, harmony_BSP=harmony_BSP, drums_BSD=drums_BSD)


def _louder(grid: Grid, order: Order) -> Grid:
    """Return a grid whose new bars are as loud as the others of their role, or as usual."""
    struck, given_BR = struck_BR(grid), order.grid.loudness_BR
    heard_R = np.maximum((given_BR > 0).sum(axis=0), 1)
    usual_R = np.where((given_BR > 0).any(axis=0), given_BR.sum(axis=0) / heard_R, USUAL_VELOCITY)
    loudness_BR = np.where(given_BR > 0, given_BR, np.rint(usual_R)) * struck
    return replace(grid, loudness_BR=loudness_BR.astype(np.uint8))


def struck_BR(grid: Grid) -> NDArray[np.bool_]:
    """Return which roles strike anything in which bars."""
    voices_BV = ((grid.mono_BVS >= FIRST_PITCH) & (grid.mono_BVS < PAD)).any(axis=2)
    harmony_B1 = (grid.harmony_BSP == ONSET).reshape(grid.bars, -1).any(axis=1, keepdims=True)
    drums_B1 = grid.drums_BSD.reshape(grid.bars, -1).any(axis=1, keepdims=True)
    struck: NDArray[np.bool_] = np.concatenate([voices_BV, harmony_B1, drums_B1], axis=1)
    return struck
