"""How fast pictures are drawn: images a second, how long one takes, how much memory, and the first of all.

    python benchmarks/generation_speed.py                      the players of Huohua beside the peers
    python benchmarks/generation_speed.py --ways               also other ways to compute the same network
    python benchmarks/generation_speed.py --threads 2 --ways

Everyone draws in a fresh process with the same threads, and they take turns. Drawing is timed from the
latent to the pixels in memory; the first picture from the start of its process to its PNG on the disk. Files
are in the system's cache by then, as they are for anybody who draws twice.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from drawers import PEERS, PLAYERS, WAYS, drawer, write_model
from fresh_process import in_fresh_process, tell
from results_page import RESULTS, Page, circumstances, table

BATCHES = (1, 16)
WARM_UP = 2  # draws
FEWEST = 5  # draws, however long they take
FIRST_SIZE = 256
PEER_FIRST = (
    "import sys, torch; sys.path.insert(0, {folder!r}); from peers import build; "
    "picture = build({name!r}, {size}, batch=1).sample(1)[0]; "
    "from PIL import Image; "
    "levels = picture.add(1).mul(127.5).round().clamp(0, 255).byte().permute(1, 2, 0).numpy(); "
    "Image.fromarray(levels).save('picture.png')"
)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What one process measured with one batch.

    Attributes:
        who: the contestant.
        size: side of a picture in pixels.
        batch: pictures asked for at once.
        per_second: pictures a second of the clock.
        per_core_second: pictures a second of processor time.
        median_ms: time until the pictures are there, in milliseconds.
        late_ms: the same for the slowest of twenty.
        peak_memory_bytes: the most the process held by then.
        ready_seconds: from the import of torch to the first picture, compilation included.
    """

    who: str
    size: int
    batch: int
    per_second: float
    per_core_second: float
    median_ms: float
    late_ms: float
    peak_memory_bytes: int
    ready_seconds: float


@dataclass(frozen=True, kw_only=True)
class First:
    """How long the first picture took in one process, from its start: by the clock and the processor."""

    who: str
    seconds: float
    processor_seconds: float


def main() -> None:
    """Measure everybody in turns and write a page."""
    options = _arguments()
    if options.worker:
        who, size, batch = options.worker.rsplit(":", 2)
        tell(asdict(measure(who, int(size), int(batch), options)))
        return
    contestants, left_out = _contestants(options)
    made = circumstances("onnxruntime", "lightweight-gan", "stylegan2-pytorch")
    with tempfile.TemporaryDirectory(prefix="huohua-generation-") as place:
        options.models = Path(place)
        for size in {*options.sizes, *([] if options.no_first else [FIRST_SIZE])}:
            write_model(options.models / str(size), size, onnx=True)
        drawn = [_one(*turn, options) for turn in _turns(contestants, options)]
        first = [] if options.no_first else list(_firsts(options))
    page = Page(name="generation-speed", title="Speed of generation", made=made)
    page.add(*report(drawn, first, left_out, options))
    record = {"drawn": [asdict(each) for each in drawn], "first": [asdict(each) for each in first]}
    print(page.write(options.out, record).read_text(encoding="utf-8"))


def measure(who: str, size: int, batch: int, options: argparse.Namespace) -> Drawn:
    """Draw in this process for some seconds."""
    began = time.perf_counter()
    draw = drawer(who, size, threads=options.threads, models=options.models)
    draw(batch)
    ready = time.perf_counter() - began
    for _ in range(WARM_UP):
        draw(batch)
    times, processor = _timed(lambda: draw(batch), options.seconds)
    from huohua.devices import peak_memory_bytes

    return Drawn(
        who=who,
        size=size,
        batch=batch,
        per_second=len(times) * batch / sum(times),
        per_core_second=len(times) * batch / processor,
        median_ms=statistics.median(times) * 1000,
        late_ms=statistics.quantiles(times, n=20, method="inclusive")[-1] * 1000,
        peak_memory_bytes=peak_memory_bytes(),
        ready_seconds=ready,
    )


def _timed(draw: Callable[[], object], seconds: float) -> tuple[Sequence[float], float]:
    """Return the seconds of each draw, and the processor seconds of all."""
    times: list[float] = []
    began, processor = time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds or len(times) < FEWEST:
        start = time.perf_counter()
        draw()
        times.append(time.perf_counter() - start)
    return times, time.process_time() - processor


def _firsts(options: argparse.Namespace) -> Iterator[First]:
    """Yield how long the first picture takes, everybody in turns."""
    place = options.models
    commands = {f"huohua create ({name})": _own_command(place, name) for name in ("torch", "onnx")}
    for name in _contestants(options)[0]:
        if name in PEERS:
            code = PEER_FIRST.format(folder=str(Path(__file__).parent), name=name, size=FIRST_SIZE)
            commands[f"{name} (a script)"] = [sys.executable, "-c", code]
    surroundings = {**os.environ, "OMP_NUM_THREADS": str(options.threads)}
    for _ in range(options.repeats):
        for who, command in commands.items():
            began, before = time.perf_counter(), _children_seconds()
            subprocess.run(command, cwd=place, env=surroundings, check=True, capture_output=True)
            processor = _children_seconds() - before
            yield First(who=who, seconds=time.perf_counter() - began, processor_seconds=processor)


