"""Train a model on a person's own works: from a folder of pictures to a model that can be played."""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType
from typing import Any, Literal

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from huohua.adversarial.autoencoding import Autoencoder
from huohua.adversarial.events import Event, Listener, Warned
from huohua.adversarial.run import Budget, Run
from huohua.arts.image.datasets.dataset import ImageDataset, open_dataset
from huohua.arts.image.presets import Preset
from huohua.arts.image.training import Prepared, draw_sheet, prepare
from huohua.conditions.typical import typical
from huohua.devices import Precision, choose_device, choose_precision, choose_threads, usable_cores
from huohua.errors import TrainingError, UsageError
from huohua.files import storage_errors
from huohua.memory import keep_freed_memory
from huohua.randomness import numpy_generator
from huohua.studio.crowding import Crowding, may_adapt
from huohua.studio.event_log import EventLog
from huohua.studio.model import Model
from huohua.studio.plan import Plan, choose_preset, read_size
from huohua.studio.processes import accelerator
from huohua.studio.report import write_report
from huohua.studio.report_words import WORDS, Language
from huohua.studio.run_folder import alone, check_place, open_run_folder
from huohua.version import __version__
from huohua.zoo.card import write_card
from huohua.zoo.catalogue import remember
from huohua.zoo.format import EncoderConfig, ModelConfig, Training, save_model

OnPrepare = Callable[[int, int], None]
Arithmetic = Literal["fp32", "bf16", "fp16"]


def train(
    art: str,
    data: str | Path,
    *,
    preset: str = "fast",
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
    attributes: bool | None = None,
    name: str | None = None,
    licence: str | None = None,
    origin: str | None = None,
    language: Language = "en",
    tensorboard: bool = False,
    listeners: Sequence[Listener] = (),
    on_prepare: OnPrepare | None = None,
) -> Model:
    """Train a model, or go on with a run that was stopped, and return the model.

    Args:
        art: "image".
        data: a folder, zip, npz or IDX file of works, or the name of a dataset.
        preset: a name in the table of presets.
        size: side in pixels, or "WIDTHxHEIGHT"; the preset's own if absent.
        out: the run folder; `runs/<name>` if absent.
        kimg: budget in thousands of works shown.
        minutes: budget in minutes of training, earlier sessions included.
        seed: the same seed, data, settings and machine give the same weights.
        resume: go on with the run in the folder; if False an earlier run there is removed.
        threads: processor threads; if absent the free cores, and fewer while other programs need them.
        precision: arithmetic of the players.
        device: auto, cpu, cuda or mps.
        batch: works in a round; the preset's if absent.
        attributes: whether colours by place and looks are conditions; as the preset says if absent.
        name: the model's name; if absent the run's from its beginning, made from data, preset and size.
        licence: licence of the works, if it does not stand beside them.
        origin: where the works come from, likewise.
        language: language of the report, "en" or "zh".
        tensorboard: also write events for TensorBoard.
        listeners: called with every event.
        on_prepare: told (works done, works in all) while works are decoded.

    Raises:
        UsageError: an argument is wrong.
        DataError: the works cannot be used.
        CheckpointError: the folder holds another run, a damaged one, or one that is going on now.
        TrainingError: training failed again and again.
        StorageError: the disk is full or the folder cannot be written.
    """
    if art != "image":
        raise UsageError(f"Huohua cannot train '{art}' yet.", advice="It trains: image.")
    if language not in WORDS:
        raise UsageError(f"There is no report in '{language}'.", advice=f"Use one of: {', '.join(WORDS)}.")
    check_place(out, name)
    settings = choose_preset(preset, batch=batch)
    if attributes is not None:
        settings = settings.model_copy(update={"attributes": attributes})
    budget = _budget(kimg, minutes, settings)
    height, width = read_size(size, settings)
    team, arithmetic = _team(device, precision, choose_threads(threads))
    with team.main_process_first():
        works = open_dataset(
            data,
            height=height,
            width=width,
            channels=settings.channels,
            licence=licence,
            origin=origin,
            attributes=settings.attributes,
            on_progress=on_prepare,
        )
    plan = Plan(
        name=name or f"{works.name}-{preset}-{width}x{height}",
        data=str(data),
        fingerprint=works.fingerprint,
        preset=preset,
        settings=settings,
        height=height,
        width=width,
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
            known_as = _play(folder, plan, works, budget, team, listeners, may_adapt(threads))
        except TrainingError:
            # A run that failed needs its report more than any other.
            _report(folder, team, language)
            raise
        _report(folder, team, language)
    return Model(folder / "model", name=known_as)


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
    works: ImageDataset,
    budget: Budget,
    team: Accelerator,
    listeners: Sequence[Listener],
    adapt_threads: bool,
) -> str:
    """Build the game, go back to where the run was, play it to the end of its budget; return its name."""
    built = prepare(
        works, plan.settings, height=plan.height, width=plan.width, seed=plan.seed, device=team.device
    )
    keeper = Keeper(folder=folder, plan=plan, works=works, built=built)
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
            record=_facts(plan, works),
        )
        run.resume()
        _warn_of_crowding(run, [log, *listeners])
        with stopped_by_signals(run):
            run.go()
    team.wait_for_everyone()  # the main process has published the model by then
    return keeper.known_as


