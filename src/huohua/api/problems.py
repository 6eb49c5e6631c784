"""Errors as problem details: one JSON object with a title, a status, what is wrong and what to do about it.

The form is that of RFC 9457, "Problem Details for HTTP APIs".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from huohua.errors import (
    CheckpointError,
    DataError,
    HuohuaError,
    MissingDependencyError,
    MissingError,
    ModelError,
    StateError,
    StorageError,
    TrainingError,
    UsageError,
)
from huohua.logs import logger

# A class that is not here is answered as the nearest of its ancestors that is.
STATUS: Mapping[type[HuohuaError], int] = {
    HuohuaError: 500,
    UsageError: 422,
    DataError: 422,
    ModelError: 404,
    CheckpointError: 409,
    TrainingError: 500,
    MissingDependencyError: 501,
    StorageError: 507,
    MissingError: 404,
    StateError: 409,
}
MEDIA = "application/problem+json"
MOST_FAULTS = 20


class Fault(BaseModel):
    """One field of a request that does not fit."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong with a request.

    Attributes:
        type: about:blank, as the status says what kind of problem it is.
        title: the kind of problem in a word, such as "UsageError".
        status: the HTTP status.
        detail: what is wrong, in a sentence.
        advice: what to do about it; may be empty.
        faults: fields that do not fit, if it is about fields.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    advice: str = ""
    faults: list[Fault] = []


def problem(status: int, detail: str, **more: Any) -> Response:
    """Return an answer that says what is wrong."""
    body = Problem(status=status, detail=detail, title=more.pop("title", "Refused"), **more)
    headers = {"www-authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(body.model_dump(), status_code=status, media_type=MEDIA, headers=headers)


def status_of(error: HuohuaError) -> int:
    """Return the HTTP status that an error of ours is answered with."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def answer_problems(app: FastAPI) -> None:
    """Let an application answer every error as a problem."""
    app.add_exception_handler(HuohuaError, _known)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _surprise)


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, HuohuaError)  # noqa: S101, by registration
    kind = type(error).__name__
    return problem(status_of(error), error.message, advice=error.advice, title=kind)


def _unfit(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101, by registration
    # What came in is not sent back: it may be long, or no text at all.
    faults = [
        Fault(field=".".join(map(str, item["loc"]))[:200], message=str(item["msg"])[:500])
        for item in error.errors()[:MOST_FAULTS]
    ]
    return problem(422, "The request does not fit.", faults=faults, title="Unfit")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101, by registration
    return problem(error.status_code, str(error.detail), title="Refused")


def _surprise(request: Request, error: Exception) -> Response:
    logger("api").error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(
        500, "Something went wrong that should not have; the server's log says what.", title="Surprise"
    )
