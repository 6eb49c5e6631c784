"""Train a model on a person's own works: from a folder of them to a model that can be played."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any, Literal

import torch
from accelerate import Accelerator

from huohua.adversarial.events import Event, Listener, Warned
from huohua.adversarial.run import Budget, Run
from huohua.arts.preset import Preset
from huohua.arts.table import ARTS
from huohua.arts.workshop import Workshop
from huohua.devices import Precision, choose_device, choose_precision, choose_threads, usable_cores
from huohua.errors import TrainingError, UsageError
from huohua.memory import keep_freed_memory
from huohua.studio.crowding import Crowding, may_adapt
from huohua.studio.event_log import EventLog
from huohua.studio.keeper import Keeper
from huohua.studio.model import Model
from huohua.studio.opening import open_model
from huohua.studio.plan import Plan, choose_preset
from huohua.studio.processes import accelerator
from huohua.studio.report import write_report
from huohua.studio.report_words import WORDS, Language
from huohua.studio.run_folder import alone, check_place, open_run_folder
from huohua.version import __version__

OnPrepare = Callable[[int, int], None]
Arithmetic = Literal["fp32", "bf16", "fp16"]


def train(
    art: str,
    data: str | Path,
    *,
    preset: str | None = None,
    size: int | str | None = None,
    out: str | Path | None = None,
    kimg: float | None = None,
    minutes: float | None = None,
    seed: int = 0,
    resume: bool = True,
    threads: int | None = None,
    precision: Precision = "auto",
    device: str = "auto",
    batch: int | None = None,
    name: str | None = None,
    licence: str | None = None,
    origin: str | None = None,
    language: Language = "en",
    tensorboard: bool = False,
    listeners: Sequence[Listener] = (),
    on_prepare: OnPrepare | None = None,
    **settings: Any,
) -> Model:
    """Train a model, or go on with a run that was stopped, and return the model.

    Args:
        art: what the works are: "image", "music" or "text".
        data: a folder or file of works, or the name of a dataset.
        preset: a name in the art's table of presets; the usual one if absent.
        size: of a work, as the art measures it: for pictures the side in pixels or "WIDTHxHEIGHT", for music
            bars; the preset's own if absent.
        out: the run folder; `runs/<name>` if absent.
        kimg: budget in thousands of works shown.
        minutes: budget in minutes of training, earlier sessions included.
        seed: the same seed, data, settings and machine give the same weights.
        resume: go on with the run in the folder; if False an earlier run there is removed.
        threads: processor threads; if absent the free cores, and fewer while other programs need them.
        precision: arithmetic of the players.
        device: auto, cpu, cuda or mps.
        batch: works in a round; the preset's if absent.
        name: the model's name; if absent the run's from its beginning, made from data, preset and size.
        licence: licence of the works, if it does not stand beside them.
        origin: where the works come from, likewise.
        language: language of the report, "en" or "zh".
        tensorboard: also write events for TensorBoard.
        listeners: called with every event.
        on_prepare: told (works done, works in all) while works are decoded.
        **settings: settings of the preset that are to be otherwise, such as `attributes=True` for pictures;
            what is None stays as the preset says.

    Raises:
        UsageError: an argument is wrong.
        DataError: the works cannot be used.
        CheckpointError: the folder holds another run, a damaged one, or one that is going on now.
        TrainingError: training failed again and again.
        StorageError: the disk is full or the folder cannot be written.
    """
    if art not in ARTS:
        raise UsageError(f"Huohua cannot train '{art}'.", advice=f"It trains: {', '.join(ARTS)}.")
    if language not in WORDS:
        raise UsageError(f"There is no report in '{language}'.", advice=f"Use one of: {', '.join(WORDS)}.")
    check_place(out, name)
    changes = {key: value for key, value in settings.items() if value is not None}
    preset = preset or ARTS[art].usual_preset
    chosen = choose_preset(art, preset, batch=batch, changes=changes)
    budget = _budget(kimg, minutes, chosen)
    frame = ARTS[art].frame(size, chosen)
    team, arithmetic = _team(device, precision, choose_threads(threads))
    with team.main_process_first():
        workshop = ARTS[art].open_workshop(
            data, preset=chosen, frame=frame, licence=licence, origin=origin, on_progress=on_prepare
        )
    plan = Plan(
        art=art,
        name=name or f"{workshop.name}-{preset}-{frame.size}",
        data=str(data),
        fingerprint=workshop.fingerprint,
        preset=preset,
        settings=chosen,
        frame=workshop.frame,
        seed=seed,
        precision=arithmetic,
        version=__version__,
    )
    folder = Path(out).expanduser() if out is not None else Path("runs") / plan.name
    if tensorboard:
        listeners = [_tensorboard(folder), *listeners]
    with alone(folder) if team.is_main_process else nullcontext():
        if team.is_main_process:
            begun = open_run_folder(folder, plan, resume=resume)
            plan = plan if name else begun
        team.wait_for_everyone()
        try:
            known_as = _play(folder, plan, workshop, budget, team, listeners, may_adapt(threads))
        except TrainingError:
            # A run that failed needs its report more than any other.
            _report(folder, team, language)
            raise
        _report(folder, team, language)
    return open_model(folder / "model", name=known_as)


def _team(device: str, precision: Precision, threads: int) -> tuple[Accelerator, Arithmetic]:
    """Set up threads, memory, device and processes; return the Accelerator and the arithmetic chosen."""
    place = choose_device(device)
    arithmetic = choose_precision(precision, place)
    keep_freed_memory()
    torch.set_num_threads(threads)
    return accelerator(arithmetic, place), arithmetic


def _play(
    folder: Path,
    plan: Plan,
    workshop: Workshop,
    budget: Budget,
    team: Accelerator,
    listeners: Sequence[Listener],
    adapt_threads: bool,
) -> str:
    """Build the game, go back to where the run was, play it to the end of its budget; return its name."""
    built = workshop.prepare(seed=plan.seed, device=team.device)
    keeper = Keeper(folder=folder, plan=plan, workshop=workshop)
    with EventLog(folder / "events.jsonl") as log:
        run = Run(
            folder,
            game=built.game,
            optimisers=built.optimisers,
            works=built.works,
            inspector=keeper,
            settings=plan.settings.run,
            budget=budget,
            seed=plan.seed,
            accelerator=team,
            listeners=[log, *listeners, Crowding([log, *listeners], adapt=adapt_threads)],
            record=_facts(plan, workshop),
        )
        run.resume()
        _warn_of_crowding(run, [log, *listeners])
        with stopped_by_signals(run):
            run.go()
    team.wait_for_everyone()  # the main process has published the model by then
    return keeper.known_as


@contextmanager
def stopped_by_signals(run: Run) -> Iterator[None]:
    """Within this block Ctrl-C and a polite kill end the run after its round, saved; a second one at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        run.stop("interrupted")
        signal.signal(number, before[number])

    before: dict[int, Any] = {}
    for number in (int(signal.SIGINT), int(signal.SIGTERM)):
        before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _budget(kimg: float | None, minutes: float | None, preset: Preset) -> Budget:
    for option, value in (("--kimg", kimg), ("--minutes", minutes)):
        if value is not None and not 0 < value < 1e9:
            raise UsageError(f"{option} {value} is no budget.", advice="Give a number above 0.")
    if kimg is None and minutes is None:
        kimg = preset.kimg
    return Budget(
        shown=None if kimg is None else max(1, round(kimg * 1000)),
        seconds=None if minutes is None else minutes * 60,
    )


