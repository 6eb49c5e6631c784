"""The server: one process that listens on one address until it is asked to stop."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI
from typing_extensions import override

from huohua.api.access import LOOPBACK, Rules
from huohua.api.app import build_app
from huohua.errors import StorageError, UsageError
from huohua.studio.premises import Premises

PARTING = 5  # seconds that requests may take to end when the server stops
SHORTEST_TOKEN = 16


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Where a server listens and who may come in.

    Attributes:
        host: an address of this machine.
        port: 0 for any that is free.
        data: the data folder.
        database: the address of a database; a file in the data folder if absent.
        token: what requests must bring; made afresh if absent and the host is not loopback.
    """

    host: str
    port: int
    data: Path
    database: str = ""
    token: str = ""


OnOpen = Callable[[str, str], None]


def serve(opening: Opening, *, on_open: OnOpen) -> None:
    """Serve until SIGINT or SIGTERM; then end requests, let the job save its state, and return.

    Args:
        opening: where, and for whom.
        on_open: told the address and the token, which may be empty, once requests are answered.

    Raises:
        UsageError: the token is too short.
        StateError: another server has the data folder open.
        StorageError: the address is taken, or the data folder cannot be used.
    """
    token = checked_token(opening)
    local = opening.host in LOOPBACK
    rules = Rules(hosts=LOOPBACK if local else frozenset(), token=token)
    premises = Premises(opening.data, database=opening.database)
    app = build_app(premises, rules=rules)
    config = uvicorn.Config(
        app,
        host=opening.host,
        port=opening.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PARTING,
        limit_concurrency=200,
    )
    server = _Server(config, app, lambda address: on_open(address, token))
    server.run()
    if not server.started:
        raise StorageError(
            f"The server cannot listen on {opening.host}, port {opening.port}.",
            advice="Choose another --port, or stop the program that uses this one.",
        )


def checked_token(opening: Opening) -> str:
    """Return the token of a server: the given one, a fresh one where one is needed, or none on loopback.

    Raises:
        UsageError: the given one can be guessed.
    """
    if opening.token:
        if len(opening.token) < SHORTEST_TOKEN or not opening.token.isascii():
            raise UsageError(
                "This token can be guessed.", advice=f"Use {SHORTEST_TOKEN} or more letters and digits."
            )
        return opening.token
    return "" if opening.host in LOOPBACK else secrets.token_urlsafe(32)


class _Server(uvicorn.Server):
    """A server that says where it listens, and tells watchers that it stops before it waits for them."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, on_open: Callable[[str], None]) -> None:
        super().__init__(config)
        self._app, self._on_open = app, on_open

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            self._on_open(f"http://{shown}:{port}")

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.closing.set()
        super().handle_exit(sig, frame)
