"""How a route gets at the studio: it asks for a parameter of the type `Studio`."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends, Request

from huohua.studio.premises import Premises


def _studio(request: Request) -> Premises:
    found: Premises = request.app.state.premises
    return found


def closing(request: Request) -> asyncio.Event:
    """Return what is set as soon as the server begins to stop."""
    found: asyncio.Event = request.app.state.closing
    return found


Studio = Annotated[Premises, Depends(_studio)]
Closing = Annotated[asyncio.Event, Depends(closing)]
