from __future__ import annotations

import asyncio

import pytest
from quart import Quart, Response, request

from app.web.proxy import behind_proxies, client_address

VISITOR, FAKE, PROXY = "203.0.113.7", "198.51.100.66", "10.0.0.2"


@pytest.mark.parametrize(
    ("forwarded", "hops", "address"),
    [
        ("", 0, PROXY),
        (VISITOR, 0, PROXY),
        ("", 1, PROXY),
        (VISITOR, 1, VISITOR),
        (f"{FAKE}, {VISITOR}", 1, VISITOR),
        (f"{FAKE}, {VISITOR}, 10.0.0.3", 2, VISITOR),
        (VISITOR, 2, PROXY),
        (f" , {VISITOR} ,", 1, VISITOR),
    ],
)
def test_as_many_hops_are_believed_as_the_operator_counted(
    forwarded: str, hops: int, address: str
) -> None:
    assert client_address(forwarded, hops, PROXY) == address


async def _seen(hops: int, headers: list[tuple[bytes, bytes]]) -> str:
    app = Quart(__name__, static_folder=None)

    @app.get("/")
    async def address() -> Response:
        return Response(request.remote_addr or "")

    behind_proxies(app, hops)
    told: list[bytes] = []

    waiting = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, object]:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop()

    async def send(message: dict[str, object]) -> None:
        body = message.get("body")
        told.append(body if isinstance(body, bytes) else b"")

    scope = {
        "type": "http",
        "http_version": "1.1",
        "asgi": {"spec_version": "2.1"},
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": (PROXY, 4711),
        "server": ("127.0.0.1", 8000),
    }
    await app(scope, receive, send)  # type: ignore[arg-type]
    return b"".join(told).decode()


async def test_the_portal_sees_the_visitor_and_not_the_proxy() -> None:
    assert await _seen(1, [(b"x-forwarded-for", VISITOR.encode())]) == VISITOR
    assert await _seen(0, [(b"x-forwarded-for", VISITOR.encode())]) == PROXY


async def test_several_header_lines_are_one_list() -> None:
    lines = [
        (b"x-forwarded-for", f"{FAKE}, {VISITOR}".encode()),
        (b"x-forwarded-for", b"10.0.0.3"),
    ]
    assert await _seen(2, lines) == VISITOR
