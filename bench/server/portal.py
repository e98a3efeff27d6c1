"""The portal under every server alike, with one slow address of the measurement's own."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from app import create_app, server
from app.settings import load_settings
from app.web import logs

from . import SLOW, SLOW_SECONDS

_settings = load_settings()
logs.configure(_settings.log_format, _settings.log_level)
_portal = create_app(_settings)


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The portal; at the slow address an answer after two seconds."""
    if scope["type"] != "http" or scope["path"] != SLOW:
        await _portal(scope, receive, send)  # type: ignore[arg-type]
        return
    await asyncio.sleep(SLOW_SECONDS)
    headers = [(b"content-length", b"2"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


def main() -> None:
    """Serve as ``kinderbijslag serve`` does, with uvicorn's own interface."""
    served = server.Served(app, "127.0.0.1", int(os.environ["BENCH_PORT"]))
    asyncio.run(server.serve([served]))


if __name__ == "__main__":
    main()
