"""Figures that only one art has, as a table for people: beside real works, and beside works made wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from huohua.arts.yardstick import OwnFigure
from huohua.studio.evaluation_charts import legend
from huohua.studio.evaluation_reading import amount
from huohua.studio.evaluation_scale import FIRST_FOIL, scale_chart
from huohua.studio.evaluation_words import say
from huohua.studio.page import prose
from huohua.studio.report_words import Language


def own_reading(figure: OwnFigure, lang: Language) -> str:
    """Return how near a figure is to that of real works, in words."""
    if math.isnan(figure.value):
        return say(lang, "own_none")
    nameless = figure.light == "trouble" and not figure.like
    return say(lang, "own_far" if nameless else f"own_{figure.light}", foil=figure.like)


def number(value: float) -> str:
    """Return a value as people read it, a dash where there is none."""
    return "–" if math.isnan(value) else amount(value)


def own_table(figures: Sequence[OwnFigure], lang: Language) -> str:
    """Return the figures as HTML: one row for each, one column for each kind of wrong works."""
    foils = list(figures[0].foils)
    heads = [say(lang, "figure"), say(lang, "model"), say(lang, "floor"), *foils, say(lang, "reading")]
    head = "".join(f"<th>{escape(word)}</th>" for word in heads)
    rows = "\n".join(_row(figure, foils, lang) for figure in figures)
    return (
        f'<p class="about">{say(lang, "about_own")}</p>\n<div class="figures"><div class="wide"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div></div>\n"
        f"{_chart(figures, foils, lang)}"
    )


def _chart(figures: Sequence[OwnFigure], foils: Sequence[str], lang: Language) -> str:
    labels = {0: say(lang, "legend_model"), 1: say(lang, "floor")}
    labels |= {FIRST_FOIL + place: foil for place, foil in enumerate(foils)}
    chart = scale_chart(figures, name="own", title=say(lang, "own"))
    about = f'<p class="about">{say(lang, "about_scale")}</p>'
    card = f'<article class="card">{about}{legend(labels)}{chart}</article>'
    return f'<div class="charts">{card}</div>'


def _row(figure: OwnFigure, foils: Sequence[str], lang: Language) -> str:
    title = escape(f"{figure.says} {figure.gamed}".strip())
    name = escape(" · ".join(part for part in (figure.name, figure.of) if part))
    numbers = [figure.value, figure.floor, *(figure.foils[foil] for foil in foils)]
    cells = "".join(f"<td>{number(value)}</td>" for value in numbers)
    return (
        f'<tr><th scope="row" title="{title}">{name}</th>{cells}'
        f'<td class="{figure.light}">{prose(own_reading(figure, lang))}</td></tr>'
    )
