"""How many works a second each preset learns from, and in how much memory, beside a plain DCGAN.

    python benchmarks/training_speed.py --threads 2

Every measurement is a fresh process (`taking_turns.py`). What is timed is rounds of the game: the works
taken from the dataset, both players' moves, and the optimisers; previews and checkpoints are not. The last
part says where a round's time goes in the first preset. The peers are in `training_against_peers.py`.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from contestants import PEERS, PLAIN
from fresh_process import in_fresh_process, tell
from results_page import Page, circumstances, table
from taking_turns import Measured, add_options, everyone, median_of, work

HEADS = (
    "size",
    "contestant",
    "batch",
    "works/s",
    "× dcgan-fp32",
    "× dcgan-bf16",
    "per core-second",
    "memory",
)


def main() -> None:
    """Measure, and write a table and the numbers behind it."""
    options = _arguments()
    if options.worker:
        work(options)
        return
    if options.profile:
        from where_time_goes import where_time_goes

        tell(where_time_goes(options.profile, options.sizes[0], options.threads, options.data))
        return
    made = circumstances()
    results, left_out = everyone(__file__, options)
    profile = None if options.no_profile else _profile(options)
    page = Page(name="training-speed", title="Training speed", made=made)
    page.add(
        "Medians over fresh processes that took turns; in brackets the lowest and the highest.",
        *left_out,
        comparison(results),
        *(profile_parts(profile) if profile else []),
    )
    record = {"measured": [asdict(each) for each in results], "profile": profile}
    print(page.write(options.out, record).read_text(encoding="utf-8"))


def comparison(results: Sequence[Measured]) -> str:
    """Return the results as a table: medians, their spread, and ratios to the plain DCGAN."""
    pairs = dict.fromkeys((each.size, each.contestant) for each in results)
    rows = [_row(results, name, size) for size, name in sorted(pairs, key=lambda pair: pair[0])]
    return table(HEADS, rows, words=2)


def _row(results: Sequence[Measured], name: str, size: int) -> list[str]:
    own = [each for each in results if (each.contestant, each.size) == (name, size)]
    speeds = [each.works_per_second for each in own]
    median = median_of(results, name, size, lambda each: each.works_per_second)
    others = [median_of(results, plain, size, lambda each: each.works_per_second) for plain in PLAIN]
    return [
        f"{size}",
        name,
        f"{own[0].batch}",
        f"{median:.1f} ({min(speeds):.1f}–{max(speeds):.1f})",
        *(f"{median / other:.2f}" if other == other else "–" for other in others),
        f"{median_of(results, name, size, lambda each: each.works_per_processor_second):.1f}",
        f"{median_of(results, name, size, lambda each: each.peak_memory_bytes) / 1e9:.2f} GB",
    ]


def profile_parts(profile: Mapping[str, Any]) -> list[str]:
    """Return where a round's time goes, in two tables."""
    whole = profile["round_ms"]
    parts = [[name, f"{spent:.1f}", f"{spent / whole:.0%}"] for name, spent in profile["parts_ms"].items()]
    steps = [
        [f"`{step['name']}`", f"{step['ms']:.1f}", f"{step['share']:.0%}", step["calls"]]
        for step in profile["steps"]
    ]
    return [
        f"## Where a round's time goes: `{profile['preset']}` at {profile['size']} px",
        f"A round of {profile['batch']} works takes {whole:.0f} ms.",
        table(["part", "ms", "share"], parts),
        "The steps that take most time by themselves (`torch.profiler`):",
        table(["step", "ms", "share", "calls"], steps),
    ]


def _profile(options: argparse.Namespace) -> dict[str, Any] | None:
    presets = [name for name in options.contestants if name not in (*PLAIN, *PEERS)]
    if not presets:
        return None
    words = ["--profile", presets[0], "--sizes", str(options.sizes[0]), "--data", options.data]
    return in_fresh_process(__file__, [*words, "--threads", str(options.threads)], threads=options.threads)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_options(parser, ["fast", "tiny", "quality", *PLAIN], batch=None)
    parser.add_argument("--no-profile", action="store_true")
    parser.add_argument("--profile", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
