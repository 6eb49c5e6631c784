"""A small real image game, an accident that happens to it once, and a diary of what the run does about it.

Shared by `induced_collapse.py` and `induced_divergence.py`. The game learns the "sample" paintings at 32
pixels and runs on one free core in two minutes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from results_page import RESULTS, Page, circumstances, table
from torch import nn

from huohua.adversarial.augmentation import Adaptation
from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.events import Event, Measured, RolledBack, Saved, Warned, as_record
from huohua.adversarial.game import Batch, Moment
from huohua.adversarial.optimiser import OptimiserSettings
from huohua.adversarial.run import Budget, Run, RunSettings
from huohua.adversarial.schedule import ramp
from huohua.arts.image.datasets.dataset import open_dataset
from huohua.arts.image.presets import ImagePreset
from huohua.arts.image.training import Prepared, prepare
from huohua.devices import choose_precision
from huohua.memory import keep_freed_memory
from huohua.studio.processes import accelerator

SIDE = 32
Accident = Callable[[Run, Prepared, bool], None]  # (run, game, whether it happens now)


# Written out and not taken from the table, so that results of different days can be compared.
PRESET = ImagePreset(
    about="A small style generator against frozen ImageNet features, measured often.",
    generator="style",
    generator_settings={"widest": 64, "budget": 1024, "mapped": 64, "mapping_layers": 2},
    discriminator="projected",
    discriminator_settings={"look": SIDE, "head": 64, "pixels": 16},
    latent=64,
    size=SIDE,
    relative_clamp=0.8,
    duel=DuelSettings(loss="hinge", mode_seeking=1.0, fade=ramp(1, 4)),
    run=RunSettings(
        batch=16,
        average_half_life_kimg=0.1,
        tick_kimg=1.0,
        adaptation=Adaptation(start=0.3, minimum=0.1, maximum=0.9, kimg_to_full=100),
    ),
    generator_optimiser=OptimiserSettings(rate=2e-3),
    discriminator_optimiser=OptimiserSettings(rate=2e-4),
)


@dataclass(kw_only=True)
class Sabotaged:
    """The real works; taking those of the chosen moments sets off the accident, unless it is over."""

    works: Any
    happen: Callable[[bool], None]
    begin: int
    end: int
    over: bool = False

    def __len__(self) -> int:
        """Return the number of works."""
        return len(self.works)

    def take(self, numbers: NDArray[np.int64], moment: Moment) -> Batch:
        """Return the works, as they are; it is the game that is sabotaged."""
        self.happen(self.begin <= moment.shown < self.end and not self.over)
        batch: Batch = self.works.take(numbers, moment)
        return batch


@dataclass(kw_only=True)
class Diary:
    """Writes down, and prints, what happens."""

    events: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Take note of an event that belongs to the story."""
        if isinstance(event, (Measured, Warned, RolledBack)) or (isinstance(event, Saved) and event.good):
            self.events.append(as_record(event))
        if text := _in_words(event):
            self.say(f"{event.shown / 1000:6.2f} kimg  {event.seconds:4.0f} s  {text}")

    def say(self, line: str) -> None:
        """Print a line and keep it."""
        print(line, flush=True)
        self.lines.append(line)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the events of one kind."""
        return [event for event in self.events if event["kind"] == kind]


@dataclass(kw_only=True)
class _Watcher:
    """Measures as a run of pictures does, and leaves drawing and publishing aside."""

    prepared: Prepared

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        return self.prepared.growth.measure(network)

    def preview(self, network: nn.Module, shown: int) -> str:
        return ""

    def publish(self, network: nn.Module, shown: int, seconds: float, figures: Mapping[str, float]) -> None:
        return None


def arguments(text: str) -> argparse.Namespace:
    """Return what the person asked for on the command line."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--kimg", type=float, default=7.0, help="thousands of works in all")
    parser.add_argument("--at", type=float, default=3.2, help="thousands of works when the accident begins")
    parser.add_argument("--lasting", type=float, default=1.0, help="thousands of works that it lasts at most")
    parser.add_argument("--seed", type=int, default=0, help="everything random follows from it")
    parser.add_argument("--threads", type=int, default=1, help="processor threads")
    parser.add_argument("--out", type=Path, default=RESULTS, help="result folder")
    return parser.parse_args()