@dataclass(kw_only=True)
class Keeper:
    """What the engine asks of an art while a run goes on: figures, sheets, and the model folder.

    Attributes:
        known_as: the name that the model goes by in the catalogue, "" until it is there.
    """

    folder: Path
    plan: Plan
    works: ImageDataset
    built: Prepared
    known_as: str = ""

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        """Return figures of fixed probes."""
        return self.built.growth.measure(network)

    def preview(self, network: nn.Module, shown: int) -> str:
        """Draw the sheet of fixed samples; return its path in the run folder."""
        path = self.folder / "previews" / f"{shown:09d}.png"
        with storage_errors(path):
            draw_sheet(self.built.growth, network, path)
        return str(path.relative_to(self.folder))

    def publish(self, network: nn.Module, shown: int, seconds: float, figures: Mapping[str, float]) -> None:
        """Save the averaged generator as a model and enter it in the catalogue."""
        plan, settings = self.plan, self.plan.settings
        config = ModelConfig(
            art=plan.art,
            generator=settings.generator,
            settings=settings.generator_settings,
            latent=settings.latent,
            height=plan.height,
            width=plan.width,
            channels=settings.channels,
            conditions=self.works.conditions,
            typical=typical(
                self.works.condition_NC, self.works.conditions, numpy_generator(plan.seed, "typical")
            ),
            name=plan.name,
            trained=Training(
                data=self.works.name,
                licence=self.works.licence,
                origin=self.works.origin,
                works=len(self.works),
                shown=shown,
                seconds=round(seconds, 3),
                preset=plan.preset,
                version=__version__,
                created=datetime.now(timezone.utc).date().isoformat(),
                figures={name: round(value, 4) for name, value in figures.items() if math.isfinite(value)},
            ),
        )
        generator, encoder = network, None
        if isinstance(network, Autoencoder):
            generator, encoder = network.generator, _weights(network.encoder)
            kind = EncoderConfig(name=settings.encoder, settings=settings.encoder_settings)
            config = config.model_copy(update={"encoder": kind})
        weights, card = _weights(generator), write_card(config)
        save_model(self.folder / "model", config=config, weights=weights, card=card, encoder=encoder)
        if not self.known_as:
            self.known_as = remember(plan.name, self.folder / "model")


def _weights(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu() for name, tensor in network.state_dict().items()}


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


def _facts(plan: Plan, works: ImageDataset) -> dict[str, Any]:
    return {
        "name": plan.name,
        "data": works.name,
        "source": plan.data,
        "licence": works.licence,
        "origin": works.origin,
        "works": len(works),
        "left_out": len(works.problems),
        "preset": plan.preset,
        "size": f"{plan.width}x{plan.height}",
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
