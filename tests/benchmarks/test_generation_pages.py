"""The pages of generation speed and of threads, from results that are made up."""

from __future__ import annotations

from argparse import Namespace

import generation_speed
import pytest
import thread_hygiene
from generation_speed import Drawn, First
from thread_hygiene import SCENES, WAYS, Measured


def drawn(who: str, size: int, batch: int, per_second: float) -> Drawn:
    return Drawn(
        who=who,
        size=size,
        batch=batch,
        per_second=per_second,
        per_core_second=per_second * 2,
        median_ms=1000 * batch / per_second,
        late_ms=2000 * batch / per_second,
        peak_memory_bytes=1_500_000_000,
        ready_seconds=3.0,
    )


def test_medians_are_given_for_each_size_batch_and_contestant_in_the_order_of_the_contestants():
    results = [
        drawn(who, size, batch, speed)
        for speed in (10.0, 30.0, 20.0)
        for size in (128, 64)
        for batch in (16, 1)
        for who in ("torch", "dcgan")
    ]
    page = generation_speed.report(results, [], [], Namespace(threads=1, repeats=3))
    rows = [line for line in page[1].splitlines() if " px " in line]
    assert [row.split("|")[1:4] for row in rows] == [
        [f" {size} px ", f" {batch} ", f" {who} "]
        for size in (64, 128) for batch in (1, 16) for who in ("torch", "dcgan")
    ]  # fmt: skip
    assert rows[0].split("|")[4:] == [" 20.0 ", " 40.0 ", " 50.0 ", " 100.0 ", " 1.50 GB ", " 3.0 ", ""]


def test_the_first_picture_is_given_by_the_clock_and_by_the_processor():
    first = [First(who="huohua", seconds=seconds, processor_seconds=0.5) for seconds in (3.0, 1.0, 2.0)]
    page = generation_speed.report([], first, ["peer is not here"], Namespace(threads=1, repeats=3))
    assert "peer is not here" in page
    assert page[-1].splitlines()[-1] == "| huohua | 2.00 | 1.00 | 0.50 |"


def test_the_slowest_of_twenty_is_late(monkeypatch):
    ticks = iter(range(10**6))
    monkeypatch.setattr(generation_speed.time, "perf_counter", lambda: float(next(ticks)))
    times, _ = generation_speed._timed(lambda: None, 0.0)
    assert times == [1.0] * generation_speed.FEWEST


def test_slowness_is_given_beside_one_thread_in_the_same_scene_and_alone():
    speeds = {"quiet": 60.0, "busy before": 40.0, "busy later": 40.0}
    factors = dict(zip(WAYS, (1.0, 0.1, 0.2, 0.8), strict=True))
    results = [
        Measured(
            way=way,
            scene=scene,
            works_per_second=speeds[scene] * factors[way],
            slowest_seconds=1.0,
            threads=1,
        )
        for scene in SCENES
        for way in WAYS
    ]
    options = Namespace(preset="fast", size=64, busy=2, repeats=1, seconds=1.0)
    page = thread_hygiene.report(results, options)
    row = next(line for line in page[1].splitlines() if line.startswith("| huohua | busy before"))
    assert row == "| huohua | busy before | 32.0 | 1.25 | 1.88 | 1.00 s | 1 |"


def test_peers_that_are_not_installed_are_left_out_with_a_word(monkeypatch):
    peers = pytest.importorskip("peers")
    monkeypatch.setattr(peers, "installed", lambda: ["dcgan"])
    here, lines = generation_speed._contestants(Namespace(contestants=None, ways=False))
    assert here == ["torch", "onnx", "bf16", "dcgan"]
    assert [line.split()[0] for line in lines] == ["lightweight-gan", "stylegan2-pytorch"]


def test_every_way_to_draw_is_one_that_can_be_asked_for():
    from drawers import PEERS, PLAYERS, WAYS

    names = [*PLAYERS, *WAYS, *PEERS]
    assert len(names) == len(set(names))
    assert not any(":" in name for name in names), "a worker is told its name between colons"
