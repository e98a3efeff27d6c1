"""Who the visitor is behind proxies: as many hops are believed as the operator counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import structlog
from quart import Quart

log = structlog.get_logger()

Scope = dict[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]


def client_address(forwarded: str, hops: int, peer: str) -> str:
    """The visitor's address: the one that the outermost of our ``hops`` proxies saw.

    In: the X-Forwarded-For header; whatever stands further left was written by the visitor.
    """
    seen = [part.strip() for part in forwarded.split(",") if part.strip()]
    return seen[-hops] if hops and len(seen) >= hops else peer


@cache
def _warn_once() -> None:
    log.warning("forwarded_header_ignored", setting="KINDERBIJSLAG_PROXY_HOPS")


def behind_proxies(app: Quart, hops: int, *, secure: bool = False) -> None:
    """Have ``request.remote_addr`` be the visitor's address behind ``hops`` proxies.

    ``secure``: the portal is known by an https address, so the visitor came over https, whatever
    the last proxy speaks with us. A proxy that nobody counted is told to the log, once: all its
    visitors would share one address, and with it one rate limit.
    """
    inner: Asgi = app.asgi_app  # type: ignore[assignment]

    async def outer(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] in {"http", "websocket"} and scope.get("client"):
            lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
            if lines and not hops:
                _warn_once()
            forwarded = b",".join(lines).decode("latin-1")  # one list (RFC 9110, section 5.3)
            host, port = scope["client"]
            scope = {**scope, "client": (client_address(forwarded, hops, host), port)}
        if scope["type"] == "http" and secure:
            scope = {**scope, "scheme": "https"}
        await inner(scope, receive, send)

    app.asgi_app = outer  # type: ignore[method-assign,assignment]
