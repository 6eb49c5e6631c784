"""The plot of `music_metrics.py`: how far every column is from real music, figure by figure."""

from __future__ import annotations

import io

from PIL import Image

from huohua.arts.music.metrics.figure_rows import REAL
from huohua.arts.music.metrics.figure_table import PIECE_FIGURES
from huohua.arts.music.metrics.figures import FigureTable

COLOURS = ("#0b6e99", "#c0501f", "#7a8b2d", "#8b5a9f", "#1f1f1f", "#b8860b", "#2e8b57", "#a0522d")
LEAST, MOST = 0.1, 300.0  # times the limit that are drawn


def plot(found: FigureTable) -> Image.Image:
    """Return a dot for each figure and column: its gap over what 95 of 100 halvings of real songs stay below.

    Raises:
        SystemExit: Matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise SystemExit("The plots need Matplotlib: pip install matplotlib") from None
    rows = [row for row in found.rows if row.figure in PIECE_FIGURES and row.limit > 0]
    figure = Figure(figsize=(8.5, 0.24 * len(rows) + 1.2), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    axes.axvspan(LEAST, 1, color="#e9f1e4")
    axes.text(LEAST * 1.1, -1.1, "as near as real songs are to one another", fontsize=8, va="center")
    for place, column in enumerate(column for column in found.columns if column != REAL):
        times = [min(MOST, max(LEAST, row.gap[column] / row.limit)) for row in rows]
        colour = COLOURS[place % len(COLOURS)]
        axes.plot(times, range(len(rows)), "o", color=colour, label=column, alpha=0.8, markersize=5)
    axes.set_yticks(
        range(len(rows)), [f"{PIECE_FIGURES[row.figure].short}  {row.of}" for row in rows], fontsize=8
    )
    axes.set_ylim(len(rows) - 0.4, -1.8)
    axes.set_xscale("log")
    axes.set_xlim(LEAST, MOST * 1.2)
    axes.set_xlabel("gap to real music, over the gap that 95 of 100 halvings of real songs stay below")
    axes.grid(axis="y", color="#dddddd", linewidth=0.5)
    axes.legend(fontsize=8, loc="lower right")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Image.open(buffer).convert("RGB")
