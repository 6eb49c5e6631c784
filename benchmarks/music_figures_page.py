"""The tables of a page on figures of music: each figure over all columns, and what it cannot tell."""

from __future__ import annotations

from results_page import Page, table

from huohua.arts.music.metrics.figure_rows import REAL, Row
from huohua.arts.music.metrics.figure_table import PIECE_FIGURES
from huohua.arts.music.metrics.figures import FigureTable, says
from huohua.arts.music.metrics.foils import FOILS

SETS_FIGURES = ("overlap", "divergence", "two_sample", "frechet", "genre", "copied")
MEANS = ("overlap", "divergence")  # of nine features


def fill(page: Page, found: FigureTable) -> None:
    """Add all tables to a page."""
    columns = list(found.columns)
    page.add(
        "## Figures of pieces",
        "`usual` is the mean gap between two halves of the real songs, `limit` what 95 of 100 halvings stay "
        "below: in points for shares (marked %), else in hundredths of the real value. A foil not under "
        "*tells* is no further from real music than real songs are from one another, so the figure says "
        "nothing about what that foil breaks.",
        table(
            ["figure", "of", *columns, "usual", "limit", "tells"],
            [_piece_row(row, columns) for row in found.rows if row.figure in PIECE_FIGURES],
            words=2,
        ),
        "## Figures of sets",
        "Each column against the column `real`, one half of the real songs.",
        table(
            ["figure", *columns],
            [
                ["gap of UPC, QN8, PP and TD", *(f"{found.published_gap(column):.1%}" for column in columns)],
                *(_set_row(found, name, columns) for name in SETS_FIGURES if found.of(name)),
            ],
        ),
        "The nine features that overlap and divergence are means of:",
        table(
            ["feature", *columns],
            [[row.of, *(f"{row.value[column]:.3f}" for column in columns)] for row in found.of("overlap")],
        ),
        "## What each says, and how it is gamed",
        table(["figure", "says", "gamed by"], [_words(name) for name in _names(found)], words=3),
    )


def _piece_row(row: Row, columns: list[str]) -> list[str]:
    figure = PIECE_FIGURES[row.figure]
    shown = (lambda value: f"{100 * value:.1f}") if figure.share else (lambda value: f"{value:.3f}")
    gaps = [f"{100 * gap:.1f}" for gap in (row.usual, row.limit)]
    told = ", ".join(foil for foil in FOILS if foil in row.told) or "none"
    name = f"{figure.short} %" if figure.share else figure.short
    return [name, row.of or "all", *(shown(row.value[column]) for column in columns), *gaps, told]


def _set_row(found: FigureTable, name: str, columns: list[str]) -> list[str]:
    label = f"{name}, mean of nine" if name in MEANS else name.replace("_", " ")
    # Against itself the first half has no value, but a judge of its styles is right so often.
    known = [column for column in columns if name == "genre" or column != REAL]
    return [label, *(f"{found.mean(name, column):.3f}" if column in known else "–" for column in columns)]


def _words(name: str) -> list[str]:
    figure = PIECE_FIGURES.get(name)
    return [figure.short if figure else name.replace("_", " "), says(name), figure.gamed if figure else ""]


def _names(found: FigureTable) -> list[str]:
    return list(dict.fromkeys(row.figure for row in found.rows))
