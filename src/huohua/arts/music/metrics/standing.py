"""Where a value stands between real music and its foils: as near as real songs, or as far as a foil."""

from __future__ import annotations

import math

from huohua.arts.music.metrics.figure_rows import AGAIN, REAL, Row
from huohua.arts.music.metrics.foils import FOILS
from huohua.arts.yardstick import Light

ROOM = 1.5  # times what real songs usually differ by at most: samples are fewer than real songs
FAR = 0.75  # share of the way from real music to the nearest foil that is told
# How far a set may be from the other half of the real songs before any foil has to be asked.
USUAL = {
    "overlap": 0.02,
    "divergence": 0.02,
    "two_sample": 0.06,
    "frechet": 0.2,
    "genre": 0.05,
    "copied": 0.03,
}
PARTS_OF_THE_FLOOR = ("frechet",)  # a distance has no unit of its own
ONLY_MORE = ("copied", "frechet", "divergence")  # less of it is no fault
CHANCE = 0.5


def standing(row: Row, column: str) -> tuple[Light, str]:
    """Return (light, foil): how near a column is to real music, and which foil it is as far as, if any.

    A foil that a figure cannot tell from real music is not asked: being near it says nothing.

    Source: a scale between two anchors, as in Yang and Lerch 2020, "On the evaluation of generative models in
    music", whose anchors are distances within a set; the foils and the shares are ours.
    """
    away = _away(row, column)
    if math.isnan(away):
        return "watch", ""
    usual = row.limit if row.gap else USUAL[row.figure]
    if row.figure in PARTS_OF_THE_FLOOR:
        usual *= row.value[AGAIN]
    if away <= ROOM * usual:
        return "good", ""
    told = {foil: far for foil in FOILS if (far := _away(row, foil)) > ROOM * usual}
    if not told:
        return "watch", ""
    # Too much is not like a foil that has too little, but it may be as far.
    alike = {foil: far for foil, far in told.items() if _side(row, foil) == _side(row, column)}
    nearest = min(alike or told, key=lambda foil: told[foil])
    return ("watch", "") if away < FAR * told[nearest] else ("trouble", nearest if alike else "")


def _side(row: Row, column: str) -> int:
    """Return whether a column has more (1) or less (-1) than real music."""
    middle = (row.value[REAL] + row.value[AGAIN]) / 2 if row.gap else row.value[AGAIN]
    return 1 if row.value[column] >= middle else -1


def _away(row: Row, column: str) -> float:
    """Return how far a column is from real music."""
    if row.gap:
        return row.gap[column]
    value = row.value[column]
    if row.figure == "two_sample":
        return abs(value - CHANCE)
    apart = value - row.value[AGAIN]
    return max(0.0, apart) if row.figure in ONLY_MORE else abs(apart)
