"""The charts of a run report: which curves belong together, and what each chart means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest

from huohua.adversarial.events import RolledBack, Warned
from huohua.studio.history import (
    Curve,
    History,
    cost_curves,
    figure_curves,
    gauge_curves,
    speed_curve,
)
from huohua.studio.plots import COLOURS, Mark, compact, line_chart
from huohua.studio.report_words import Language, name, say
from huohua.studio.verdict import VARIED

SCORES = ("score_real", "score_fake")
AUGMENTATION = ("augmentation", "sign_real")
LEARNING_RATE = ("learning_rate",)
FIGURES = ("diversity_ratio", "diversity_within", "recall", "precision")
RECONSTRUCTION = ("reconstruction_pixels", "reconstruction_features")


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Curves that belong together.

    Attributes:
        key: names the words of the chart.
        title: its heading.
        curves: what it shows.
        from_zero: whether 0 belongs into it.
        goal: whether it shows the goal for variety.
    """

    key: str
    title: str
    curves: Sequence[Curve]
    from_zero: bool = False
    goal: bool = False


def charts(history: History, lang: Language) -> str:
    """Return all charts that a run has numbers for, as HTML."""
    marks = _marks(history, lang)
    cards = [_card(chart, place, marks, lang) for place, chart in enumerate(_charts(history, lang))]
    if not cards:
        return f"<p>{say(lang, 'no_curves')}</p>"
    faint = f'<p class="about">{say(lang, "given_up")}</p>\n' if history.abandoned else ""
    return f'{faint}<div class="charts">{"".join(cards)}</div>'


def _charts(history: History, lang: Language) -> list[Chart]:
    gauges, figures = gauge_curves(history), figure_curves(history)
    named = {*SCORES, *AUGMENTATION, *LEARNING_RATE}
    others = [curve for curve in gauges if curve.name not in named and _changes(curve)]
    found = [
        Chart(
            key="figures",
            title=say(lang, "chart_figures"),
            curves=_pick(figures, FIGURES),
            from_zero=True,
            goal=True,
        ),
        Chart(
            key="reconstruction",
            title=say(lang, "chart_reconstruction"),
            curves=_pick(figures, RECONSTRUCTION),
            from_zero=True,
        ),
        *_losses(history, lang),
        Chart(key="scores", title=say(lang, "chart_scores"), curves=_pick(gauges, SCORES)),
        Chart(
            key="augmentation",
            title=say(lang, "chart_augmentation"),
            curves=_pick(gauges, AUGMENTATION),
            from_zero=True,
        ),
        Chart(
            key="learning_rate",
            title=say(lang, "chart_learning_rate"),
            curves=_pick(gauges, LEARNING_RATE),
            from_zero=True,
        ),
        Chart(key="others", title=say(lang, "chart_others"), curves=others[:COLOURS], from_zero=True),
        Chart(key="speed", title=say(lang, "chart_speed"), curves=speed_curve(history), from_zero=True),
    ]
    return [chart for chart in found if any(curve.points for curve in chart.curves)]


def _losses(history: History, lang: Language) -> list[Chart]:
    """Return one chart for each player."""
    curves = cost_curves(history)
    players = dict.fromkeys(curve.name.partition("/")[0] for curve in curves)
    return [
        Chart(
            key="losses",
            title=say(lang, "chart_losses", player=name(lang, player, "player")),
            curves=[curve for curve in curves if curve.name.partition("/")[0] == player][:COLOURS],
        )
        for player in players
    ]


def _pick(curves: Sequence[Curve], names: Sequence[str]) -> list[Curve]:
    by_name = {curve.name: curve for curve in curves}
    return [by_name[wanted] for wanted in names if wanted in by_name]


def _changes(curve: Curve) -> bool:
    return len({value for _, value in curve.points}) > 1


def _marks(history: History, lang: Language) -> list[Mark]:
    """Return a mark where each problem was noticed; a roll-back itself is logged at its checkpoint."""
    marks = []
    for event, after in zip_longest(history.events, history.events[1:]):
        if isinstance(event, Warned):
            back = isinstance(after, RolledBack)
            problem = name(lang, event.problem, "problem")
            marks.append(Mark(shown=event.shown, kind="rollback" if back else "warning", label=problem))
    return marks


def _card(chart: Chart, place: int, marks: Sequence[Mark], lang: Language) -> str:
    legend = "".join(
        f'<li class="c{colour}"><span>{escape(_label(curve, lang))}</span> <b>{_latest(curve)}</b></li>'
        for colour, curve in enumerate(chart.curves)
    )
    drawing = line_chart(
        chart.curves,
        name=f"chart{place}",
        title=chart.title,
        x_label=say(lang, "works_shown"),
        marks=marks,
        goal=(VARIED, say(lang, "goal")) if chart.goal else None,
        from_zero=chart.from_zero,
    )
    return (
        f'<article class="card"><h3>{escape(chart.title)}</h3>'
        f'<p class="about">{say(lang, f"about_{chart.key}")}</p>'
        f'<ul class="legend">{legend}</ul>{drawing}</article>\n'
    )


def _label(curve: Curve, lang: Language) -> str:
    return name(lang, curve.name.rpartition("/")[2])


def _latest(curve: Curve) -> str:
    finite = [value for _, value in curve.points if math.isfinite(value)]
    return compact(finite[-1]) if finite else "–"
