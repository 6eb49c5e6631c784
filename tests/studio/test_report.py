from __future__ import annotations

import json
import math
import re
from html.parser import HTMLParser

import pytest
from PIL import Image

from huohua.adversarial.events import Finished, Measured, Previewed, Progress, RolledBack, Started, Warned
from huohua.errors import UsageError
from huohua.studio.event_log import EventLog
from huohua.studio.report import write_report
from huohua.studio.report_words import CHINESE, ENGLISH

VOID = {"meta", "img", "wbr", "br"}
SETTINGS = {
    "art": "image",
    "source": "my fruit.zip",
    "preset": "fast",
    "size": "64",
    "data": {"name": "fruit", "licence": "CC0-1.0", "works": 2457},
    "width": 64,
    "height": 48,
    "deterministic": True,
    "clip": None,
    "channels": [64, 32],
}


class Page(HTMLParser):
    """A strict reader: tags must nest, and it keeps what a test may ask for."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words, self.hidden = [], [], [], 0
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def make_run(folder, *, settings=SETTINGS, sheets=8, warning="Scores <ran> away & more.", finished=True):
    (folder / "previews").mkdir(parents=True)
    if settings is not None:
        (folder / "run.json").write_text(json.dumps(settings))
    with EventLog(folder / "events.jsonl") as log:
        log(Started(seconds=0, shown=0, round=0, total_shown=80_000))
        for step in range(1, 201):
            place = {"seconds": 3.0 * step, "shown": 400 * step, "round": step}
            gauges = {"score_real": 0.5, "score_fake": -0.5, "sign_real": 0.6, "augmentation": step / 400}
            gauges |= {"learning_rate": 1.0, "fade": min(1.0, step / 20), "penalty_scale": 1.0}
            costs = {"discriminator/adversarial": 1.0, "generator/adversarial": math.sin(step)}
            log(Progress(costs=costs, speed=133.0, gauges=gauges, **place))
            if step % 10 == 0:
                log(Measured(figures={"diversity_ratio": 0.76, "diversity_within": 0.72}, **place))
        if warning:
            place = {"seconds": 610.0, "round": 202, "problem": "divergence"}
            changes = {"learning_rate": 0.5, "spread": 1.0}
            log(Warned(shown=80_800, message=warning, remedy="Back.", **place))
            log(RolledBack(shown=80_000, to_shown=80_000, changes=changes, **place))
        for sheet in range(1, sheets + 1):
            path = f"previews/{10_000 * sheet:09d}.png"
            Image.new("RGB", (20, 10), (20 * sheet, 0, 0)).save(folder / path)
            log(Previewed(seconds=70.0 * sheet, shown=10_000 * sheet, round=sheet, path=path))
        if finished:
            log(Finished(seconds=611, shown=80_000, round=200, reason="budget"))
    return folder


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("runs") / "fruit")


@pytest.fixture(scope="module")
def html(run_folder):
    return write_report(run_folder).read_text(encoding="utf-8")


def test_the_report_lies_in_the_run_folder_as_whole_html(run_folder, html):
    assert (run_folder / "report.html").is_file()
    assert html.startswith("<!DOCTYPE html>")
    assert Page(html).all("html") == [{"lang": "en"}]


def test_the_page_needs_no_other_file_and_no_script(html):
    page = Page(html)
    assert page.all("script") == []
    assert page.all("link") == []
    addresses = [
        value for _, attributes in page.tags for name, value in attributes.items() if name in ("src", "href")
    ]
    assert addresses
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert "http" not in html
    assert "url(#" in html
    assert "@import" not in html


def test_the_verdict_comes_first_with_its_light_in_words(html):
    page = Page(html)
    text = page.text
    assert text.index(ENGLISH["watch"]) < text.index(ENGLISH["growth"])
    assert "80,000 works shown in 10\N{NO-BREAK SPACE}min" in "".join(page.words)
    assert sum(attributes.get("class") == "lit" for attributes in page.all("circle")) == 1
    assert [
        attributes for attributes in page.all("section") if "verdict watch" in attributes.get("class", "")
    ]


def test_facts_are_found_in_whatever_group_of_settings_they_are(html):
    text = Page(html).text
    for fact in ("fruit", "CC0-1.0", "2,457", "64 × 48", "fast", "131 works/s", "76%", "72%"):
        assert fact in text


def test_what_the_run_told_of_its_data_comes_before_the_path_in_its_plan(tmp_path):
    (tmp_path / "run.json").write_text(json.dumps({"data": "/attic/old fruit.zip", "name": "orchard"}))
    told = {"data": "fruit", "source": "/attic/old fruit.zip", "licence": "CC0-1.0", "works": 2457}
    with EventLog(tmp_path / "events.jsonl") as log:
        log(Started(seconds=0, shown=0, round=0, settings=told))
    text = Page(write_report(tmp_path).read_text(encoding="utf-8")).text
    for fact in ("Data fruit", "Licence CC0-1.0", "Works learnt from 2,457"):
        assert fact.replace(" ", "") in text.replace(" ", "")
    assert "huohua train image '/attic/old fruit.zip'" in text


def test_the_first_and_the_last_sheet_stand_side_by_side_and_some_between_follow(html):
    page = Page(html)
    captions = [attributes["alt"] for attributes in page.all("img")]
    assert len(captions) == 6
    assert captions[0] == "Sheet of new works after 10,000 works shown"
    assert captions[1] == "Sheet of new works after 80,000 works shown"
    assert page.text.index(ENGLISH["first"]) < page.text.index(ENGLISH["last"])
    for image in page.all("img"):
        assert (image["width"], image["height"]) == ("20", "10")


def test_a_single_sheet_stands_alone(tmp_path):
    page = Page(write_report(make_run(tmp_path / "young", sheets=1)).read_text(encoding="utf-8"))
    assert len(page.all("img")) == 1
    assert ENGLISH["last"] in page.text
    assert ENGLISH["first"] not in page.text


def test_there_is_a_chart_for_each_thing_that_was_measured(html):
    text = Page(html).text
    for title in (
        "Losses of the discriminator",
        "Losses of the generator",
        "Scores of real and new works",
        "Augmentation",
        "Learning rate",
        "Variety and likeness",
        "Works per second",
        "Other settings that changed",
    ):
        assert title in text
    assert "labels faded in" in text
    assert "weight of penalties" not in text  # it never changed
    assert len(re.findall('<svg class="chart"', html)) == 8


def test_warnings_and_roll_backs_are_told_with_what_changed(html):
    text = Page(html).text
    assert "Divergence: Scores <ran> away & more. Back." in text.replace("more.Back.", "more. Back.")
    assert "Went back to 80,000 works shown (divergence)." in text
    assert "Changed: learning rate × 0.5." in text
    assert html.count('class="mark rollback"') == 8


def test_everything_that_comes_from_a_run_is_escaped(tmp_path):
    evil = "<script>alert('x')</script>\"&"
    settings = {"name": evil, "preset": evil, evil: evil, "source": evil, "licence": evil, "size": evil}
    folder = make_run(tmp_path / "a&b<c>", settings=settings, warning=evil)
    page = Page(write_report(folder).read_text(encoding="utf-8"))
    assert page.all("script") == []
    assert evil in "".join(page.words)


def test_settings_are_a_table_of_dotted_names(html):
    text = Page(html).text
    for row in ("data.licenceCC0-1.0", "deterministicyes", "clip–", "channels64, 32"):
        assert row in text


def test_the_commands_go_on_with_this_run(run_folder, html):
    text = Page(html).text
    assert f"huohua create image --model {run_folder}/model --count 8" in text
    assert (
        f"huohua train image 'my fruit.zip' --preset fast --size 64x48 --out {run_folder} --kimg 160" in text
    )


def test_a_run_limited_by_time_is_lengthened_in_minutes(tmp_path):
    settings = {"preset": "fast", "size": "32x24", "batch": 8, "seed": 3, "precision": "bf16"}
    (tmp_path / "run.json").write_text(json.dumps({"width": 32, "height": 24, "settings": {"size": 64}}))
    with EventLog(tmp_path / "events.jsonl") as log:
        log(Started(seconds=0, shown=0, round=0, total_seconds=600, settings=settings))
        log(Progress(seconds=600, shown=5000, round=10, speed=8))
    text = Page(write_report(tmp_path).read_text(encoding="utf-8")).text
    assert "--preset fast --size 32x24 --batch 8 --seed 3 --precision bf16 --out" in text
    assert "--minutes 20" in text
    assert "--kimg" not in text


def test_the_chinese_report_has_no_english_words_of_ours(run_folder):
    page = Page(write_report(run_folder, "zh").read_text(encoding="utf-8"))
    assert page.all("html") == [{"lang": "zh-Hans"}]
    text = page.text
    for key in ("title", "watch", "growth", "curves", "timeline", "settings", "commands", "about_losses"):
        assert CHINESE[key] in text
        assert ENGLISH[key] not in text
    assert CHINESE["warned_divergence"] in text
    assert "Scores" not in text
    write_report(run_folder)


def test_an_empty_run_folder_has_a_report_that_says_so(tmp_path):
    text = Page(write_report(tmp_path).read_text(encoding="utf-8")).text
    assert ENGLISH["end_none"] in text
    assert ENGLISH["no_sheets"] in text
    assert ENGLISH["no_curves"] in text


@pytest.mark.parametrize("content", ["{torn", "[1, 2]", "\x00"])
def test_damaged_settings_are_replaced_by_those_of_the_log(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with EventLog(tmp_path / "events.jsonl") as log:
        log(Started(seconds=0, shown=0, round=0, settings={"preset": "tiny"}))
    text = Page(write_report(tmp_path).read_text(encoding="utf-8")).text
    assert "tiny" in text


def test_a_run_killed_while_writing_has_a_report(tmp_path):
    folder = make_run(tmp_path / "killed", finished=False)
    with (folder / "events.jsonl").open("ab") as log:
        log.write(b'{"kind": "progress", "seco')
    text = Page(write_report(folder).read_text(encoding="utf-8")).text
    assert "Training has not finished" in text


def test_a_long_value_is_cut(tmp_path):
    folder = make_run(tmp_path / "long", settings={"names": ["x" * 9] * 1000})
    html = write_report(folder).read_text(encoding="utf-8")
    assert html.count("xxxxxxxxx") < 50
    assert "…" in html


def test_the_same_run_gives_the_same_bytes(run_folder):
    first = write_report(run_folder).read_bytes()
    assert write_report(run_folder).read_bytes() == first


def test_a_missing_folder_and_an_unknown_language_are_refused(tmp_path):
    with pytest.raises(UsageError, match="no run folder"):
        write_report(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="no report in 'fr'"):
        write_report(tmp_path, "fr")
