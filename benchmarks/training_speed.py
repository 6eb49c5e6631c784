"""How many works a second each preset learns from, and in how much memory, beside a plain DCGAN.

    python benchmarks/training_speed.py --threads 2

Every measurement is a fresh process. Contestants take turns, so that a machine that is busy for a
while is so for all of them, and medians are compared. What is timed is rounds of the game: the works
taken from the dataset, both players' moves, and the optimisers; previews and checkpoints are not.
The last part says where a round's time goes in the first preset.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

PLAIN = ("dcgan-fp32", "dcgan-bf16")
WARM_UP = 3
AT_LEAST = 8  # rounds, in steps of which penalties that are not played each round come due
ALL_DONE = 1_000_000_000  # works shown: everything that fades in counts in full


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


def main() -> None:
    """Measure, and write a table and the numbers behind it."""
    options = _arguments()
    if options.worker:
        name, size = options.worker.split(":")
        print(json.dumps(asdict(measure(name, int(size), options))))
        return
    if options.profile:
        from where_time_goes import where_time_goes

        print(json.dumps(where_time_goes(options.profile, options.sizes[0], options.threads, options.data)))
        return
    before = os.getloadavg()
    results = [_in_fresh_process(name, size, options) for name, size in _turns(options)]
    profile = _profile_in_fresh_process(options)
    facts = _facts(before)
    stem = Path(options.out) / f"{facts['date']}-training-speed"
    stem.parent.mkdir(parents=True, exist_ok=True)
    record = {"facts": facts, "measured": [asdict(each) for each in results], "profile": profile}
    stem.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    stem.with_suffix(".md").write_text(report(facts, results, profile), encoding="utf-8")
    print(stem.with_suffix(".md").read_text(encoding="utf-8"))


def measure(contestant: str, size: int, options: argparse.Namespace) -> Measured:
    """Time rounds of one contestant in this process."""
    import torch

    from huohua.devices import peak_memory_bytes

    torch.set_num_threads(options.threads)
    make = _plain if contestant in PLAIN else _preset
    batch, play_round = make(contestant, size, options)
    for _ in range(WARM_UP):
        play_round()
    rounds, wall, processor = 0, time.perf_counter(), time.process_time()
    while rounds % AT_LEAST or not rounds or time.perf_counter() - wall < options.seconds:
        play_round()
        rounds += 1
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return Measured(
        contestant=contestant,
        size=size,
        batch=batch,
        works_per_second=rounds * batch / wall,
        works_per_processor_second=rounds * batch / processor,
        peak_memory_bytes=peak_memory_bytes(),
        rounds=rounds,
    )


def _preset(name: str, size: int, options: argparse.Namespace) -> tuple[int, Callable[[], object]]:
    """Return the batch and a function that plays one round of a preset, as a run would."""
    from huohua.memory import keep_freed_memory

    keep_freed_memory()
    built, accelerator, batch = build(name, size, options.data)
    from huohua.adversarial.loop import play

    optimisers = {player: accelerator.prepare(each) for player, each in built.optimisers.items()}
    played = play(built.game, rounds_of(built.works, batch), optimisers, accelerator)
    return batch, lambda: next(played)


def build(name: str, size: int, data: str) -> tuple[Any, Any, int]:
    """Return a preset's game on some data, its Accelerator and its batch."""
    import torch

    from huohua.arts.image.datasets.dataset import open_dataset
    from huohua.arts.image.presets import PRESETS
    from huohua.arts.image.training import prepare
    from huohua.studio.processes import accelerator

    preset, device = PRESETS[name], torch.device("cpu")
    dataset = open_dataset(data, height=size, width=size, channels=preset.channels)
    built = prepare(dataset, preset, height=size, width=size, seed=0, device=device)
    return built, accelerator("bf16", device), preset.run.batch


def rounds_of(works: Any, batch: int) -> Iterator[Any]:
    """Yield rounds for ever, late in a run and with works augmented as they usually are."""
    from huohua.adversarial.game import Moment
    from huohua.adversarial.loop import Round
    from huohua.adversarial.sampling import order

    number = 0
    while True:
        moment = Moment(round=number, shown=ALL_DONE, strength=0.3)
        numbers = order(0, number * batch, batch, len(works))
        yield Round(moments=[moment], batches=[works.take(numbers, moment)])
        number += 1


def _plain(name: str, size: int, options: argparse.Namespace) -> tuple[int, Callable[[], object]]:
    """Return the batch and a function that plays one round of the plain DCGAN on the same works."""
    import numpy as np
    import torch
    from plain_dcgan import PlainDcgan

    from huohua.arts.image.datasets.dataset import open_dataset

    images_NHWC = open_dataset(options.data, height=size, width=size).images_NHWC
    torch.manual_seed(0)
    dice, game = np.random.default_rng(0), PlainDcgan(size, bfloat16=name == "dcgan-bf16")

    def play_round() -> float:
        chosen = np.array(images_NHWC[dice.integers(0, len(images_NHWC), options.batch)])
        real = torch.from_numpy(chosen).permute(0, 3, 1, 2).contiguous().float() / 127.5 - 1
        return game.step(real)

    return options.batch, play_round


