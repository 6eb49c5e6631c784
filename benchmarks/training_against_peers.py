"""Training speed and memory beside `lightweight-gan`, `stylegan2-pytorch` and a plain DCGAN, in one run.

    python benchmarks/training_against_peers.py

All train at their own defaults, in the same batch, on the same works, on one thread, in fresh processes that
take turns (`taking_turns.py`). `peers.md` says how to install the two packages and what is run of them; one
that is not there is left out. Ratios are of works a second of processor time, so one core is compared with
one core. With three repetitions at three sizes this takes an hour: a round of the slowest peer takes one
minute.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from contestants import PEERS
from results_page import Page, circumstances, table
from taking_turns import Measured, add_options, everyone, median_of, work

# What is to be shown: at least so many times a peer's works a second, by size.
AIMS = {
    ("stylegan2-pytorch", 64): 10.0,
    ("lightweight-gan", 64): 20.0,
    ("stylegan2-pytorch", 128): 20.0,
    ("lightweight-gan", 128): 20.0,
    ("lightweight-gan", 256): 10.0,
}
MOST_MEMORY = {256: 2e9}  # bytes at batch 8, by size
# FastGAN is on no package index. It was measured once, in November 2026, on one thread of another machine
# (AMD EPYC with AVX-512), in the same batch of 8: works a second at 256 pixels, beside what lightweight-gan
# did there. Only the ratio of the two travels between machines.
FASTGAN, LIGHTWEIGHT_GAN_THERE, FASTGAN_AIM = 0.47, 0.36, 10.0


def main() -> None:
    """Measure, and write a table and the numbers behind it."""
    options = _arguments()
    if options.worker:
        work(options)
        return
    made = circumstances(*PEERS)
    results, left_out = everyone(__file__, options)
    ours = options.contestants[0]
    page = Page(name="training-against-peers", title="Training speed beside peers", made=made)
    page.add(
        f"Batch {results[0].batch}, {options.threads} thread(s). Medians over {options.repeats} fresh "
        "process(es) each, which took turns; in brackets the lowest and the highest. *Per core-second* is "
        "works a second of processor time.",
        *left_out,
        measurements(results),
        f"## Times as fast as the peers: `{ours}`",
        ratios(results, ours),
        fastgan(results, ours),
        "The peers' rounds are one batch each and count neither their loaders nor their pictures and "
        "checkpoints; our own presets' rounds include taking the works from the dataset. Our presets and "
        "`dcgan-bf16` compute in bfloat16, the peers in 32 bits, as each does by default.",
    )
    record = {"measured": [asdict(each) for each in results], "left_out": left_out}
    print(page.write(options.out, record).read_text(encoding="utf-8"))


def measurements(results: Sequence[Measured]) -> str:
    """Return speed and memory of each contestant at each size."""
    rows = []
    for size in sorted({each.size for each in results}):
        for name in dict.fromkeys(each.contestant for each in results if each.size == size):
            own = [each for each in results if (each.contestant, each.size) == (name, size)]
            speeds = [each.works_per_processor_second for each in own]
            speed = median_of(results, name, size, lambda each: each.works_per_processor_second)
            memory = median_of(results, name, size, lambda each: each.peak_memory_bytes)
            clock = median_of(results, name, size, lambda each: each.works_per_second)
            spread = f"{speed:.2f} ({min(speeds):.2f}–{max(speeds):.2f})"
            rows.append([size, name, spread, f"{clock:.2f}", f"{memory / 1e9:.2f} GB", own[0].rounds])
    return table(["size", "contestant", "per core-second", "works/s", "memory", "rounds"], rows, words=2)


def ratios(results: Sequence[Measured], ours: str) -> str:
    """Return how many times as fast we are as each other contestant, and whether that was the aim."""
    rows = []
    for size in sorted({each.size for each in results}):
        for name in dict.fromkeys(each.contestant for each in results if each.size == size):
            if name == ours:
                continue
            speed, memory = (
                [median_of(results, who, size, of) for who in (ours, name)]
                for of in (lambda each: each.works_per_processor_second, lambda each: each.peak_memory_bytes)
            )
            ratio, aim = speed[0] / speed[1], AIMS.get((name, size))
            verdict = "–" if aim is None else "yes" if ratio >= aim else "no"
            least = "–" if aim is None else f"{aim:g}"
            rows.append([size, name, f"{ratio:.1f}", least, verdict, f"{memory[0] / memory[1]:.2f}"])
    return table(["size", "peer", "times as fast", "aim", "reached", "memory, ours / theirs"], rows, words=2)


def fastgan(results: Sequence[Measured], ours: str) -> str:
    """Return what can be said of FastGAN, and of memory, at 256 pixels."""
    own = median_of(results, ours, 256, lambda each: each.works_per_processor_second)
    if own != own:
        return ""
    memory = median_of(results, ours, 256, lambda each: each.peak_memory_bytes)
    said = "under" if memory < MOST_MEMORY[256] else "not under"
    lines = [f"Peak memory of `{ours}` at 256 px is {memory / 1e9:.2f} GB, {said} 2 GB."]
    other = median_of(results, "lightweight-gan", 256, lambda each: each.works_per_processor_second)
    lines.append(
        f"FastGAN is on no package index and is not run here. Elsewhere, in a batch of 8 on one thread, it "
        f"made {FASTGAN} works/s at 256 px, {FASTGAN / LIGHTWEIGHT_GAN_THERE:.2f} times lightweight-gan's "
        f"{LIGHTWEIGHT_GAN_THERE} there."
    )
    if other == other:
        times = own / (other * FASTGAN / LIGHTWEIGHT_GAN_THERE)
        lines.append(f"By that ratio `{ours}` is {times:.1f} times as fast here (aim: {FASTGAN_AIM:g}).")
    return " ".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_options(parser, ["fast", "dcgan-fp32", "dcgan-bf16", *PEERS], batch=8)
    parser.epilog = (
        f"The first contestant is compared with the others. See {Path(__file__).with_name('peers.md').name}."
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
