"""Events: records that survive being written as JSON."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest

from huohua.adversarial.events import EVENTS, Progress, RolledBack, Started, Warned, as_record, from_record

WHEN = {"seconds": 1.5, "shown": 320, "round": 20}
EXAMPLES = [
    Started(**WHEN, total_shown=1000, resumed=True, settings={"size": "64x64", "names": ["a", "b"]}),
    Progress(**WHEN, costs={"generator/adversarial": 0.5}, speed=16.25, gauges={"fade": 0.125}),
    Warned(**WHEN, problem="collapse", message="Alles gleich: 每张都一样", remedy="…"),
    RolledBack(**WHEN, problem="divergence", to_shown=160, changes={"learning_rate": 0.5}),
    *(kind(**WHEN) for kind in EVENTS.values()),
]


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.kind)
def test_an_event_survives_json(event):
    line = json.dumps(as_record(event))
    assert "\n" not in line
    assert from_record(json.loads(line)) == event


def test_the_kind_comes_first_so_that_a_log_can_be_read_by_eye():
    assert next(iter(as_record(Warned(**WHEN)))) == "kind"


def test_kinds_are_unique_words():
    assert all(kind == cls.kind and kind.replace("_", "").isalpha() for kind, cls in EVENTS.items())


def test_an_event_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Warned(**WHEN).shown = 0


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError, match="exploded"):
        from_record({"kind": "exploded", **WHEN})


def test_reading_a_record_leaves_it_as_it_was():
    record = as_record(Warned(**WHEN))
    from_record(record)
    assert record["kind"] == "warned"