def _turns(options: argparse.Namespace) -> Iterator[tuple[str, int]]:
    """Yield who is measured next: all sizes and contestants, then all again."""
    for _ in range(options.repeats):
        for size in options.sizes:
            for name in options.contestants:
                yield name, size


def _in_fresh_process(name: str, size: int, options: argparse.Namespace) -> Measured:
    result = Measured(**_run(options, "--worker", f"{name}:{size}"))
    print(
        f"{name:12} {size:4} px  {result.works_per_second:7.1f} works/s"
        f"  {result.peak_memory_bytes / 1e9:5.2f} GB",
        file=sys.stderr,
        flush=True,
    )
    return result


def _profile_in_fresh_process(options: argparse.Namespace) -> dict[str, Any] | None:
    presets = [name for name in options.contestants if name not in PLAIN]
    return _run(options, "--profile", presets[0]) if presets and not options.no_profile else None


def _run(options: argparse.Namespace, *role: str) -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__).resolve()), *role]
    command += ["--threads", str(options.threads), "--seconds", str(options.seconds)]
    command += ["--data", options.data, "--batch", str(options.batch), "--sizes", *map(str, options.sizes)]
    environment = {**os.environ, "OMP_NUM_THREADS": str(options.threads)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(role)} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(facts: Mapping[str, Any], results: Sequence[Measured], profile: Mapping[str, Any] | None) -> str:
    """Return the results as Markdown: medians, their spread, and ratios to the plain DCGAN."""
    lines = ["# Training speed", "", f"{facts['date']}, Huohua {facts['version']}. Command:", ""]
    lines += ["```bash", facts["command"], "```", "", f"Machine: {facts['machine']}.", ""]
    lines += ["Medians over fresh processes that took turns; in brackets the lowest and the highest.", ""]
    lines += [
        "| size | contestant | batch | works/s | × dcgan-fp32 | × dcgan-bf16 | per core-second | memory |"
    ]
    lines += ["| --: | --- | --: | --: | --: | --: | --: | --: |"]
    for size in sorted({each.size for each in results}):
        group = [each for each in results if each.size == size]
        lines += [_row(group, name) for name in dict.fromkeys(each.contestant for each in group)]
    lines += ["", *_profile_lines(profile)] if profile else []
    return "\n".join(lines) + "\n"


def _row(group: Sequence[Measured], name: str) -> str:
    own = [each for each in group if each.contestant == name]
    speeds = [each.works_per_second for each in own]
    median = statistics.median(speeds)
    ratios = []
    for plain in PLAIN:
        others = [each.works_per_second for each in group if each.contestant == plain]
        ratios.append(f"{median / statistics.median(others):.2f}" if others else "–")
    per_core = statistics.median(each.works_per_processor_second for each in own)
    memory = statistics.median(each.peak_memory_bytes for each in own) / 1e9
    return (
        f"| {own[0].size} | {name} | {own[0].batch} | {median:.1f} ({min(speeds):.1f}–{max(speeds):.1f})"
        f" | {ratios[0]} | {ratios[1]} | {per_core:.1f} | {memory:.2f} GB |"
    )


def _profile_lines(profile: Mapping[str, Any]) -> list[str]:
    lines = [f"## Where a round's time goes: `{profile['preset']}` at {profile['size']} px", ""]
    lines += [f"A round of {profile['batch']} works takes {profile['round_ms']:.0f} ms.", ""]
    lines += ["| part | ms | share |", "| --- | --: | --: |"]
    for part, spent in profile["parts_ms"].items():
        lines.append(f"| {part} | {spent:.1f} | {spent / profile['round_ms']:.0%} |")
    lines += ["", "The steps that take most time by themselves (`torch.profiler`):", ""]
    lines += ["| step | ms | share | calls |", "| --- | --: | --: | --: |"]
    for step in profile["steps"]:
        lines.append(f"| `{step['name']}` | {step['ms']:.1f} | {step['share']:.0%} | {step['calls']} |")
    return lines


def _facts(load_before: tuple[float, float, float]) -> dict[str, Any]:
    import torch

    from huohua.devices import look
    from huohua.version import __version__

    machine = look()
    return {
        "date": datetime.now(timezone.utc).date().isoformat(),
        "version": __version__,
        "command": " ".join(["python", "benchmarks/training_speed.py", *sys.argv[1:]]),
        "machine": f"{machine.processor}, {machine.cores} cores, {machine.memory_bytes / 1e9:.0f} GB, "
        f"{machine.system}, torch {torch.__version__}, Python {sys.version.split()[0]}, "
        f"bfloat16 in hardware: {'yes' if machine.fast_bfloat16 else 'no'}, "
        f"load before {load_before[0]:.1f}",
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--contestants", nargs="+", default=["fast", "tiny", "quality", *PLAIN])
    parser.add_argument("--sizes", nargs="+", type=int, default=[64, 128, 256])
    parser.add_argument("--repeats", type=int, default=3, help="fresh processes for each number")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each process plays")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=16, help="batch of the plain DCGAN")
    parser.add_argument("--data", default="sample", help="what is trained on; its content does not matter")
    parser.add_argument("--out", default="benchmarks/results")
    parser.add_argument("--no-profile", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--profile", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
