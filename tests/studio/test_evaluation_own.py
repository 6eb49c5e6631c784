from __future__ import annotations

import json
import math
import re

import pytest

from huohua.arts.yardstick import OwnFigure
from huohua.conditions.space import ConditionSpace
from huohua.studio.evaluate import evaluate
from huohua.studio.evaluation_own import own_reading, own_table
from huohua.studio.evaluation_scale import scale_chart
from studio.evaluation_stage import SIDE, QuickYardstick, Showing, paint_folder, painted, quick_eyes

__all__ = ["quick_eyes"]


def figure(**changes):
    plain = {
        "name": "TD", "of": "lead & bass", "value": 1.25, "floor": 1.2, "foils": {"noise": 1.0, "swap": 1.6},
        "light": "watch", "like": "", "says": "How far they are apart.", "gamed": "By noise.",
    }  # fmt: skip
    return OwnFigure(**{**plain, **changes})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_light_has_its_words_and_the_foil_is_named(lang):
    readings = {own_reading(figure(light=light, like="swap"), lang) for light in ("good", "watch", "trouble")}
    assert len(readings) == 3
    assert own_reading(figure(light="trouble"), lang) not in readings
    assert "swap" in own_reading(figure(light="trouble", like="swap"), lang)
    assert own_reading(figure(value=math.nan), lang) not in readings


def test_a_table_has_a_column_for_each_foil_and_escapes_what_it_shows():
    page = own_table([figure(), figure(value=math.nan, of="")], "en")
    assert "<th>noise</th><th>swap</th>" in page
    assert "lead &amp; bass" in page
    assert "<td>1.25</td><td>1.2</td><td>1</td><td>1.6</td>" in page
    assert "<td>–</td>" in page
    assert "How far they are apart. By noise." in page


def test_a_chart_has_real_works_in_the_middle_and_the_farthest_foil_at_the_end_of_the_scale():
    chart = scale_chart([figure(), figure(value=math.nan), figure(foils={"noise": 1.2})], name="a", title="b")
    found = {
        int(c): float(x) for c, x in re.findall(r'class="c(\d)"><circle class="dot" cx="([\d.]+)"', chart)
    }
    middle = float(re.search(r'class="floor" d="M([\d.]+) ', chart)[1])
    end = middle + (found[3] - middle)  # the foil "swap", 0.4 from the floor
    assert found[0] - middle == pytest.approx((1.25 - 1.2) / 0.4 * (end - middle), abs=0.1)
    assert found[2] - middle == pytest.approx((1.0 - 1.2) / 0.4 * (end - middle), abs=0.1)
    assert chart.count("<text") == 1  # without a value, or foils that differ, there is nothing to draw


def test_what_is_beyond_the_scale_is_drawn_at_its_edge():
    far, farther = (scale_chart([figure(value=value)], name="a", title="b") for value in (9.0, 90.0))
    assert far == farther


@pytest.mark.usefixtures("quick_eyes", "home")
def test_own_figures_of_an_art_are_in_the_record_and_the_report(new_model, tmp_path, monkeypatch):
    seen = []

    def own_figures(self, samples, works, *, seed):
        seen.append((tuple(samples().shape), len(works), seed))
        return [figure(), figure(value=math.nan)]

    monkeypatch.setattr(QuickYardstick, "own_figures", own_figures)
    model = new_model(width=SIDE, height=SIDE, channels=3, conditions=ConditionSpace(groups={}))
    model._generator = Showing(painted(20, seed=3))
    works = paint_folder(tmp_path / "works", count=16, labelled=False)
    found = evaluate(model, works, samples=16, out=tmp_path, seed=4, threads=1)
    assert seen == [((16, 3, 24, 24), 16, 4)]
    assert [each.name for each in found.own] == ["TD", "TD"]
    record = json.loads((tmp_path / "evaluation.json").read_text())
    assert record["own"][0]["foils"] == {"noise": 1.0, "swap": 1.6}
    assert record["own"][1]["value"] is None
    assert "lead &amp; bass" in (tmp_path / "report.html").read_text()
