"""The feed over HTTP, for a back office that would rather post than copy files."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

import msgspec
from quart import Blueprint, Quart, Response, current_app, request
from quart.wrappers import Request
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

from app.auth.access import back_office
from app.backoffice.command import REFUSED
from app.settings import PREFIX, Settings
from app.web.errors import problem_details

FEED_ADDRESS = "/api/v1/feed"
LARGEST_FEED = 200_000_000  # bytes; anything larger goes by the command
_PATIENCE_SECONDS = 60
_ROOT = str(Path(__file__).resolve().parents[2])  # where the package is found
_RETRY_SECONDS = 60

blueprint = Blueprint("backoffice", __name__)


class FeedRequest(Request):
    """A request that may be as large as a feed, at the feed's address only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        path = args[2] if len(args) > 2 else kwargs.get("path")
        if path == FEED_ADDRESS:
            kwargs["max_content_length"] = LARGEST_FEED
        super().__init__(*args, **kwargs)


@blueprint.record_once
def _allow_large_feeds(state: Any) -> None:
    portal: Quart = state.app
    portal.request_class = FeedRequest
    portal.extensions["feed_turn"] = asyncio.Lock()


@blueprint.post(FEED_ADDRESS)
@back_office
async def receive_feed() -> Response:
    """Take a feed (JSON Lines, PDFs inline) and answer with the report, docs/backoffice.md."""
    settings: Settings = current_app.extensions["settings"]
    settings.incoming_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=settings.incoming_folder, suffix=".jsonl") as spool:
        await _spool(spool)
        async with current_app.extensions["feed_turn"]:
            status, output = await _import(Path(spool.name), settings)
    if status == 0:
        return Response(output, 200, content_type="application/json")
    if status == REFUSED:
        return _refused(msgspec.json.decode(output))
    return _unavailable()


async def _spool(spool: IO[bytes]) -> None:
    """Write the body to a file as it comes in. Raises RequestEntityTooLarge, RequestTimeout."""
    size = 0
    body = aiter(request.body)
    while True:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                part = await anext(body, None)
        except TimeoutError:
            raise RequestTimeout from None
        if part is None:
            break
        size += len(part)
        if size > LARGEST_FEED:
            raise RequestEntityTooLarge
        await asyncio.to_thread(spool.write, part)
    spool.flush()


async def _import(feed: Path, settings: Settings) -> tuple[int, bytes]:
    """Import in a process of its own: status and output of ``app.backoffice.__main__``."""
    environment = {
        **os.environ,
        f"{PREFIX}DATABASE_URL": settings.database_url,
        "PYTHONPATH": os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH")))),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.backoffice",
        str(feed),
        str(settings.documents_folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()  # the sender has gone: what was not committed is forgotten
        await process.wait()
        raise
    return process.returncode or 0, output


def _refused(report: dict[str, Any]) -> Response:
    count = report["error_count"]
    detail = f"{count} error{'s' if count != 1 else ''}; see errors for the lines."
    return problem_details(422, "feed-refused", "The feed was refused", detail, report)


def _unavailable() -> Response:
    detail = "The database is busy or does not work. Nothing was stored: send the feed again later."
    response = problem_details(503, "feed-not-tried", "The feed could not be imported now", detail)
    response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response
