"""Jobs: ordered, watched, paused, gone on with, cancelled and put in another order."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from huohua.api.entrance import Closing, Studio
from huohua.api.events import told
from huohua.api.schemas import Id, Job, JobEvent, Move
from huohua.studio.make import fixed
from huohua.studio.orders import AnyCreateOrder, TrainOrder

router = APIRouter(prefix="/jobs", tags=["jobs"])
Number = Annotated[int, Query(ge=0, lt=2**31)]


@router.post("/create", operation_id="order_artworks", status_code=202)
def order_works(order: AnyCreateOrder, studio: Studio) -> Job:
    """Order any number of works; each is in the gallery as soon as it is made."""
    return Job.of(studio.queue.add("create", fixed(order).model_dump(mode="json")))


@router.post("/train", operation_id="order_training", status_code=202)
def order_training(order: TrainOrder, studio: Studio) -> Job:
    """Order a training on one of the studio's datasets."""
    studio.dataset(order.dataset)
    return Job.of(studio.queue.add("train", order.model_dump(mode="json")))


@router.get("", operation_id="list_jobs")
def listing(studio: Studio) -> list[Job]:
    """List jobs: what is going on, then what waits in its order, then the others, newest first."""
    return [Job.of(row) for row in studio.queue.listing()]


@router.get("/{id}", operation_id="show_job")
def show(id: Id, studio: Studio) -> Job:
    """Show where a job stands."""
    return Job.of(studio.queue.get(id))


@router.get("/{id}/log", operation_id="job_log")
def log(id: Id, studio: Studio, after: Number = 0) -> list[JobEvent]:
    """Return the log of a job after a number."""
    studio.queue.get(id)
    return [JobEvent.of(row) for row in studio.queue.events(id, after=after)]


@router.get("/{id}/events", operation_id="watch_job", response_class=StreamingResponse)
def watch(
    id: Id,
    studio: Studio,
    closing: Closing,
    last_event_id: Annotated[int, Header(ge=0, lt=2**31)] = 0,
) -> StreamingResponse:
    """Send what happens in a job as server-sent events until it is over.

    `event: job` holds the job whenever it has changed, `event: log` a line of its log; the number of a line
    is its id, so that a watcher who was cut off gets the lines that were missed.
    """
    studio.queue.get(id)
    stream = told(studio.queue, id, after=last_event_id, closing=closing)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


@router.post("/{id}/pause", operation_id="pause_job")
def pause(id: Id, studio: Studio) -> Job:
    """Pause a job; one that is going on saves its state first."""
    return Job.of(studio.queue.ask(id, "pause"))


@router.post("/{id}/resume", operation_id="resume_job")
def resume(id: Id, studio: Studio) -> Job:
    """Go on with a paused or failed job."""
    return Job.of(studio.queue.resume(id))


@router.post("/{id}/cancel", operation_id="cancel_job")
def cancel(id: Id, studio: Studio) -> Job:
    """Cancel a job; what it has made stays."""
    return Job.of(studio.queue.ask(id, "cancel"))


@router.post("/{id}/move", operation_id="move_job")
def move(id: Id, move: Move, studio: Studio) -> list[Job]:
    """Move a waiting job in the queue, and return the queue."""
    return [Job.of(row) for row in studio.queue.move(id, before=move.before)]
