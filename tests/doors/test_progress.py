"""The displays of a training run: live, lines, JSON, and none."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from huohua.adversarial.events import Finished, Measured, Progress, RolledBack, Started, Warned, from_record
from huohua.cli.progress import Display, JsonDisplay, LineDisplay, LiveDisplay, choose

EVENTS = [
    Started(seconds=0.0, shown=0, round=0, total_shown=1000, settings={"preset": "tiny"}),
    Progress(seconds=1.0, shown=100, round=10, costs={"generator": 1.5}, speed=100.0),
    Progress(seconds=2.0, shown=200, round=20, costs={"generator": float("nan")}, speed=100.0),
    Measured(seconds=2.0, shown=200, round=20, figures={"diversity_ratio": 0.5}),
    Warned(
        seconds=3.0,
        shown=300,
        round=30,
        problem="collapse",
        message="All look alike [1].",
        remedy="More noise.",
    ),
    RolledBack(seconds=3.0, shown=200, round=20, problem="collapse", to_shown=200),
    Finished(seconds=4.0, shown=400, round=40, reason="budget"),
]


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({"json": True, "quiet": True, "terminal": True}, JsonDisplay),
        ({"json": False, "quiet": True, "terminal": True}, Display),
        ({"json": False, "quiet": False, "terminal": True}, LiveDisplay),
        ({"json": False, "quiet": False, "terminal": False}, LineDisplay),
    ],
)
def test_the_display_follows_flags_and_terminal(flags, kind):
    assert type(choose(**flags)) is kind


def test_programs_get_every_event_as_a_json_line(capsys):
    with JsonDisplay() as display:
        for event in EVENTS:
            display(event)
    out, err = capsys.readouterr()
    records = [json.loads(line) for line in out.splitlines()]
    assert err == ""
    assert [record["kind"] for record in records] == [event.kind for event in EVENTS]
    assert from_record(records[1]) == EVENTS[1]
    assert records[2]["costs"] == {"generator": None}, "JSON knows no NaN"
    assert display.situation.reason == "budget"


def test_a_log_gets_a_line_every_ten_seconds_and_whatever_matters(capsys):
    times = iter([0.0, 0.0, 1.0, 5.0, 10.5, 10.5])
    with LineDisplay(lambda: next(times)) as display:
        for event in [*EVENTS[:3], EVENTS[2], EVENTS[2], EVENTS[4], EVENTS[5]]:
            display(event)
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert [line[:3] for line in lines] == ["0.1", "0.2", "All", "Wen"]
    assert lines[0] == "0.1 of 1.0 kimg | 100 works/s · 0:01 · 0:09 left | generator 1.5 | health starting"
    assert lines[2] == "All look alike [1]. More noise."
    assert lines[3] == "Went back to 200 works, the last time the run was healthy."


def test_nothing_is_shown_when_quiet(capsys):
    with Display() as display:
        for event in EVENTS:
            display(event)
    assert capsys.readouterr() == ("", "")
    assert display.situation.shown == 400


def test_a_terminal_gets_a_bar_with_losses_and_health():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120, color_system=None)
    display = LiveDisplay(console)
    with display:
        for event in EVENTS[:4]:
            display(event)
        shown = console.file
        console.print(display.render())
        display(EVENTS[4])
    text = shown.getvalue()
    for words in ("20%", "0.2 of 1.0 kimg", "100 works/s", "generator nan", "health good", "diversity 50%"):
        assert words in text
    assert "All look alike [1]. More noise." in text


@pytest.mark.parametrize("width", [72, 80, 200])
def test_the_bar_leaves_room_for_the_words_beside_it(width):
    screen = io.StringIO()
    display = LiveDisplay(Console(file=screen, force_terminal=True, width=width, color_system=None))
    display(Started(seconds=0.0, shown=0, round=0, total_shown=200_000))
    display(Progress(seconds=3600.0, shown=100_000, round=10, costs={}, speed=27.8))
    display._console.print(display.render())
    head = screen.getvalue().splitlines()[0]
    assert head.endswith(" 50% 100.0 of 200.0 kimg · 28 works/s · 1:00:00 · 59:57 left")
    assert 4 <= head.count("━") + head.count("╸") + head.count("╺") <= 30


def test_a_resumed_run_says_so(capsys):
    with LineDisplay() as display:
        display(Started(seconds=125.0, shown=5000, round=50, resumed=True))
    assert "Going on from 5.0 kimg, after 2:05 of training." in capsys.readouterr().err