def _own_command(place: Path, engine: str) -> list[str]:
    words = ["create", "image", "-m", str(place / str(FIRST_SIZE)), "--engine", engine, "--seed", "1"]
    return [sys.executable, "-m", "huohua", *words, "-o", str(place / "picture.png")]


def _children_seconds() -> float:
    """Return the processor time of all processes that this one started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def report(
    drawn: Sequence[Drawn], first: Sequence[First], left_out: Sequence[str], options: argparse.Namespace
) -> Sequence[str]:
    """Return the results as Markdown."""
    parts = [
        f"{options.threads} thread(s); medians of {options.repeats} processes. `torch`, `onnx`, `bf16` are "
        "the players of Huohua, which use one thread always; the first two draw 16 pictures one by one, as "
        "recipes ask for. *Late* is the slowest of twenty, *ready* includes imports and the first picture.",
        *left_out,
    ]
    heads = [
        "size",
        "batch",
        "who",
        "images/s",
        "per core-second",
        "median ms",
        "late ms",
        "memory",
        "ready s",
    ]
    parts.append(table(heads, [_row(group) for group in _groups(drawn)], words=3))
    if first:
        parts.append(f"## The first picture, {FIRST_SIZE} px, from the start of the process")
        names = dict.fromkeys(each.who for each in first)
        rows = [(who, [each for each in first if each.who == who]) for who in names]
        lines = [
            [
                who,
                f"{statistics.median(each.seconds for each in own):.2f}",
                f"{min(each.seconds for each in own):.2f}",
                f"{statistics.median(each.processor_seconds for each in own):.2f}",
            ]
            for who, own in rows
        ]
        parts.append(table(["who", "median s", "fastest s", "processor s"], lines))
    return parts


def _groups(drawn: Sequence[Drawn]) -> Iterator[Sequence[Drawn]]:
    """Yield the results of each contestant, size and batch, sizes first."""
    names = list(dict.fromkeys(each.who for each in drawn))
    keys = {(each.size, each.batch, names.index(each.who)) for each in drawn}
    for size, batch, number in sorted(keys):
        yield [each for each in drawn if (each.size, each.batch, each.who) == (size, batch, names[number])]


def _row(group: Sequence[Drawn]) -> Sequence[object]:
    def median(of: Callable[[Drawn], float]) -> float:
        return statistics.median(of(each) for each in group)

    return [
        f"{group[0].size} px",
        group[0].batch,
        group[0].who,
        f"{median(lambda each: each.per_second):.1f}",
        f"{median(lambda each: each.per_core_second):.1f}",
        f"{median(lambda each: each.median_ms):.1f}",
        f"{median(lambda each: each.late_ms):.1f}",
        f"{median(lambda each: each.peak_memory_bytes) / 1e9:.2f} GB",
        f"{median(lambda each: each.ready_seconds):.1f}",
    ]


def _contestants(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return who takes part, and a line for each who cannot."""
    from peers import installed

    wanted = options.contestants or [*PLAYERS, *(WAYS if options.ways else ()), *PEERS]
    here = [*PLAYERS, *WAYS, *installed()]
    lines = [f"{name} is not here: see `peers.md`." for name in wanted if name not in here]
    if shutil.which("g++") is None and shutil.which("clang++") is None:
        lines += [f"{name} is not here: no C++ compiler." for name in wanted if name.startswith("compiled")]
        here = [name for name in here if not name.startswith("compiled")]
    return [name for name in wanted if name in here], lines


def _turns(contestants: Sequence[str], options: argparse.Namespace) -> Iterator[tuple[str, int, int]]:
    for _ in range(options.repeats):
        for size in options.sizes:
            for batch in BATCHES:
                for who in contestants:
                    yield who, size, batch


def _one(who: str, size: int, batch: int, options: argparse.Namespace) -> Drawn:
    words = ["--worker", f"{who}:{size}:{batch}"]
    words += ["--threads", str(options.threads), "--seconds", str(options.seconds)]
    words += ["--models", str(options.models)]
    found = Drawn(**in_fresh_process(Path(__file__), words, threads=options.threads))
    print(
        f"{who:26} {size:4} px, batch {batch:2}  {found.per_second:7.1f} images/s"
        f"  {found.per_core_second:7.1f} per core-second  {found.peak_memory_bytes / 1e9:5.2f} GB",
        file=sys.stderr,
        flush=True,
    )
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--contestants", nargs="+", help="by default all players and peers")
    parser.add_argument("--ways", action="store_true", help="also other ways to compute the same network")
    parser.add_argument("--sizes", nargs="+", type=int, default=[64, 128, 256])
    parser.add_argument("--repeats", type=int, default=3, help="fresh processes for each number")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each process draws at least")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--no-first", action="store_true", help="leave out the first picture")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--models", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
