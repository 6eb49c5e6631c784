"""The report of an evaluation: one sound file, in both languages, nothing left out and nothing unescaped."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image

from huohua.metrics.table import CLASS_METRICS, METRICS
from huohua.studio.evaluation import ClassFigures, Copies, Evaluation, Figure, Likeness, Note
from huohua.studio.evaluation_report import Exhibits, evaluation_page, write_evaluation_report
from huohua.studio.evaluation_words import WORDS
from studio.test_report import Page

EVERY = {**METRICS, **CLASS_METRICS}
DICE = np.random.default_rng(0)


def figures(value=0.7, **missing):
    found = {
        name: Figure(
            name=name, better=metric.better, value=value, spread=0.02, floor=0.8, floor_spread=0.03, works=40
        )
        for name, metric in EVERY.items()
    }
    return found | {
        name: Figure(name=name, better=EVERY[name].better, reason=reason) for name, reason in missing.items()
    }


def evaluation(**changes):
    nearest = [
        Likeness(sample=n, work=n, title=f"<work {n}>.png", similarity=0.9 - n / 100, copy=n < 2)
        for n in range(5)
    ]
    fields = {
        "model": "fruit & co", "model_sha256": "abc", "data": "fruit", "licence": "CC0-1.0",
        "extractor": "quick", "extractor_title": "random <filters>", "samples": 50, "works": 80,
        "measured": 60, "draws": 10, "seed": 3,
        "group": "subject",
        "figures": figures(coverage="There are too few works."),
        "classes": [
            ClassFigures(name=name, works=20, samples=20, figures=figures(value))
            for name, value in (("apple", 0.9), ("<plum>", 0.2))
        ],
        "copies": Copies(
            threshold=0.88, telling=True, power=0.9, found={"flip": 1.0, "crop": 0.9, "jpeg": 0.8},
            false_alarms=0.04, samples=50, works=80, nearest=nearest,
            similarity=DICE.uniform(0.4, 0.95, 50).tolist(),
            real_similarity=DICE.uniform(0.3, 0.9, 60).tolist(),
        ),
        "notes": [Note(key="note_unasked", values={"names": "<star>"})],
        "seconds": 61.0, "version": "0.1.0", "created": "2026-11-24T00:00:00+00:00",
    }  # fmt: skip
    return Evaluation(**{**fields, **changes})


def exhibits(*, count=50, size=(24, 24), mode="RGB"):
    def pictures(numbers):
        return [Image.new(mode, size, number % 200 if mode == "L" else None) for number in numbers]

    return Exhibits(
        samples=pictures,
        works=pictures,
        like_N=np.arange(count) % 60,
        fake_NF=DICE.normal(size=(count, 6)),
        real_NF=DICE.normal(size=(60, 6)),
    )


@pytest.fixture(scope="module", params=sorted(WORDS))
def page(request):
    return Page(evaluation_page(evaluation(), exhibits(), request.param)), WORDS[request.param]


def test_every_section_is_there_in_both_languages(page):
    read, words = page
    for key in ("figures", "samples", "real_works", "most_typical", "least_typical", "plots", "map", "how"):
        assert words[key] in read.text
    for name in EVERY:
        assert words[f"figure_{name}"] in read.text


def test_no_place_is_left_unfilled_and_no_name_unescaped(page):
    read, _ = page
    assert "{" not in read.text
    for name in ("<work 0>.png", "<plum>", "<star>", "random <filters>", "fruit & co"):
        assert name in read.text


def test_a_figure_stands_beside_its_floor_and_its_reason_where_it_is_missing():
    text = Page(evaluation_page(evaluation(), exhibits(), "en")).text
    assert re.search(r"likeness \(precision\)\s*0\.7 ± 0\.02\s*0\.8 ± 0\.03\s*70% of the samples", text)
    assert "not measured" in text
    assert "There are too few works." in text


def test_sheets_and_pairs_are_inside_the_page():
    html = evaluation_page(evaluation(), exhibits(), "en")
    sources = [image["src"] for image in Page(html).all("img")]
    assert len(sources) == 4 + 5
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert html.count('<figure class="copy">') == 2
    for address in re.findall(r"(?:src|href)=\"([^\"]*)", html):
        assert address.startswith("data:")
    assert "<script" not in html


def test_names_inside_the_page_are_used_once():
    read = Page(evaluation_page(evaluation(), exhibits(), "en"))
    names = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(names) == len(set(names)) > 6


def test_an_evaluation_of_few_works_without_classes_has_a_report_as_well():
    every = {name: Figure(name=name, better=EVERY[name].better, reason="Too few.") for name in EVERY}
    shown = exhibits(count=16)
    few = Exhibits(**{**vars(shown), "real_NF": shown.real_NF[:2]})
    html = evaluation_page(evaluation(figures=every, classes=[], notes=[], group=""), few, "en")
    assert "There are too few works or samples" in Page(html).text
    assert "By subject" not in html


@pytest.mark.parametrize(("size", "mode"), [((300, 100), "RGB"), ((8, 8), "L"), ((24, 24), "RGBA")])
def test_pictures_of_any_size_and_mode_are_shown(size, mode):
    Page(evaluation_page(evaluation(), exhibits(size=size, mode=mode), "en"))


def test_the_report_is_written_whole(tmp_path):
    path = write_evaluation_report(tmp_path / "new", evaluation(), exhibits(), "en")
    assert path == tmp_path / "new" / "report.html"
    assert path.read_text(encoding="utf-8").endswith("</html>\n")