def _report(folder: Path, team: Accelerator, language: Language) -> None:
    if team.is_main_process:
        write_report(folder, lang=language)


def _facts(plan: Plan, workshop: Workshop) -> dict[str, Any]:
    return {
        "name": plan.name,
        "data": workshop.name,
        "source": plan.data,
        "licence": workshop.licence,
        "origin": workshop.origin,
        "works": len(workshop),
        "left_out": workshop.left_out,
        "preset": plan.preset,
        "size": plan.frame.size,
        "batch": plan.settings.run.batch,
        "precision": plan.precision,
        "threads": torch.get_num_threads(),
        "seed": plan.seed,
        "version": plan.version,
    }


def _tensorboard(folder: Path) -> Listener:
    from huohua.studio.tensorboard import TensorBoardListener

    return TensorBoardListener(folder)


def _warn_of_crowding(run: Run, listeners: Sequence[Listener]) -> None:
    """Tell listeners if more threads were asked for than there are cores, which is many times slower."""
    threads, cores = torch.get_num_threads(), usable_cores()
    if threads <= cores or not run.accelerator.is_main_process:
        return
    event: Event = Warned(
        seconds=run.seconds,
        shown=run.shown,
        round=run.round,
        problem="threads",
        message=f"{threads} threads share {cores} cores, so each waits for the others.",
        remedy=f"Use --threads {cores} or fewer.",
    )
    for listener in listeners:
        listener(event)
