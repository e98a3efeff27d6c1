from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
import structlog
from quart import Quart

from app.web import logs
from tests.unit.web.site import MARK, Boom, make_site

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def restored() -> Iterator[None]:
    """Logging as it was, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    kept = structlog.get_config()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**kept)


@pytest.fixture
def written(restored: None, monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """Standard error, caught."""
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


@pytest.fixture
def lines(written: StringIO) -> Lines:
    """What the process has logged as JSON."""
    logs.configure("json", "debug")
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


async def test_a_request_is_one_line_without_its_address(lines: Lines) -> None:
    client = make_site().test_client()
    await client.get(f"/pagina?zoek={MARK}", headers={"User-Agent": MARK, "Cookie": f"a={MARK}"})
    (line,) = lines()
    assert (line["event"], line["method"], line["route"]) == ("request", "GET", "/pagina")
    assert (line["status"], line["level"]) == (200, "info")
    assert isinstance(line["ms"], float)
    assert MARK not in json.dumps(line)


async def test_an_error_is_logged_by_its_place_and_never_its_text(lines: Lines) -> None:
    client = make_site().test_client()
    answer = await client.get(f"/stuk/{MARK}?naam={MARK}")
    failed, request = lines()
    assert (failed["event"], failed["error"]) == ("request_failed", "Boom")
    assert failed["request"] == request["request"] == answer.headers["X-Request-Id"]
    places = failed["at"]
    assert isinstance(places, list)
    assert places[-1].startswith("web/site.py:")
    assert places[-1].endswith(" broken")
    assert MARK not in json.dumps([failed, request])


@pytest.mark.parametrize("path", [f"/{MARK}", f"/api/{MARK}?x={MARK}", f"/pagina/{MARK}"])
async def test_an_address_that_does_not_exist_is_not_written_down(lines: Lines, path: str) -> None:
    await make_site().test_client().get(path)
    (line,) = lines()
    assert (line["route"], line["status"]) == (None, 404)
    assert MARK not in json.dumps(line)


async def test_a_form_is_not_written_down(lines: Lines) -> None:
    await make_site().test_client().post("/formulier", form={"nummer": MARK})
    assert MARK not in json.dumps(lines())


def test_libraries_log_in_the_same_shape_without_texts_of_errors(lines: Lines) -> None:
    try:
        raise Boom(MARK)
    except Boom:
        logging.getLogger("quart.app").exception("Exception on request")
    (line,) = lines()
    assert (line["event"], line["error"], line["level"]) == (
        "Exception on request",
        "Boom",
        "error",
    )
    assert MARK not in json.dumps(line)


async def test_a_task_that_nobody_waited_for_is_logged_without_its_text(lines: Lines) -> None:
    async def fail() -> None:
        raise Boom(MARK)

    loop = asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    loop.set_exception_handler(None)
    try:
        task = asyncio.create_task(fail())
        await asyncio.wait([task])
        del task
        gc.collect()
    finally:
        loop.set_exception_handler(handler)
    (line,) = lines()
    assert line["event"] == "Task exception was never retrieved"
    assert line["error"] == "Boom"
    assert MARK not in json.dumps(line)


def test_a_chained_error_leaks_nothing_either(lines: Lines) -> None:
    log = structlog.get_logger()
    try:
        try:
            raise Boom(MARK)
        except Boom as error:
            raise ValueError(MARK) from error
    except ValueError as error:
        log.error("failed", exc_info=error)
    log.error("failed_elsewhere", exc_info=True)
    assert MARK not in json.dumps(lines())


def test_queries_are_never_logged(lines: Lines) -> None:
    for name in ("tortoise", "tortoise.db_client", "aiosqlite", "asyncio"):
        logging.getLogger(name).debug("SELECT %s", MARK)
        logging.getLogger(name).info("SELECT %s", MARK)
    assert lines() == []


def test_below_the_level_nothing_is_logged(restored: None, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure("json", "warning")
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("heard")
    assert json.loads(stream.getvalue())["event"] == "heard"


def test_a_person_can_read_it_as_text(restored: None, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure("text", "info")
    structlog.get_logger().error("job_failed", exc_info=Boom(MARK))
    text = stream.getvalue()
    assert "job_failed" in text
    assert MARK not in text


async def test_health_and_files_are_logged_only_when_they_fail(app: Quart, lines: Lines) -> None:
    client = app.test_client()
    for path in ("/healthz", "/readyz", "/static/app.css"):
        await client.get(path)
    assert lines() == []
    await client.get("/static/bestaat-niet.css")
    assert [line["status"] for line in lines()] == [404]


async def test_an_error_while_answering_an_error_is_logged_by_its_place_too(
    app: Quart, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_arguments: object, **_named: object) -> None:
        raise Boom(MARK)

    monkeypatch.setattr("app.web.errors.page", fail)
    answer = await app.test_client().get(f"/{MARK}")
    assert answer.status_code == 500
    assert MARK not in await answer.get_data(as_text=True)
    assert "Boom" in {line.get("error") for line in lines()}
    assert MARK not in json.dumps(lines())
