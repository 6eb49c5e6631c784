"""`huohua evaluate`: a table, a report, JSON for programs, and one clear message for bad input."""

from __future__ import annotations

import pytest

from studio.evaluation_stage import paint_folder, quick_eyes

__all__ = ["quick_eyes"]

pytestmark = pytest.mark.usefixtures("quick_eyes")


@pytest.fixture
def works(tmp_path):
    return paint_folder(tmp_path / "works", count=24)


def test_the_table_has_a_line_for_each_figure_and_ends_with_the_report(huohua, fruit, works):
    answer = huohua("evaluate", "fruit", works, "--samples", 32, "--threads", 1)
    assert answer.code == 0, answer.err
    for words in ("variety", "likeness (precision)", "kernel distance", "Fréchet distance", "copies"):
        assert sum(line.startswith(words) for line in answer.lines) >= 1
    assert "±" in answer.out
    assert answer.lines[-1] == "evaluations/fruit-on-works/report.html"
    assert "EfficientNet" not in answer.err
    assert "random filters · 12 on each side" in answer.err


def test_json_has_all_that_was_found_and_nothing_else(huohua, fruit, works, tmp_path):
    answer = huohua(
        "evaluate", fruit, works, "--samples", 32, "--threads", 1, "--json", "--out", tmp_path / "out"
    )
    assert answer.code == 0, answer.err
    record = answer.record
    assert record["model"] == "fruit"
    assert record["figures"]["precision"]["floor"] > 0
    assert (record["samples"], record["works"], record["compared"]) == (32, 24, 12)
    assert record["folder"] == str(tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"evaluation.json", "report.html"}
    assert answer.err == ""


def test_the_table_and_the_report_speak_chinese_when_asked(huohua, fruit, works, tmp_path):
    out = tmp_path / "out"
    answer = huohua("evaluate", "fruit", works, "--samples", 32, "--threads", 1, "--lang", "zh", "--out", out)
    assert "真作之间" in answer.out
    assert 'lang="zh-Hans"' in (out / "report.html").read_text(encoding="utf-8")


def test_quiet_leaves_the_table_and_the_path(huohua, fruit, works):
    answer = huohua("evaluate", "fruit", works, "--samples", 32, "--threads", 1, "--quiet")
    assert answer.code == 0
    assert answer.err == ""


def test_the_card_is_left_alone_unless_asked_for(huohua, fruit, works):
    huohua("evaluate", "fruit", works, "--samples", 32, "--threads", 1)
    assert "## Evaluation" not in (fruit / "README.md").read_text(encoding="utf-8")
    huohua("evaluate", "fruit", works, "--samples", 32, "--threads", 1, "--write-card")
    assert "## Evaluation" in (fruit / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nobody", "WORKS"], 4, "nobody"),
        (["fruit", "nowhere"], 3, "nowhere"),
        (["fruit", "WORKS", "--samples", "3"], 2, "3 samples cannot be measured"),
        (["fruit", "WORKS", "--extractor", "clip"], 2, "no extractor 'clip'"),
        (["fruit", "WORKS", "--extractor", "inception"], 7, "Inception weights are not in"),
        (["fruit", "WORKS", "--lang", "fr"], 2, "no report in 'fr'"),
    ],
)
def test_bad_input_is_one_clear_message(huohua, fruit, works, arguments, code, words, monkeypatch, tmp_path):
    monkeypatch.setattr("torch.hub.get_dir", lambda: str(tmp_path))
    answer = huohua("evaluate", *[works if word == "WORKS" else word for word in arguments])
    assert answer.code == code
    assert words in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""


def test_the_model_of_a_run_goes_by_the_name_of_the_run(huohua, fruit, works, tmp_path):
    (tmp_path / "runs" / "plums").mkdir(parents=True)
    run = fruit.rename(tmp_path / "runs" / "plums" / "model")
    answer = huohua("evaluate", run, works, "--samples", 32, "--threads", 1)
    assert answer.lines[-1] == "evaluations/plums-on-works/report.html"
