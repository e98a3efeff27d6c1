"""Is the process alive, and can it serve: for a proxy or an orchestrator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from quart import Blueprint, Response

Check = Callable[[], Awaitable[bool]]


def health_blueprint(checks: dict[str, Check]) -> Blueprint:
    """``/healthz`` (alive) and ``/readyz`` (all ``checks`` pass, else 503 with their names)."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    async def alive() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @blueprint.get("/readyz")
    async def ready() -> Response:
        failed = [name for name, check in checks.items() if not await check()]
        text = "ok\n" if not failed else "".join(f"{name}: not ready\n" for name in failed)
        return Response(text, 503 if failed else 200, content_type="text/plain; charset=utf-8")

    return blueprint
