"""What goes in and out over HTTP, beside the orders of the studio; all of it is in the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from huohua.studio.database.tables import ArtworkRow, JobEventRow, JobRow

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}(-[0-9]{6})?$", max_length=48)]
State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]


class Out(BaseModel):
    """The base of what goes out."""

    model_config = ConfigDict(protected_namespaces=())


class In(BaseModel):
    """The base of what comes in: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid")


class Health(Out):
    """Whether the server can do its work."""

    status: Literal["ok", "failing"]
    version: str
    database: bool


class ModelSummary(Out):
    """What a list says about a model."""

    name: str
    art: str
    size: str
    data: str
    works: int
    shown: int
    created: str
    bundled: bool
    conditions: dict[str, int]


class ModelFacts(Out):
    """All that is known about a model."""

    name: str
    art: str
    frame: str
    bytes: int
    licence: str
    weights_sha256: str
    conditions: dict[str, list[str]]
    trained: dict[str, Any]


class Artwork(Out):
    """A work of the gallery; its content is at `file`."""

    id: str
    number: int
    art: str
    model: str
    title: str
    prompt: str
    favourite: bool
    bytes: int
    sha256: str
    created: datetime
    job: str | None
    recipe: dict[str, Any]
    file: str

    @classmethod
    def of(cls, row: ArtworkRow) -> Artwork:
        """Return a row as it goes out."""
        fields = {name: getattr(row, name) for name in cls.model_fields if name != "file"}
        # Where a model lies on the server is no business of whoever looks at a work.
        fields["recipe"] = {key: value for key, value in row.recipe.items() if key != "model_path"}
        return cls(**fields, file=f"/api/artworks/{row.id}/file")


class Created(Out):
    """Works that were just made and kept, and how the prompt was read."""

    artworks: list[Artwork]
    seed: int
    understood: list[str]
    ignored: list[str]


class Page(Out):
    """A page of the gallery; `next` is the `before` of the page that follows, if there is one."""

    artworks: list[Artwork]
    next: int | None


class Mark(In):
    """A mark on a work."""

    favourite: bool


class Job(Out):
    """A long task and where it stands."""

    id: str
    kind: str
    order: dict[str, Any]
    state: State
    wanted: str
    fraction: float | None
    seconds_left: float | None
    message: str
    result: dict[str, Any]
    created: datetime
    started: datetime | None
    ended: datetime | None

    @classmethod
    def of(cls, row: JobRow) -> Job:
        """Return a row as it goes out."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class JobEvent(Out):
    """A line of the log of a job."""

    number: int
    time: datetime
    kind: str
    message: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, row: JobEventRow) -> JobEvent:
        """Return a row as it goes out."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class Move(In):
    """Where a waiting job is to stand: before another one, or at the end."""

    before: Id | None = None
