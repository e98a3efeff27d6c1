"""Real HTTP on this machine: limits hold, redirects are not followed, faults have one name."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from app.auth.oidc.transport import LARGEST_ANSWER, HttpTransport, TransportError, http_session


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A small server with bad habits."""

    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/echo", "Set-Cookie": "a=b"})

    async def echo(request: web.Request) -> web.Response:
        form = await request.post()
        return web.json_response(
            {"form": dict(form.items()), "cookie": request.headers.get("Cookie")}
        )

    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(2 * LARGEST_ANSWER // 65_536):
            await response.write(b"x" * 65_536)
        return response

    app = web.Application()
    app.router.add_route("*", "/redirect", redirect)
    app.router.add_route("*", "/echo", echo)
    app.router.add_route("*", "/flood", flood)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """The session that the portal would share."""
    async with http_session() as opened:
        yield opened


async def test_redirects_are_answers_and_cookies_are_forgotten(
    address: str, session: aiohttp.ClientSession
) -> None:
    transport = HttpTransport(session)
    assert (await transport.get(f"{address}/redirect", headers={})).status == 302
    answer = await transport.post(f"{address}/echo", form={"a": "é&="}, headers={})
    assert (answer.status, answer.media_type) == (200, "application/json")
    assert answer.body == b'{"form": {"a": "\\u00e9&="}, "cookie": null}'


@pytest.mark.parametrize("path", ["/flood", ":1/", "http://["])
async def test_a_fault_has_one_name(
    address: str, session: aiohttp.ClientSession, path: str
) -> None:
    where = path if path.startswith("http") else address.rpartition(":")[0] + path
    with pytest.raises(TransportError):
        await HttpTransport(session).get(
            f"{address}/flood" if path == "/flood" else where, headers={}
        )
