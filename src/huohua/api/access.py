"""Who may come in: the host a request names, the page it comes from, the token it brings, and how long it is.

Pure ASGI, in front of everything, so that no route can forget it. A server on loopback wants no token, but
only its own pages may talk to it: any site that a person visits can send requests to 127.0.0.1.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from huohua.api.problems import problem

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
OPEN: Final = frozenset({"/api/health"})  # for whoever watches over the server
LONGEST_BODY: Final = 1024 * 1024
TOO_LONG: Final = f"A request may have {LONGEST_BODY:,} bytes."
# Nothing here is to be sniffed, framed, or kept by caches between.
HEADERS: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Who may come in.

    Attributes:
        hosts: names that the server goes by; any if empty, which only a server with a token may say.
        token: what each request must bring, if anything.
    """

    hosts: frozenset[str] = LOOPBACK
    token: str = ""

    def __post_init__(self) -> None:
        if not self.hosts and not self.token:
            raise ValueError("a server for any host needs a token")


class TooLongError(HTTPException):
    """More bytes came than were allowed."""

    def __init__(self) -> None:
        super().__init__(413, TOO_LONG)


class Gate:
    """ASGI middleware that turns away what the rules do not allow.

    Args:
        app: what stands behind it.
        rules: who may come in.
    """

    def __init__(self, app: ASGIApp, *, rules: Rules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refusal(scope["path"], headers)
        if refused is not None:
            await problem(refused[0], refused[1])(scope, receive, _with_headers(send))
            return
        await self._app(scope, _bounded(receive), _with_headers(send))

    def _refusal(self, path: str, headers: Headers) -> tuple[int, str] | None:
        host = _host(headers.get("host", ""))
        if self._rules.hosts and host not in self._rules.hosts:
            return 421, "This server does not go by that name."
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != headers.get("host"):
            return 403, "Pages of other sites may not talk to this server."
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
            return 403, "Pages of other sites may not talk to this server."
        if self._rules.token and path not in OPEN and not self._knows(headers.get("authorization", "")):
            return 401, "This server wants its token, as 'Authorization: Bearer TOKEN'."
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return 400, "That is no length of a body."
        if len(length) > 15 or int(length) > LONGEST_BODY:
            return 413, TOO_LONG
        return None

    def _knows(self, header: str) -> bool:
        scheme, _, word = header.partition(" ")
        # Compared in a time that tells nothing about how much of it was right.
        same = hmac.compare_digest(word.strip().encode(), self._rules.token.encode())
        return scheme.lower() == "bearer" and same


def _host(header: str) -> str:
    """Return the name in a Host header, without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0].lower()


def _bounded(receive: Receive) -> Receive:
    """Count the bytes that really come, whatever was announced."""
    seen = 0

    async def count() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LONGEST_BODY:
            raise TooLongError
        return message

    return count


def _with_headers(send: Send) -> Send:
    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            have = {name for name, _ in message.setdefault("headers", [])}
            message["headers"] = [
                *message["headers"],
                *((k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in have),
            ]
        await send(message)

    return add
