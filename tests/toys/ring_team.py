"""Runs on the ring by two processes: `torchrun --nproc-per-node 2 -m toys.ring_team FOLDER`.

Each scenario leaves for each process a file of weights and one of plain facts, which a test compares.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import safetensors.torch

from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.events import Event, as_record
from huohua.adversarial.game import Moment
from huohua.adversarial.run import Run
from huohua.adversarial.schedule import constant
from huohua.errors import TrainingError, UsageError
from toys.ring import CLOUDS, RingInspector, RingWorks, plain_accelerator, rich_run, toy_duel, toy_run

LOSSES = ("hinge", "non_saturating")


def duel_run(folder: Path, loss: str, *, seed: int, **settings: Any) -> Run:
    """Return a run whose game is the same however its rounds are shared out.

    It learns by plain descent: Adam takes a full step along a gradient that is nothing but rounding.
    """
    rules = DuelSettings(loss=loss, r1=constant(0.5), mode_seeking=1e-3, penalty_every=2, fade=constant(0.5))
    duel = toy_duel(rules, condition=CLOUDS, seed=seed)
    return toy_run(folder, duel=duel, works=RingWorks(labelled=True), rate=0.05, plain=True, **settings)


def spoiling(rank: int, only: int, rounds: tuple[int, ...]) -> Callable[[Moment], float | None]:
    left = list(rounds)

    def spoil(moment: Moment) -> float | None:
        if rank == only and left and moment.round == left[0]:
            left.pop(0)
            return math.nan
        return None

    return spoil


def scenarios(folder: Path, rank: int) -> dict[str, Callable[..., Run]]:
    """Return runs by name, to be made with listeners; what differs between the processes stands here."""

    def late(**options: Any) -> Run:
        run = toy_run(folder / "late", shown=None, seconds=1000, **options)
        run.seconds = 1e6 * rank  # only the second process thinks that time is up
        return run

    def stopped(**options: Any) -> Run:
        def stop(moment: Moment) -> None:
            if rank == 1 and moment.round == 3:
                run.stop("interrupted")

        run = toy_run(folder / "stopped", works=RingWorks(on_take=stop), **options)
        return run

    def collapsing(**options: Any) -> Run:
        ratios = iter([0.8, 0.1, *[0.8] * 9] if rank == 0 else [])  # the second is never asked
        inspector = RingInspector(lambda network: {"diversity_ratio": next(ratios)})
        return toy_run(folder / "collapsing", tick_kimg=0.16, inspector=inspector, **options)

    def going_on(**options: Any) -> Run:
        run = rich_run(folder / "going on", path_length=False, **options)
        run.resume()
        return run

    return {
        # The second process begins with other weights, and is given those of the first.
        **{loss: partial(duel_run, folder / loss, loss, seed=rank) for loss in LOSSES},
        "rich": partial(rich_run, folder / "rich"),
        "late": late,
        "stopped": stopped,
        "nan": partial(toy_run, folder / "nan", works=RingWorks(on_take=spoiling(rank, 1, (14,)))),
        "hopeless": partial(
            toy_run, folder / "hopeless", works=RingWorks(on_take=spoiling(rank, 0, (2,) * 99)), shown=160
        ),
        "collapsing": collapsing,
        "going on": going_on,
        "uneven": partial(toy_run, folder / "uneven", batch=33),
    }


def play(name: str, make: Callable[..., Run], results: Path, rank: int) -> None:
    events: list[Event] = []
    facts: dict[str, Any] = {}
    try:
        run = make(listeners=(events.append,))
    except UsageError as error:
        facts["error"] = error.message
    else:
        try:
            facts["reason"] = run.go()
        except TrainingError as error:
            facts["error"] = error.message
        facts |= {"round": run.round, "dose": vars(run.health.dose), "strength": run.strength.strength}
        networks = {**run.game.players, "average": run.average.network}
        weights = {f"{n}.{k}": v for n, network in networks.items() for k, v in network.state_dict().items()}
        safetensors.torch.save_file(weights, results / f"{name}-{rank}.safetensors")
    facts["events"] = [as_record(event) for event in events]
    (results / f"{name}-{rank}.json").write_text(json.dumps(facts))


def main(folder: Path) -> None:
    accelerator = plain_accelerator()
    rank = accelerator.process_index
    for name, make in scenarios(folder, rank).items():
        play(name, make, folder, rank)
        accelerator.wait_for_everyone()
    accelerator.end_training()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