def play(options: argparse.Namespace, accident: Accident) -> tuple[Diary, Run]:
    """Play the small game with the accident in it; return the diary and the finished run."""
    options.made = circumstances()
    keep_freed_memory()
    torch.set_num_threads(options.threads)
    place = torch.device("cpu")
    diary = Diary()
    dataset = open_dataset("sample", height=SIDE, width=SIDE)
    prepared = prepare(dataset, PRESET, height=SIDE, width=SIDE, seed=options.seed, device=place)
    begin = round(options.at * 1000)
    works = Sabotaged(
        works=prepared.works,
        happen=lambda now: accident(run, prepared, now),
        begin=begin,
        end=begin + round(options.lasting * 1000),
    )

    def ends_with_the_roll_back(event: Event) -> None:
        if isinstance(event, RolledBack):
            works.over = True
            accident(run, prepared, False)

    with tempfile.TemporaryDirectory() as folder:
        run = Run(
            Path(folder),
            game=prepared.game,
            optimisers=prepared.optimisers,
            works=works,
            inspector=_Watcher(prepared=prepared),
            settings=PRESET.run,
            budget=Budget(shown=round(options.kimg * 1000)),
            seed=options.seed,
            accelerator=accelerator(choose_precision("auto", place), place),
            listeners=(diary, ends_with_the_roll_back),
        )
        run.go()
    return diary, run


def report(name: str, title: str, story: str, options: argparse.Namespace, diary: Diary, run: Run) -> bool:
    """Write the page and its record; return whether the run noticed, went back and recovered."""
    facts = _facts(options, diary, run)
    page = Page(name=name, title=title, made=options.made)
    page.add(
        story,
        f"{facts['seconds']} s, {facts['processor_seconds']} s of processor time in all, {options.threads} "
        "thread(s).",
        table(["", ""], _rows(facts), words=2),
        "Variety is the mean distance between features of samples, beside that of the real works, over all\n"
        "samples and within each label; the lesser of the two is given.",
        "```text\n" + "\n".join(diary.lines) + "\n```",
    )
    page.write(options.out, {**facts, "events": diary.events})
    diary.say("recovered" if facts["recovered"] else "NOT RECOVERED")
    return bool(facts["recovered"])


def _facts(options: argparse.Namespace, diary: Diary, run: Run) -> dict[str, Any]:
    measured = [(event["shown"], _variety(event["figures"])) for event in diary.of("measured")]
    backs = diary.of("rolled_back")
    at = options.at * 1000
    before = [variety for shown, variety in measured if shown <= at]
    after = measured[-1][1]
    return {
        "seconds": round(run.seconds),
        "processor_seconds": round(time.process_time()),
        "accident_kimg": options.at,
        "noticed_kimg": [event["shown"] / 1000 for event in diary.of("warned")],
        "noticed_as": [event["problem"] for event in diary.of("warned")],
        "went_back_to_kimg": [event["to_shown"] / 1000 for event in backs],
        "changes": [event["changes"] for event in backs],
        "variety_before": before[-1] if before else None,
        "variety_at_worst": min(variety for shown, variety in measured if shown > at),
        "variety_at_the_end": after,
        "recovered": bool(backs) and bool(before) and after > 0.8 * before[-1],
    }


def _rows(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("accident", f"from {facts['accident_kimg']:g} kimg"),
        ("noticed", _listed(facts["noticed_kimg"], facts["noticed_as"])),
        ("went back to", _listed(facts["went_back_to_kimg"])),
        ("changes", "; ".join(_changes(changes) for changes in facts["changes"])),
        ("variety before", f"{_share(facts['variety_before'])} of the real works'"),
        ("variety at worst", _share(facts["variety_at_worst"])),
        ("variety at the end", _share(facts["variety_at_the_end"])),
        ("recovered without a person", "yes" if facts["recovered"] else "no"),
    ]


def _in_words(event: Event) -> str:
    if isinstance(event, Measured):
        figures = event.figures
        over_all, within = (_share(figures.get(key)) for key in ("diversity_ratio", "diversity_within"))
        return f"measured: variety {over_all}, within a label {within}"
    if isinstance(event, Warned):
        return f"noticed {event.problem}: {event.message}"
    if isinstance(event, RolledBack):
        return f"went back to {event.to_shown / 1000:.2f} kimg; {_changes(event.changes)}"
    return ""


def _variety(figures: Mapping[str, float]) -> float:
    return min(figures["diversity_ratio"], figures.get("diversity_within", 1.0))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _changes(changes: Mapping[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} x {factor:g}" for name, factor in changes.items())


def _listed(kimg: list[float], names: list[str] | None = None) -> str:
    words = names or [""] * len(kimg)
    return (
        "; ".join(f"{each:g} kimg {word}".strip() for each, word in zip(kimg, words, strict=True)) or "never"
    )
