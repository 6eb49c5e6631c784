"""How much slower training becomes when other programs want the cores too.

    python benchmarks/thread_hygiene.py

Rounds of a preset are played by one thread, by as many as there are cores (what torch does by itself), by
as many with waiting threads asleep, and as `huohua train` does: with the cores that are free, watched over
by `studio/crowding.py`. Three times each: on a quiet machine, beside busy programs that were there before,
and beside busy programs that come while it plays. Busy programs are loops that want one core each.

The measure is the first column against one thread under the same load: a machine with two cores and three
programs gives each two thirds of a core, whatever anybody does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from contestants import contestant
from fresh_process import in_fresh_process, tell
from results_page import RESULTS, Page, circumstances, table

# Threads of each way to train, and how its threads wait for one another.
WAYS = ("one thread", "all cores", "all cores, waiting asleep", "huohua")
SCENES = ("quiet", "busy before", "busy later")
BUSY = "while True: pass"
AFTER = 6.0  # seconds of rounds before the busy programs of the last scene come


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One process's result.

    Attributes:
        way: how it trained.
        scene: beside what.
        works_per_second: of the clock, counted from when the scene was set.
        slowest_seconds: of the slowest round.
        threads: how many threads it used at the end.
    """

    way: str
    scene: str
    works_per_second: float
    slowest_seconds: float
    threads: int


def main() -> None:
    """Measure all ways in all scenes in turns, and write a page."""
    options = _arguments()
    if options.worker:
        way, scene = options.worker.split(":")
        tell(asdict(measure(way, scene, options)))
        return
    page = Page(name="thread-hygiene", title="Threads beside other programs", made=circumstances())
    results = [_one(way, scene, options) for _ in range(options.repeats) for scene in SCENES for way in WAYS]
    page.add(*report(results, options))
    print(page.write(options.out, {"measured": [asdict(each) for each in results]}).read_text("utf-8"))


def measure(way: str, scene: str, options: argparse.Namespace) -> Measured:
    """Play rounds in one way and one scene, in this process."""
    import torch

    before = options.busy if scene == "busy before" else 0
    with _busy(before):
        torch.set_num_threads(_threads(way))
        watch = _watch(way)
        player = contestant(options.preset, options.size, data=options.data)
        for _ in range(player.warm_up):
            player.play_round()
        if scene == "busy later":
            _play(player.play_round, watch, AFTER)
        with _busy(options.busy if scene == "busy later" else 0):
            rounds = _play(player.play_round, watch, options.seconds)
    return Measured(
        way=way,
        scene=scene,
        works_per_second=len(rounds) * player.batch / sum(rounds),
        slowest_seconds=max(rounds),
        threads=torch.get_num_threads(),
    )


def _threads(way: str) -> int:
    """Return the threads to begin with."""
    from huohua.devices import choose_threads, usable_cores

    if way != "huohua":
        return 1 if way == "one thread" else usable_cores()
    del os.environ["OMP_NUM_THREADS"]  # set by whoever started this process; a person sets none
    return choose_threads()


def _watch(way: str) -> Callable[[], None]:
    """Return what is done after each round: what a run does when it tells of its progress, or nothing."""
    from huohua.adversarial.events import Progress
    from huohua.studio.crowding import Crowding

    if way != "huohua":
        return lambda: None
    crowding = Crowding([], adapt=True)
    return lambda: crowding(Progress(seconds=0.0, shown=0, round=0))


def _play(play_round: Callable[[], object], watch: Callable[[], None], seconds: float) -> Sequence[float]:
    """Return the seconds of each round, for so many seconds."""
    times: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        start = time.perf_counter()
        play_round()
        watch()
        times.append(time.perf_counter() - start)
    return times


@contextmanager
def _busy(programs: int) -> Iterator[None]:
    """Within this block so many other programs want a core each."""
    started = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(programs)]
    try:
        time.sleep(0.5 if programs else 0.0)
        yield
    finally:
        for program in started:
            program.kill()
            program.wait()


def report(results: Sequence[Measured], options: argparse.Namespace) -> Sequence[str]:
    """Return the results as Markdown."""
    heads = [
        "way",
        "scene",
        "works/s",
        "× slower than one thread in this scene",
        "× slower than one thread alone",
    ]
    heads += ["slowest round", "threads at the end"]
    rows = []
    for scene in SCENES:
        for way in WAYS:
            own = [each for each in results if (each.way, each.scene) == (way, scene)]
            speed = _speed(results, way, scene)
            beside, alone = _speed(results, "one thread", scene), _speed(results, "one thread", "quiet")
            slowest = max(each.slowest_seconds for each in own)
            threads = statistics.median_low([each.threads for each in own])
            ratios = [f"{beside / speed:.2f}", f"{alone / speed:.2f}"]
            rows.append([way, scene, f"{speed:.1f}", *ratios, f"{slowest:.2f} s", threads])
    return [
        f"Preset `{options.preset}` at {options.size} px; {options.busy} busy programs; medians of "
        f"{options.repeats} processes of {options.seconds:g} s each.",
        table(heads, rows, words=2),
    ]


def _speed(results: Sequence[Measured], way: str, scene: str) -> float:
    return statistics.median(
        each.works_per_second for each in results if (each.way, each.scene) == (way, scene)
    )


def _one(way: str, scene: str, options: argparse.Namespace) -> Measured:
    words = ["--worker", f"{way}:{scene}", "--preset", options.preset, "--size", str(options.size)]
    words += ["--seconds", str(options.seconds), "--busy", str(options.busy), "--data", options.data]
    asleep = {"OMP_WAIT_POLICY": "PASSIVE"} if "asleep" in way else {}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = 1 if way == "one thread" else cores
    found = Measured(**in_fresh_process(Path(__file__), words, threads=threads, environment=asleep))
    print(
        f"{way:26} {scene:12} {found.works_per_second:7.2f} works/s, {found.threads} threads",
        file=sys.stderr,
        flush=True,
    )
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--data", default="sample", help="what is trained on; its content does not matter")
    parser.add_argument("--busy", type=int, default=2, help="other programs that want one core each")
    parser.add_argument("--repeats", type=int, default=3, help="fresh processes for each number")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each process plays")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
