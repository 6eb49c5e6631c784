"""Contestants take turns in fresh processes: a machine that is busy for a while is so for all of them.

What is compared are medians over the turns. Speed is given in works a second of the clock, and in works a
second of processor time: on a quiet machine with one thread they agree, and on a busy one the second still
tells.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from contestants import Contestant, contestant, missing
from fresh_process import in_fresh_process, tell
from results_page import RESULTS


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One process's result."""

    contestant: str
    size: int
    batch: int
    works_per_second: float
    works_per_processor_second: float
    peak_memory_bytes: int
    rounds: int


def add_options(parser: argparse.ArgumentParser, contestants: Sequence[str], *, batch: int | None) -> None:
    """Add what every comparison of speed can be asked."""
    parser.add_argument("--contestants", nargs="+", default=list(contestants))
    parser.add_argument("--sizes", nargs="+", type=int, default=[64, 128, 256])
    parser.add_argument("--repeats", type=int, default=3, help="fresh processes for each number")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each process plays at least")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=batch, help="works in a round")
    parser.add_argument("--data", default="sample", help="what is trained on; its content does not matter")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)


def everyone(script: str, options: argparse.Namespace) -> tuple[list[Measured], list[str]]:
    """Measure all contestants in turns; return the results, and a line for each that is left out."""
    left_out = missing(options.contestants)
    for line in left_out.values():
        print(line, file=sys.stderr, flush=True)
    options.contestants = [name for name in options.contestants if name not in left_out]
    return [_one(script, name, size, options) for name, size in turns(options)], list(left_out.values())


def turns(options: argparse.Namespace) -> Iterator[tuple[str, int]]:
    """Yield who is measured next: all sizes and contestants, then all again."""
    for _ in range(options.repeats):
        for size in options.sizes:
            for name in options.contestants:
                yield name, size


def work(options: argparse.Namespace) -> None:
    """Be one contestant: measure in this process and tell."""
    name, _, size = options.worker.rpartition(":")
    tell(asdict(measure(name, int(size), options)))


def measure(name: str, size: int, options: argparse.Namespace) -> Measured:
    """Time rounds of one contestant in this process."""
    import torch

    from huohua.devices import peak_memory_bytes

    torch.set_num_threads(options.threads)
    player = contestant(name, size, data=options.data, batch=options.batch)
    rounds, wall, processor = timed(player, options.seconds)
    return Measured(
        contestant=name,
        size=size,
        batch=player.batch,
        works_per_second=rounds * player.batch / wall,
        works_per_processor_second=rounds * player.batch / processor,
        peak_memory_bytes=peak_memory_bytes(),
        rounds=rounds,
    )


def timed(player: Contestant, seconds: float) -> tuple[int, float, float]:
    """Play whole periods for so many seconds at least; return rounds, seconds and processor seconds."""
    for _ in range(player.warm_up):
        player.play_round()
    rounds, wall, processor = 0, time.perf_counter(), time.process_time()
    while rounds % player.period or not rounds or time.perf_counter() - wall < seconds:
        player.play_round()
        rounds += 1
    return rounds, time.perf_counter() - wall, time.process_time() - processor


def median_of(results: Sequence[Measured], name: str, size: int, of: Callable[[Measured], float]) -> float:
    """Return the median of something over a contestant's processes; NaN where it did not take part."""
    values = [of(each) for each in results if (each.contestant, each.size) == (name, size)]
    return statistics.median(values) if values else float("nan")


def _one(script: str, name: str, size: int, options: argparse.Namespace) -> Measured:
    words = ["--worker", f"{name}:{size}", "--threads", str(options.threads)]
    words += ["--seconds", str(options.seconds), "--data", options.data]
    words += ["--batch", str(options.batch)] if options.batch else []
    result = Measured(**in_fresh_process(script, words, threads=options.threads))
    print(
        f"{name:18} {size:4} px  {result.works_per_second:7.2f} works/s"
        f"  {result.works_per_processor_second:7.2f} per core-second"
        f"  {result.peak_memory_bytes / 1e9:5.2f} GB",
        file=sys.stderr,
        flush=True,
    )
    return result
