from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.adversarial.events import (
    EVENTS,
    Finished,
    Measured,
    Previewed,
    Progress,
    RolledBack,
    Saved,
    Started,
    Warned,
)
from huohua.errors import StorageError
from huohua.studio.event_log import EventLog, read_events

ONE_OF_EACH = (
    Started(seconds=0.0, shown=0, round=0, total_shown=1000, settings={"size": "64", "names": ["a", "梅"]}),
    Progress(
        seconds=1.5, shown=16, round=1, costs={"generator/adversarial": 0.5}, speed=20.0, gauges={"fade": 0.0}
    ),
    Measured(seconds=2.0, shown=32, round=2, figures={"diversity_ratio": 0.75}),
    Previewed(seconds=2.0, shown=32, round=2, path="previews/000000032.png"),
    Saved(seconds=2.5, shown=32, round=2, path="checkpoints/000000032", good=False),
    Warned(
        seconds=3.0,
        shown=48,
        round=3,
        problem="collapse",
        message="Samples look alike.",
        remedy="Going back.",
    ),
    RolledBack(
        seconds=3.0, shown=32, round=2, problem="collapse", to_shown=32, changes={"learning_rate": 0.5}
    ),
    Finished(seconds=4.0, shown=64, round=4, reason="budget"),
)


def write(path, *events):
    with EventLog(path) as log:
        for event in events:
            log(event)


def test_the_examples_hold_every_kind_of_event():
    assert {event.kind for event in ONE_OF_EACH} == set(EVENTS)


def test_every_kind_of_event_comes_back_as_it_was(tmp_path):
    path = tmp_path / "run" / "events.jsonl"
    write(path, *ONE_OF_EACH)
    assert read_events(path) == ONE_OF_EACH


def test_an_event_is_one_line_and_is_there_before_the_log_is_closed(tmp_path):
    path = tmp_path / "events.jsonl"
    with EventLog(path) as log:
        log(ONE_OF_EACH[0])
        log(ONE_OF_EACH[1])
        lines = path.read_text(encoding="utf-8").split("\n")
    assert len(lines) == 3
    assert lines[2] == ""
    assert json.loads(lines[0])["kind"] == "started"
    assert "梅" in lines[0]


def test_numbers_that_are_not_finite_are_null_in_the_file_and_nan_when_read(tmp_path):
    path = tmp_path / "events.jsonl"
    write(path, Progress(seconds=1, shown=1, round=1, costs={"a": math.inf, "b": 2.0}, speed=math.nan))
    assert "NaN" not in path.read_text()
    assert "Infinity" not in path.read_text()
    (event,) = read_events(path)
    assert isinstance(event, Progress)
    assert math.isnan(event.costs["a"])
    assert event.costs["b"] == 2.0
    assert math.isnan(event.speed)


def test_settings_that_json_does_not_know_are_written_as_words(tmp_path):
    path = tmp_path / "events.jsonl"
    write(path, Started(seconds=0, shown=0, round=0, settings={"out": Path("runs/a"), "sides": (1, 2)}))
    (event,) = read_events(path)
    assert isinstance(event, Started)
    assert event.settings == {"out": "runs/a", "sides": [1, 2]}


@given(cut=st.integers(min_value=0, max_value=2000))
def test_a_log_cut_anywhere_gives_the_events_before_the_cut_and_goes_on(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("log") / "events.jsonl"
    write(path, *ONE_OF_EACH)
    content = path.read_bytes()
    cut = min(cut, len(content))
    path.write_bytes(content[:cut])
    # An event is whole once its closing brace is there, with or without the end of the line.
    ends = [index for index, byte in enumerate(content) if byte == ord("\n")]
    whole = sum(end <= cut for end in ends)
    assert read_events(path) == ONE_OF_EACH[:whole]
    write(path, ONE_OF_EACH[-1])
    assert read_events(path) == (*ONE_OF_EACH[:whole], ONE_OF_EACH[-1])
    assert path.read_bytes().count(b"\n") == whole + 1


def test_a_last_line_that_lacks_only_its_end_is_kept(tmp_path):
    path = tmp_path / "events.jsonl"
    write(path, *ONE_OF_EACH)
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    assert read_events(path) == ONE_OF_EACH
    write(path, ONE_OF_EACH[0])
    assert read_events(path) == (*ONE_OF_EACH, ONE_OF_EACH[0])


def test_what_cannot_be_read_is_skipped(tmp_path):
    path = tmp_path / "events.jsonl"
    write(path, ONE_OF_EACH[0], ONE_OF_EACH[-1])
    lines = path.read_bytes().splitlines()
    strange = [b'{"kind": "from_the_future"}', b"[1, 2]", b"\x00\x00", b'{"kind": "saved"}', b"", b"7"]
    path.write_bytes(b"\n".join([lines[0], *strange, lines[1]]) + b"\n")
    assert read_events(path) == (ONE_OF_EACH[0], ONE_OF_EACH[-1])


def test_no_file_is_no_events(tmp_path):
    assert read_events(tmp_path / "events.jsonl") == ()


def test_opening_an_intact_log_again_changes_nothing(tmp_path):
    path = tmp_path / "events.jsonl"
    write(path, *ONE_OF_EACH)
    before = path.read_bytes()
    write(path)
    assert path.read_bytes() == before


def test_a_killed_process_loses_no_event_it_had_told(tmp_path):
    path = tmp_path / "events.jsonl"
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from huohua.adversarial.events import Saved\n"
        "from huohua.studio.event_log import EventLog\n"
        "log = EventLog(Path(sys.argv[1]))\n"
        "for count in range(50):\n"
        "    log(Saved(seconds=count, shown=count, round=count, path='x'))\n"
        "sys.stdout.write('told')\n"
        "sys.stdout.flush()\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    with process.stdout as output:
        assert output.read(4) == b"told"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [event.shown for event in read_events(path)] == list(range(50))


def test_a_folder_in_the_place_of_the_file_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"):
        EventLog(tmp_path / "file" / "events.jsonl")


def environment():
    source = Path(__file__).parents[2] / "src"
    return {**os.environ, "PYTHONPATH": str(source)}
