"""Whether the server can do its work; asked by whoever watches over it, without a token."""

from __future__ import annotations

from fastapi import APIRouter, Response

from huohua.api.entrance import Studio
from huohua.api.schemas import Health
from huohua.version import __version__

router = APIRouter(tags=["health"])


@router.get("/health", operation_id="health")
def health(studio: Studio, response: Response) -> Health:
    """Say whether the server and its database answer; 503 if not."""
    well = studio.database.answers()
    response.status_code = 200 if well else 503
    return Health(status="ok" if well else "failing", version=__version__, database=well)
