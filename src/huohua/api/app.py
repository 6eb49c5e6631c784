"""The application: a studio behind a gate, with every route, as FastAPI serves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from huohua.api.access import Gate, Rules
from huohua.api.problems import MEDIA, Problem, answer_problems
from huohua.api.routes import datasets, health, jobs, models, works
from huohua.studio.premises import Premises
from huohua.version import __version__

PREFIX = "/api"
ROUTERS = (health.router, models.router, works.router, datasets.router, jobs.router)


def build_app(premises: Premises, *, rules: Rules) -> FastAPI:
    """Return the application of a studio; its jobs begin when it starts and end with it.

    Args:
        premises: the studio, not yet open.
        rules: who may come in.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.closing = asyncio.Event()
        premises.open()
        try:
            yield
        finally:
            await run_in_threadpool(premises.close)

    app = FastAPI(
        title="Huohua",
        summary="Make works with models trained on your own works, and train such models.",
        version=__version__,
        lifespan=lifespan,
        openapi_url=f"{PREFIX}/openapi.json",
        # The usual pages of documentation load scripts from elsewhere; a studio works offline.
        docs_url=None,
        redoc_url=None,
        responses={
            kind: {"model": Problem, "description": "What is wrong, and what to do about it."}
            for kind in ("4XX", "5XX")
        },
    )
    app.state.premises = premises
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    answer_problems(app)
    app.add_middleware(Gate, rules=rules)
    document = app.openapi
    app.openapi = lambda: _with_problems(document())  # type: ignore[method-assign]
    return app


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """Say of which media type problems are: FastAPI gives those of a route to all its answers."""
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status in {"4XX", "5XX"}:
                    problem = next(iter(response["content"].values()))
                    response["content"] = {MEDIA: problem}
    return document
