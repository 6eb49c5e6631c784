"""The report of an evaluation: one HTML file with figures in words, sheets, nearest works and plots."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from huohua.arts.image.sheet import sheet
from huohua.files import write_text
from huohua.metrics.precision_recall import realism
from huohua.metrics.principal import principal_map
from huohua.studio.evaluation import Evaluation, Figure
from huohua.studio.evaluation_charts import STYLE as CHARTS_STYLE
from huohua.studio.evaluation_charts import Bar, Dot, bar_chart, histogram, legend, map_chart, plane_chart
from huohua.studio.evaluation_own import own_table
from huohua.studio.evaluation_reading import amount, judge, margin, percent, read_figure
from huohua.studio.evaluation_words import figure_name, say
from huohua.studio.page import facts_list, folded_table, picture, prose, section, verdict_card, whole_page
from huohua.studio.report_words import Language, duration
from huohua.studio.sheets import embedded

REPORT = "report.html"
COLUMNS, ROWS = 8, 4
LARGEST = 128  # pixels of a picture on a sheet; larger ones are made smaller
STYLE = f"""
{CHARTS_STYLE}
.figures td, .figures th {{ white-space: nowrap; }}
.figures td:last-child {{ white-space: normal; min-width: 16rem; }}
.figures .wide {{ overflow-x: auto; }}
.figures small {{ color: var(--soft); }}
.figures .good::before, .figures .watch::before, .figures .trouble::before {{
  content: ""; display: inline-block; width: .62em; height: .62em; border-radius: 50%; margin-right: .55em;
  background: var(--good);
}}
.figures .watch::before {{ background: var(--watch); }}
.figures .trouble::before {{ background: var(--trouble); }}
.sheets {{
  display: grid; gap: 1.4rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
}}
.pairs {{ display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(6.6rem, 1fr)); }}
.pairs .copy figcaption {{ color: var(--trouble); }}
"""
# Which figures are drawn for each class, as far as they were measured.
# Figures that can stand in one chart, because all of them are about 1 at best.
PROFILE = (
    "precision", "recall", "density", "coverage", "diversity_ratio", "perceptual_ratio", "within_class_ratio"
)  # fmt: skip
BY_CLASS = ("precision", "recall", "diversity_ratio", "perceptual_ratio", "kernel", "copy_rate")

Pictures = Callable[[Sequence[int]], Sequence[Image.Image]]


@dataclass(frozen=True, kw_only=True)
class Exhibits:
    """What a report shows of an evaluation beside its figures; pictures are made when they are asked for.

    Attributes:
        samples: pictures of samples by number.
        works: pictures of real works by number.
        like_N: the real work whose conditions each sample was asked for.
        fake_NF: features of samples.
        real_NF: features of real works.
    """

    samples: Pictures
    works: Pictures
    like_N: NDArray[np.intp]
    fake_NF: NDArray[np.float64]
    real_NF: NDArray[np.float64]


def write_evaluation_report(folder: Path, found: Evaluation, exhibits: Exhibits, lang: Language) -> Path:
    """Write `report.html` into a folder and return its path.

    Raises:
        StorageError: the folder cannot be written.
    """
    path = folder / REPORT
    write_text(path, evaluation_page(found, exhibits, lang))
    return path


def evaluation_page(found: Evaluation, exhibits: Exhibits, lang: Language) -> str:
    """Return the report of an evaluation as HTML."""
    return whole_page(
        title=found.model,
        kicker=say(lang, "evaluation"),
        body=[
            verdict_card(judge(found, lang), lang),
            facts_list(_facts(found, lang), lang),
            section(say(lang, "figures"), _figures(found, lang)),
            section(say(lang, "own"), own_table(found.own, lang)) if found.own else "",
            section(say(lang, "samples"), _sheets(exhibits, lang)),
            section(say(lang, "nearest"), _nearest(found, exhibits, lang)),
            section(say(lang, "plots"), _plots(found, exhibits, lang)),
            _classes(found, lang),
            section(say(lang, "how"), _how(found, lang)),
            folded_table(say(lang, "settings"), _settings(found)),
        ],
        lang=lang,
        style=STYLE,
    )


def _facts(found: Evaluation, lang: Language) -> dict[str, str]:
    facts = {
        "fact_data": found.data,
        "fact_licence": found.licence,
        "fact_real_works": _of(found.measured, found.works, lang),
        "fact_samples": f"{found.samples:,}",
        "fact_extractor": found.extractor_title,
        "fact_compared": f"{found.compared:,}",
        "fact_references": _of(found.copies.works, found.works, lang),
        "fact_seed": str(found.seed),
        "fact_time": duration(lang, found.seconds),
    }
    return {say(lang, key): value for key, value in facts.items()}


def _of(part: int, whole: int, lang: Language) -> str:
    return f"{whole:,}" if part == whole else say(lang, "works_of", measured=f"{part:,}", works=f"{whole:,}")


def _figures(found: Evaluation, lang: Language) -> str:
    heads = "".join(f"<th>{say(lang, key)}</th>" for key in ("figure", "model", "floor", "reading"))
    rows = "\n".join(_row(figure, found, lang) for figure in found.figures.values())
    about = say(lang, "about_table", works=f"{found.compared:,}", draws=found.draws)
    table = f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>"
    return (
        f'<p class="about">{about}</p>\n<div class="figures"><div class="wide"><table>\n{table}\n</table>'
        "</div></div>"
    )


def _row(figure: Figure, found: Evaluation, lang: Language) -> str:
    light, reading = read_figure(figure, lang, telling=found.copies.telling, power=found.copies.power)
    words = f'<th scope="row">{escape(figure_name(lang, figure.name))}</th>'
    if figure.value is None:
        none = say(lang, "not_measured")
        return f'<tr>{words}<td>{none}</td><td></td><td class="watch">{prose(reading)}</td></tr>'
    return (
        f"<tr>{words}<td>{amount(figure.value)} <small>± {margin(figure.spread)}</small></td>"
        f"<td>{amount(figure.floor)} <small>± {margin(figure.floor_spread)}</small></td>"
        f'<td class="{light}">{prose(reading)}</td></tr>'
    )


def _sheets(exhibits: Exhibits, lang: Language) -> str:
    count = min(COLUMNS * ROWS, len(exhibits.like_N))
    first = list(range(count))
    depth_N = _depth(exhibits)
    order = [int(number) for number in np.argsort(-depth_N, kind="stable")]
    figures = [
        _sheet(exhibits.samples(first), say(lang, "samples")),
        _sheet(exhibits.works([int(row) for row in exhibits.like_N[:count]]), say(lang, "real_works")),
        _sheet(exhibits.samples(order[:count]), say(lang, "most_typical")),
        _sheet(exhibits.samples(order[::-1][:count]), say(lang, "least_typical")),
    ]
    return f'<p class="about">{say(lang, "about_sheets")}</p>\n<div class="sheets">{"".join(figures)}</div>'


def _depth(exhibits: Exhibits) -> NDArray[np.float64]:
    """Return how deep among the real works each sample lies."""
    neighbours = min(3, len(exhibits.real_NF) - 1)
    return realism(exhibits.fake_NF, exhibits.real_NF, k=neighbours)


def _sheet(pictures: Sequence[Image.Image], title: str) -> str:
    source, (width, height) = embedded(sheet([_small(each) for each in pictures], COLUMNS))
    return picture(source, width=width, height=height, alt=title, caption=f"<strong>{title}</strong>")


def _small(image: Image.Image) -> Image.Image:
    if max(image.size) <= LARGEST:
        return image
    smaller = image.copy()
    smaller.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    return smaller


def _nearest(found: Evaluation, exhibits: Exhibits, lang: Language) -> str:
    pairs = found.copies.nearest
    samples = exhibits.samples([pair.sample for pair in pairs])
    works = exhibits.works([pair.work for pair in pairs])
    figures = []
    for pair, sample, work in zip(pairs, samples, works, strict=True):
        source, (width, height) = embedded(sheet([_small(sample), _small(work)], 1))
        title = say(lang, "pair", similarity=f"{pair.similarity:.2f}", title=pair.title)
        mark = f"<strong>{say(lang, 'pair_copy')}</strong> " if pair.copy else ""
        shown = picture(source, width=width, height=height, alt=title, caption=f"{mark}{escape(title)}")
        figures.append(shown.replace("<figure>", '<figure class="copy">', 1) if pair.copy else shown)
    kinds = [say(lang, f"kind_{kind}", share=percent(share)) for kind, share in found.copies.found.items()]
    how = say(
        lang,
        "about_calibration",
        threshold=f"{found.copies.threshold:.2f}",
        found=say(lang, "list_comma").join(kinds),
        alarms=percent(found.copies.false_alarms),
    )
    return (
        f'<p class="about">{say(lang, "about_nearest")}{say(lang, "space")}{how}</p>\n'
        f'<div class="pairs">{"".join(figures)}</div>'
    )


def _plots(found: Evaluation, exhibits: Exhibits, lang: Language) -> str:
    where = principal_map(exhibits.real_NF)
    sides = {0: say(lang, "legend_samples"), 1: say(lang, "legend_works")}
    cards = [
        _card(
            "map",
            map_chart(
                where.place(exhibits.fake_NF),
                where.place(exhibits.real_NF),
                name="map",
                title=say(lang, "map"),
                x_label=say(lang, "axis_map"),
            ),
            sides,
            lang,
            first=percent(where.share_A[0]),
            second=percent(where.share_A[1]),
        ),
        _plane(found, lang),
        _card(
            "similarities",
            histogram(
                [found.copies.similarity, found.copies.real_similarity],
                name="similarities",
                title=say(lang, "similarities"),
                x_label=say(lang, "axis_similarity"),
                mark=(found.copies.threshold, say(lang, "threshold")),
            ),
            sides,
            lang,
        ),
    ]
    named = {figure_name(lang, name): found.figures.get(name) for name in PROFILE}
    if bars := _bars(named):
        cards.insert(
            0, _card("profile", bar_chart(bars, name="profile", title=say(lang, "profile")), {}, lang)
        )
    return f'<div class="charts">{"".join(cards)}</div>'


def _bars(figures: Mapping[str, Figure | None]) -> list[Bar]:
    """Return a bar for each figure that was measured."""
    return [
        Bar(name=name, value=figure.value, spread=figure.spread, floor=figure.floor)
        for name, figure in figures.items()
        if figure is not None and figure.value is not None
    ]


def _plane(found: Evaluation, lang: Language) -> str:
    precision, recall = found.figures["precision"], found.figures["recall"]
    if precision.value is None or recall.value is None:
        return ""
    dots = [
        Dot(name=say(lang, "legend_floor"), x=precision.floor, y=recall.floor, colour=1, ring=True),
        Dot(name=say(lang, "legend_model"), x=precision.value, y=recall.value, colour=0, large=True),
    ]
    dots += [
        Dot(name=each.name, x=_value(each.figures["precision"]), y=_value(each.figures["recall"]), colour=0)
        for each in found.classes
        if each.figures["precision"].value is not None and each.figures["recall"].value is not None
    ]
    chart = plane_chart(dots, name="plane", title=say(lang, "plane"), x_label=say(lang, "axis_precision"))
    return _card("plane", chart, {0: say(lang, "legend_model"), 1: say(lang, "legend_floor")}, lang)


def _value(figure: Figure) -> float:
    return figure.value or 0.0


def _card(key: str, chart: str, labels: Mapping[int, str], lang: Language, **values: str) -> str:
    about = say(lang, f"about_{key}", **values)
    return (
        f'<article class="card"><h3>{say(lang, key)}</h3><p class="about">{about}</p>'
        f"{legend(labels)}{chart}</article>\n"
    )


def _classes(found: Evaluation, lang: Language) -> str:
    cards = []
    for name in BY_CLASS:
        if bars := _bars({each.name: each.figures.get(name) for each in found.classes}):
            title = figure_name(lang, name)
            chart = bar_chart(bars, name=f"class-{name}", title=title)
            cards.append(f'<article class="card"><h3>{escape(title)}</h3>{chart}</article>\n')
    if not cards:
        return ""
    return section(
        say(lang, "by_class", group=escape(found.group)),
        f'<p class="about">{say(lang, "about_classes")}</p>\n<div class="charts">{"".join(cards)}</div>',
    )


def _how(found: Evaluation, lang: Language) -> str:
    notes = "".join(f"<li>{prose(say(lang, note.key, **note.values))}</li>" for note in found.notes)
    return f"<ul>{notes}</ul>\n<p>{say(lang, 'limits')}</p>" if notes else f"<p>{say(lang, 'limits')}</p>"


def _settings(found: Evaluation) -> dict[str, str]:
    record = found.as_record()
    plain = {key: str(value) for key, value in record.items() if not isinstance(value, (dict, list))}
    figures = {
        f"{each.name} · {name}": f"{amount(figure.value)} ± {margin(figure.spread)} ({amount(figure.floor)})"
        for each in found.classes
        for name, figure in each.figures.items()
        if figure.value is not None
    }
    return {**plain, **figures}
