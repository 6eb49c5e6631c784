"""The queue: every move of a job, and what a restart finds."""

from __future__ import annotations

import pytest

from huohua.errors import MissingError, StateError
from huohua.studio.jobs.queue import Queue, Report


@pytest.fixture
def queue(database):
    return Queue(database)


def names(rows):
    return [row.order["name"] for row in rows]


def add(queue, *letters):
    return [queue.add("create", {"name": letter}).id for letter in letters]


def test_jobs_are_taken_in_the_order_they_came(queue):
    add(queue, "a", "b")
    assert names([queue.take(), queue.take()]) == ["a", "b"]
    assert queue.take() is None


def test_a_job_moves_before_another_one_and_to_the_end(queue):
    a, b, c, d = add(queue, *"abcd")
    assert names(queue.move(d, before=b)) == ["a", "d", "b", "c"]
    assert names(queue.move(a, before=None)) == ["d", "b", "c", "a"]
    assert names(queue.move(c, before=c)) == ["d", "b", "c", "a"]
    assert names(queue.listing()) == ["d", "b", "c", "a"]
    assert names([queue.take() for _ in range(4)]) == ["d", "b", "c", "a"]


def test_a_job_that_is_going_on_does_not_move(queue):
    a, b = add(queue, "a", "b")
    queue.take()
    with pytest.raises(StateError):
        queue.move(a, before=b)
    with pytest.raises(StateError):
        queue.move(b, before=a)


def test_a_waiting_job_is_paused_at_once_and_goes_on_when_it_is_asked_to(queue):
    (a,) = add(queue, "a")
    assert queue.ask(a, "pause").state == "paused"
    assert queue.take() is None
    assert queue.resume(a).state == "queued"
    assert queue.take().id == a


def test_a_running_job_is_only_asked(queue):
    (a,) = add(queue, "a")
    queue.take()
    asked = queue.ask(a, "pause")
    assert (asked.state, asked.wanted) == ("running", "pause")
    assert queue.ask(a, "cancel").wanted == "cancel"
    assert queue.ask(a, "pause").wanted == "cancel"  # the stronger wish stays


@pytest.mark.parametrize("wanted", ["pause", "cancel"])
def test_what_is_over_stays_so(queue, wanted):
    (a,) = add(queue, "a")
    queue.take()
    queue.settle(a, "done", result={"works": 1})
    with pytest.raises(StateError):
        queue.ask(a, wanted)
    with pytest.raises(StateError):
        queue.resume(a)
    done = queue.get(a)
    assert (done.state, done.fraction, done.result) == ("done", 1.0, {"works": 1})
    assert done.ended is not None


def test_after_a_kill_a_running_job_waits_again_at_its_place(queue):
    add(queue, "a", "b")
    queue.take()
    assert names(queue.recover()) == ["a"]
    again = queue.take()
    assert (again.order["name"], again.attempts) == ("a", 2)


@pytest.mark.parametrize(("wanted", "state"), [("pause", "paused"), ("cancel", "cancelled")])
def test_after_a_kill_a_job_is_where_a_person_wanted_it(queue, wanted, state):
    (a,) = add(queue, "a")
    queue.take()
    queue.ask(a, wanted)
    queue.recover()
    assert queue.get(a).state == state


def test_every_change_is_counted_and_the_log_tells_the_story(queue):
    (a,) = add(queue, "a")
    before = queue.get(a).changes
    queue.take()
    queue.report(a, Report(fraction=1.5, seconds_left=3.0, message="soon"))
    told = queue.get(a)
    assert (told.fraction, told.seconds_left, told.message) == (1.0, 3.0, "soon")
    assert told.changes > before
    queue.note(a, "warned", "Careful.", {"cores": 2})
    queue.settle(a, "failed", message="It broke.")
    log = queue.events(a)
    assert [event.kind for event in log] == ["queued", "running", "warned", "failed"]
    assert log[2].facts == {"cores": 2}
    assert queue.events(a, after=log[2].number)[0].message == "It broke."


def test_a_job_that_is_not_there_is_missing(queue):
    for move in (queue.get, queue.resume, lambda id: queue.ask(id, "pause")):
        with pytest.raises(MissingError):
            move("f" * 32)
