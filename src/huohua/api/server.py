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
from huohua.errors import StateError, UsageError
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
        StateError: the address is taken, or another server has the data folder open.
        StorageError: the data folder cannot be used.
    """
    token = checked_token(opening)
    with _listening(opening) as door:
        _serve(opening, door, token, on_open)


def _serve(opening: Opening, door: socket.socket, token: str, on_open: OnOpen) -> None:
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
    server = _Server(config, app, lambda: on_open(address_of(door), token))
    server.run([door])
    if not server.started:
        raise StateError("The server could not start.", advice="Its messages above say why.")


def _listening(opening: Opening) -> socket.socket:
    """Return a socket that listens; taken before anything else, so that a taken port costs nothing."""
    family = socket.AF_INET6 if ":" in opening.host else socket.AF_INET
    try:
        return socket.create_server((opening.host, opening.port), family=family, backlog=1024)
    except socket.gaierror as error:
        raise UsageError(
            f"There is no address '{opening.host}'.", advice="Give an address of this machine with --host."
        ) from error
    except OSError as error:
        raise StateError(
            f"The server cannot listen on {opening.host}, port {opening.port}: {error.strerror}.",
            advice="Choose another --port, or stop the program that uses this one.",
        ) from error


def address_of(door: socket.socket) -> str:
    """Return where a socket can be reached, as a URL."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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

    def __init__(self, config: uvicorn.Config, app: FastAPI, on_open: Callable[[], None]) -> None:
        super().__init__(config)
        self._app, self._on_open = app, on_open

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_open()

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.closing.set()
        super().handle_exit(sig, frame)
