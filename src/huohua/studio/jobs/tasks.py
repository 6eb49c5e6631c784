"""What each kind of job does, in a process of its own; to add one, write it here and one line in `TASKS`."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from huohua.adversarial.events import (
    Event,
    Finished,
    Measured,
    Previewed,
    Progress,
    Saved,
    Started,
    as_record,
)
from huohua.arts.table import ARTS
from huohua.errors import CheckpointError, DataError
from huohua.studio.database.gallery import written
from huohua.studio.database.tables import ArtworkRow
from huohua.studio.jobs.messages import Ended, Kept, Message, Noted, Stands, Task
from huohua.studio.opening import open_model
from huohua.studio.orders import TrainOrder, creation_from
from huohua.studio.playroom import listed
from huohua.studio.run_folder import alone
from huohua.studio.train import train

Tell = Callable[[Message], None]
Stopping = Callable[[], bool]
PATIENCE = 120.0  # seconds that a former process of the same job may take to end
COLUMNS = [
    column.key for column in ArtworkRow.__table__.columns if column.key not in {"number", "job", "created"}
]


def create_works(task: Task, tell: Tell, stopping: Stopping) -> Ended:
    """Make the works of an order and keep each as soon as it is made; those kept before are passed over."""
    place = task.runs / task.job
    _wait_for_former(place)
    with alone(place):
        ended = _create(task, tell, stopping)
    if ended.how == "done":
        place.rmdir()  # it was there to be held
    return ended


def _create(task: Task, tell: Tell, stopping: Stopping) -> Ended:
    order = creation_from(task.order)
    found = listed(order.model, art=task.order["art"])
    creation = order.creation(open_model(found.folder, name=found.name))
    suffix = ARTS[creation.model.config.art].suffixes[0]
    for regret in creation.reading.regrets():
        tell(Noted(kind="remark", message=regret))
    kept, began, made = set(task.kept), time.monotonic(), 0
    for index, work in enumerate(creation):
        if stopping():
            return Ended(how="stopped")
        id = f"{task.job}-{index:06d}"
        if id not in kept:
            row = written(work, task.works, suffix=suffix, id=id)
            tell(Kept(row={name: getattr(row, name) for name in COLUMNS}))
        made += 1
        left = (time.monotonic() - began) / made * (len(creation) - made)
        tell(Stands(fraction=made / len(creation), seconds_left=left, message=f"{made} of {len(creation)}"))
    return Ended(how="done", result={"works": made, "model": creation.model.name, "seed": creation.seed})


def train_model(task: Task, tell: Tell, stopping: Stopping) -> Ended:
    """Train a model in the run folder of the job, or go on with what is there."""
    order = TrainOrder.model_validate(task.order)
    data = task.datasets / order.dataset
    if not data.exists():
        raise DataError(f"The studio has no dataset '{order.dataset}'.", advice="Choose one that is listed.")
    _wait_for_former(task.runs / task.job)
    watcher = _Watcher(tell)
    wanted = order.model_dump(exclude={"art", "dataset"})
    model = train(
        order.art,
        data,
        **{"name": order.dataset, **{key: value for key, value in wanted.items() if value is not None}},
        out=task.runs / task.job,
        listeners=[watcher],
    )
    if watcher.reason == "interrupted":
        return Ended(how="stopped")
    return Ended(how="done", result={"model": model.name})


def _wait_for_former(folder: Path) -> None:
    """Wait until the process of a server that was killed has saved its state, as it does by itself.

    Raises:
        CheckpointError: it takes too long.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with alone(folder):
                return
        except CheckpointError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@dataclass
class _Watcher:
    """A listener that tells the foreman what happens in a training."""

    tell: Tell
    reason: str = ""
    begun: Started | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, Started):
            self.begun = event
        if isinstance(event, Finished):
            self.reason = event.reason
        if isinstance(event, Progress):
            self.tell(self._standing(event))
        elif not isinstance(event, Measured):  # figures come every few seconds; the report has them all
            self.tell(Noted(kind=event.kind, message=_sentence(event), facts=_finite(as_record(event))))

    def _standing(self, event: Progress) -> Stands:
        message = f"{event.shown / 1000:,.1f} thousand works shown"
        total = self.begun
        if total is None or not (total.total_shown or total.total_seconds):
            return Stands(message=message)
        fractions, left = [], []
        if total.total_shown:
            fractions.append(event.shown / total.total_shown)
            if event.speed > 0 and math.isfinite(event.speed):
                left.append((total.total_shown - event.shown) / event.speed)
        if total.total_seconds:
            fractions.append(event.seconds / total.total_seconds)
            left.append(total.total_seconds - event.seconds)
        # Whichever budget is used up first ends it.
        seconds = max(0.0, min(left)) if left else None
        return Stands(fraction=max(fractions), seconds_left=seconds, message=message)


def _sentence(event: Event) -> str:
    if isinstance(event, (Saved, Previewed)):
        return event.path
    return " ".join(filter(None, (getattr(event, "message", ""), getattr(event, "remedy", ""))))


def _finite(value: object) -> dict[str, object]:
    def clean(item: object) -> object:
        if isinstance(item, Mapping):
            return {str(key): clean(inner) for key, inner in item.items()}
        if isinstance(item, (list, tuple)):
            return [clean(inner) for inner in item]
        if isinstance(item, float) and not math.isfinite(item):
            return None
        return item if isinstance(item, (str, int, float, bool, type(None))) else str(item)

    cleaned = clean(value)
    return cleaned if isinstance(cleaned, dict) else {}


TASKS: Mapping[str, Callable[[Task, Tell, Stopping], Ended]] = {"create": create_works, "train": train_model}
