"""Threads while other programs come and go, on a machine of two and of eight cores that is made up."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from huohua.adversarial.events import Progress, Saved, Warned
from huohua.studio import crowding
from huohua.studio.crowding import CALM_LOOKS, EVERY_SECONDS, Crowding, Usage, may_adapt, others, usage


class Machine:
    """A made-up machine: time passes, others use some cores, we use what our threads use."""

    def __init__(self, cores: int, threads: int, monkeypatch: pytest.MonkeyPatch, *, adapt: bool = True):
        self.threads, self.told, self.cores = threads, [], cores
        self.now = Usage(clock=0.0, all=0.0, own=0.0)
        monkeypatch.setattr(torch, "get_num_threads", lambda: self.threads)
        monkeypatch.setattr(torch, "set_num_threads", self.set)
        self.crowding = Crowding([self.told.append], adapt=adapt, look=lambda: self.now, cores=cores)

    def set(self, threads: int) -> None:
        self.threads = threads

    def go(self, seconds: float, taken: float, event: type = Progress) -> int:
        """Let others take some cores for a while; return how many threads are left at the end."""
        own = min(self.threads, self.cores - taken)
        self.now = Usage(
            clock=self.now.clock + seconds,
            all=self.now.all + seconds * (taken + own),
            own=self.now.own + seconds * own,
        )
        self.crowding(event(seconds=self.now.clock, shown=160, round=10))
        return self.threads

    def looks(self, count: int, taken: float) -> list[int]:
        return [self.go(EVERY_SECONDS, taken) for _ in range(count)]


def test_a_thread_goes_when_others_take_more_than_half_a_core_and_comes_back_when_they_are_gone(monkeypatch):
    machine = Machine(2, 2, monkeypatch)
    assert machine.looks(3, taken=0.4) == [2, 2, 2]
    assert machine.looks(2, taken=1.0) == [1, 1]
    assert machine.looks(CALM_LOOKS, taken=0.1) == [1] * (CALM_LOOKS - 1) + [2]
    assert machine.looks(4, taken=0.1) == [2] * 4, "never more than there are cores"


def test_a_run_that_began_on_a_busy_machine_gets_its_cores_when_they_are_free(monkeypatch):
    machine = Machine(4, 1, monkeypatch)
    assert machine.looks(4, taken=3.0) == [1] * 4
    assert machine.looks(3 * CALM_LOOKS, taken=0.0)[-1] == 4
    assert machine.told == []


def test_more_threads_than_cores_are_not_blamed_on_others(monkeypatch):
    machine = Machine(2, 4, monkeypatch, adapt=False)
    assert machine.looks(4, taken=0.1) == [4] * 4
    assert machine.told == []


def test_the_person_is_told_once_what_happened_and_what_is_done_about_it(monkeypatch):
    machine = Machine(2, 2, monkeypatch)
    machine.looks(5, taken=1.0)
    (warned,) = machine.told
    assert isinstance(warned, Warned)
    assert (warned.problem, warned.shown, warned.round) == ("threads", 160, 10)
    assert "1.0 of 2 cores" in warned.message
    assert warned.remedy == "Going on with one thread until they are free again."


def test_half_a_core_of_others_does_not_make_threads_come_and_go(monkeypatch):
    machine = Machine(2, 2, monkeypatch)
    machine.looks(1, taken=0.6)
    seen = machine.looks(12, taken=0.4)
    assert all(before == after for before, after in pairwise(seen)), seen


def test_on_more_cores_as_many_threads_stay_as_there_is_room_for(monkeypatch):
    machine = Machine(8, 8, monkeypatch)
    assert machine.go(EVERY_SECONDS, taken=2.0) == 6
    assert machine.go(EVERY_SECONDS, taken=7.9) == 1
    back = machine.looks(8 * CALM_LOOKS, taken=1.0)
    assert back[-1] == 7
    assert back == sorted(back)


def test_threads_that_were_asked_for_stay_and_the_person_is_told_once(monkeypatch):
    machine = Machine(2, 2, monkeypatch, adapt=False)
    assert machine.looks(5, taken=1.0) == [2] * 5
    (warned,) = machine.told
    assert warned.remedy == "Close other programs, or use --threads 1."
    machine.looks(CALM_LOOKS, taken=0.0)
    machine.looks(2, taken=1.0)
    assert len(machine.told) == 2, "told again after it was over"


def test_one_thread_never_goes_and_nothing_is_said(monkeypatch):
    machine = Machine(2, 1, monkeypatch)
    assert machine.looks(5, taken=1.9) == [1] * 5
    assert machine.told == []


def test_looks_are_rare_and_only_progress_is_a_reason_for_one(monkeypatch):
    machine = Machine(2, 2, monkeypatch)
    assert machine.go(EVERY_SECONDS * 0.9, taken=2.0) == 2
    assert machine.go(EVERY_SECONDS, taken=2.0, event=Saved) == 2
    assert machine.go(0.1, taken=2.0) == 1


def test_what_others_used_is_what_is_left_when_ours_is_taken_away():
    before, after = Usage(clock=1.0, all=10.0, own=5.0), Usage(clock=3.0, all=13.0, own=6.0)
    assert others(before, after) == pytest.approx(1.0, abs=1e-9)
    assert others(before, Usage(clock=3.0, all=10.0, own=6.0)) == 0.0, "clocks of the system are coarse"


def test_the_machine_itself_is_read_in_core_seconds():
    before = usage()
    total = sum(number * number for number in range(400_000))
    after = usage()
    assert total > 0
    assert after.clock > before.clock
    assert after.own > before.own
    assert 0 <= others(before, after) <= len(crowding.allowed_cores()) + 0.5


@pytest.mark.parametrize(
    ("wish", "outside", "ours"), [(None, "", True), (2, "", False), (None, "2", False), (1, "2", False)]
)
def test_threads_are_ours_to_choose_if_nobody_else_did(monkeypatch, wish, outside, ours):
    monkeypatch.setenv("OMP_NUM_THREADS", outside)
    assert may_adapt(wish) is ours
