"""Pieces in sections: an introduction, themes that return, an ending.

A section with a new letter is new; one whose letter was there before is that section again, lightly varied,
and more so with a prime. Everything after the first lettered section knows its first bars as the theme.

Letters of array names: B bars, S steps, R roles, Y condition, N drafts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from huohua.arts.music.decoding import Draft, Order, in_order, write_on
from huohua.arts.music.extending import extended
from huohua.arts.music.grid import Grid
from huohua.arts.music.grid_layout import STEPS, STEPS_PER_QUARTER
from huohua.arts.music.networks.composer import Composer
from huohua.arts.music.roles import ROLES
from huohua.errors import UsageError

AGAIN, VARIED = 0.1, 0.35  # the share of quarters that is written anew when a section returns
SHORT = ("intro", "ending")
SHORTEST = 2
EVEN = 4  # sections are so many bars, or a multiple


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a piece.

    Attributes:
        name: such as "intro", "A" or "B'".
        bars: how long it is.
        like: the number of the section that it repeats, if it does.
        change: the share of quarters in which it differs from that.
    """

    name: str
    bars: int
    like: int | None = None
    change: float = 1.0


def sections_of(form: str, bars: int) -> tuple[Section, ...]:
    """Return the sections of a form such as "intro A B A' ending", so many bars long in all.

    Raises:
        UsageError: a word is no section, or there are too few bars for them.

    Example:
        >>> [(section.name, section.bars, section.like) for section in sections_of("intro A B A' ending", 32)]
        [('intro', 4, None), ('A', 8, None), ('B', 8, None), ("A'", 8, 1), ('ending', 4, None)]
    """
    words = form.replace("’", "'").split()
    for word in words:
        if word not in SHORT and not re.fullmatch(r"[A-Z]'*", word):
            raise UsageError(
                f"'{word}' is no section of a piece.",
                advice="Use letters, with ' for a variation, and intro and ending: \"intro A B A' ending\".",
            )
    lengths = _lengths(words, bars)
    found: list[Section] = []
    for word, length in zip(words, lengths, strict=True):
        like = next((n for n, one in enumerate(found) if word not in SHORT and one.name[0] == word[0]), None)
        change = 1.0 if like is None else min(1.0, VARIED * word.count("'") or AGAIN)
        found.append(Section(name=word, bars=length, like=like, change=change))
    return tuple(found)


def compose_in_form(
    generator: Composer,
    discriminator: nn.Module | None,
    order: Order,
    sections: Sequence[Section],
    *,
    random: torch.Generator,
) -> list[Draft]:
    """Return drafts of a new piece in sections, the best first.

    Args:
        generator: in evaluation mode, on the CPU.
        discriminator: what chooses.
        order: as many bars as the sections together; the roles that are free anywhere play everywhere.
        sections: as `sections_of` returns them.
        random: the same dice write the same notes.

    Raises:
        UsageError: the sections are not as long as the order.
    """
    if sum(section.bars for section in sections) != order.grid.bars:
        raise UsageError(f"The sections are not {order.grid.bars} bars long together.")
    starts = np.cumsum([0, *(section.bars for section in sections)]).tolist()
    theme = next((start for start, one in zip(starts, sections, strict=False) if one.name not in SHORT), None)
    latent_NZ = order.latent_NZ
    if latent_NZ is None:
        latent_NZ = torch.randn(order.drafts, generator.latent, generator=random)
    grids = [_beginning(order.grid, 0)] * order.drafts
    scores = np.zeros(order.drafts)
    for start, section in zip(starts, sections, strict=False):
        end = start + section.bars
        grids = [extended(grid, section.bars) for grid in grids]
        free_BSR = order.free_BSR[:end].copy()
        free_BSR[:start] = False
        if section.like is not None:
            first = starts[section.like]
            grids = [_copied(grid, first, start, end) for grid in grids]
            free_BSR &= _scattered(grids[0].bars, section.change, random)
        part = replace(
            order,
            grid=grids[0],
            free_BSR=free_BSR,
            condition_BY=order.condition_BY[:end],
            latent_NZ=latent_NZ,
            theme=theme,
            to_come=order.grid.bars - end,
        )
        grids, score_N = write_on(generator, discriminator, part, grids, random=random)
        scores += score_N * section.bars / order.grid.bars
    return in_order(order, grids, scores)


def _scattered(bars: int, share: float, random: torch.Generator) -> NDArray[np.bool_]:
    """Return BSR: a share of all quarters, scattered over bars and roles."""
    drawn = torch.rand(bars, STEPS // STEPS_PER_QUARTER, len(ROLES), generator=random).numpy() < share
    return drawn.repeat(STEPS_PER_QUARTER, axis=1)


def _lengths(words: Sequence[str], bars: int) -> list[int]:
    """Return bars for each section: short ones half as long as others, all even where there is room."""
    weights = np.array([0.5 if word in SHORT else 1.0 for word in words])
    if not words or bars < SHORTEST * len(words):
        raise UsageError(
            f"{bars} bars are too few for {len(words)} sections.",
            advice=f"Use at least {SHORTEST * max(1, len(words))} bars, or fewer sections.",
        )
    unit = EVEN if bars >= EVEN * len(words) and bars % EVEN == 0 else 1
    least = np.full(len(words), max(1, SHORTEST // unit))
    lengths, left = least.copy(), bars // unit - int(least.sum())
    for _ in range(left):  # each unit goes to the section that is shortest for its weight
        lengths[int(np.argmin(lengths / weights))] += 1
    lengths *= unit
    lengths[-1] += bars - int(lengths.sum())
    return [int(length) for length in lengths]


def _beginning(grid: Grid, bars: int) -> Grid:
    """Return the first bars of a grid, which may be none."""
    cut = slice(0, bars)
    return replace(
        grid,
        mono_BVS=grid.mono_BVS[cut],
        harmony_BSP=grid.harmony_BSP[cut],
        drums_BSD=grid.drums_BSD[cut],
        loudness_BR=grid.loudness_BR[cut],
    )


def _copied(grid: Grid, first: int, start: int, end: int) -> Grid:
    """Return a grid whose bars from `start` to `end` are those from `first` on, as far as those go."""
    count = min(end - start, start - first)
    window = grid.window(first, count)
    into = slice(start, start + count)
    arrays = {}
    for name in ("mono_BVS", "harmony_BSP", "drums_BSD"):
        arrays[name] = getattr(grid, name).copy()
        arrays[name][into] = getattr(window, name)
    return replace(
        grid,
        mono_BVS=arrays["mono_BVS"],
        harmony_BSP=arrays["harmony_BSP"],
        drums_BSD=arrays["drums_BSD"],
    )
