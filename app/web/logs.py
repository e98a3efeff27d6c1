"""Structured logs: one line an event, with the request's number and without personal data."""

from __future__ import annotations

import logging
import sys
from time import perf_counter
from types import TracebackType
from typing import Any

import structlog
from quart import Quart, Response, g, request
from structlog.types import EventDict, Processor

from app.web.errors import new_reference

log = structlog.get_logger()

UNREMARKABLE = {"static_files.file", "health.alive", "health.ready"}  # logged when they fail
QUIET = ("tortoise", "tortoise.db_client", "asyncio", "aiosqlite", "hypercorn", "uvicorn.access")


def configure(log_format: str, level: str) -> None:
    """Send every log of this process to standard error, as JSON lines or as text.

    The libraries below us stay at warnings: at debug level they would write queries with the
    values in them.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _places_only,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[_first_line_only, *shared],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.INFO), force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _first_line_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Of a library's message the first line: asyncio writes the text of an error on the next."""
    event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _places_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Write where an error happened and of what type, never its text: that may hold data."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = _places(error.__traceback__)
    return event


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        file = "/".join(code.co_filename.split("/")[-2:])
        places.append(f"{file}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-12:]


def install(app: Quart) -> None:
    """Give each request a number and log its outcome: method, route, status, duration."""

    def log_exception(error: Any) -> None:  # Quart's own would write the address
        log.error("answer_failed", exc_info=error)

    app.log_exception = log_exception  # type: ignore[assignment,method-assign]

    @app.before_request
    async def begin() -> None:
        g.request_id = new_reference()
        g.started = perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    async def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint in UNREMARKABLE and response.status_code < 400:
            return response
        log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            ms=round((perf_counter() - g.get("started", perf_counter())) * 1000, 1),
        )
        return response
