"""The feed over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from quart import Quart
from structlog.testing import capture_logs

from app.backoffice import api
from app.dossiers.models import Dossier
from tests.unit.backoffice.feeds import DOSSIER, FAMILY, LETTER, PAYMENT, PDF, changed, feed
from tests.unit.conftest import BACK_OFFICE_KEY

KEY = {"Authorization": f"Bearer {BACK_OFFICE_KEY}"}


async def post(app: Quart, body: bytes, headers: dict[str, str] = KEY) -> tuple[Any, Any]:
    response = await app.test_client().post(api.FEED_ADDRESS, data=body, headers=headers)
    return response, await response.get_json()


async def test_a_feed_is_stored(app: Quart) -> None:
    response, report = await post(app, feed(*FAMILY))
    assert response.status_code == 200
    assert report["ok"]
    assert report["batches"][0]["outcome"] == "stored"
    assert await Dossier.all().count() == 1
    response, report = await post(app, feed(*FAMILY))
    assert report["batches"][0]["outcome"] == "unchanged"


async def test_a_refused_feed_is_told_as_a_problem(app: Quart) -> None:
    response, report = await post(app, feed(DOSSIER, changed(PAYMENT, "dossier", "D-9")))
    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    assert report["type"] == "urn:kinderbijslag:problem:feed-refused"
    assert (report["status"], report["error_count"]) == (422, 1)
    assert report["errors"] == [
        {"line": 3, "field": "/dossier", "reason": "no dossier is known by this name"}
    ]
    assert not await Dossier.exists()


async def test_a_path_is_not_possible(app: Quart, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    letter = changed(LETTER, "pdf", {"path": "a.pdf"})
    response, report = await post(app, feed(DOSSIER, letter))
    assert response.status_code == 422
    assert report["errors"][0]["field"] == "/pdf/path"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
async def test_without_a_key_nothing_is_read(app: Quart, headers: dict[str, str]) -> None:
    response, problem = await post(app, feed(DOSSIER), headers)
    assert (response.status_code, problem["status"]) == (401, 401)
    assert problem["title"] == "A key is needed"
    assert not await Dossier.exists()


async def test_a_feed_may_be_larger_than_a_form_and_not_endless(
    app: Quart, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = feed(*[{**DOSSIER, "number": f"D-{number}"} for number in range(200)])
    assert len(large) > app.config["MAX_CONTENT_LENGTH"]
    response, _ = await post(app, large)
    assert response.status_code == 200
    monkeypatch.setattr(api, "LARGEST_FEED", 1000)
    response, problem = await post(app, large)
    assert (response.status_code, problem["status"]) == (413, 413)
    assert problem["title"] == "The request is too large"


async def test_a_feed_that_stalls_is_given_up(
    app: Quart, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(api, "_PATIENCE_SECONDS", 0.05)
    with capture_logs() as logged:
        async with app.test_client().request(
            api.FEED_ADDRESS, method="POST", headers=KEY
        ) as sending:
            await sending.send(b'{"type": "batch"')
            await asyncio.sleep(0.3)
            await sending.send_complete()
        response = await sending.as_response()
    problem = await response.get_json()
    assert (response.status_code, problem["title"]) == (408, "The request came in too slowly")
    assert not [line for line in logged if line["log_level"] == "error"]
    assert list((tmp_path / "incoming").iterdir()) == []


async def test_a_feed_under_way_is_kept_beside_the_documents_for_our_eyes_alone(
    app: Quart, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[tuple[Path, int]] = []

    async def look(feed: Path, _settings: object) -> tuple[int, bytes]:
        mode = feed.stat().st_mode  # noqa: ASYNC240 (a test)
        seen.append((feed.parent, mode & 0o077))
        return 0, b"{}"

    monkeypatch.setattr(api, "_import", look)
    await post(app, feed(DOSSIER))
    assert seen == [(tmp_path / "incoming", 0)]
    assert (tmp_path / "incoming").stat().st_mode & 0o077 == 0


async def test_a_database_that_fails_is_told_as_unavailable(
    app: Quart, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "sqlite:////absent/portal.sqlite3"
    settings = app.extensions["settings"].model_copy(update={"database_url": url})
    monkeypatch.setitem(app.extensions, "settings", settings)
    response, problem = await post(app, feed(DOSSIER))
    assert (response.status_code, problem["type"]) == (
        503,
        "urn:kinderbijslag:problem:feed-not-tried",
    )
    assert response.headers["Retry-After"] == "60"


async def test_pages_are_served_while_a_feed_is_imported(app: Quart) -> None:
    payments = [{**PAYMENT, "reference": f"P-{number}"} for number in range(3_000)]
    importing = asyncio.create_task(post(app, feed(DOSSIER, *payments)))
    slowest, served = 0.0, 0
    clock = asyncio.get_running_loop().time
    while not importing.done():
        began = clock()
        response = await app.test_client().get("/healthz")
        assert response.status_code == 200
        slowest = max(slowest, clock() - began)
        served += 1
        await asyncio.sleep(0.005)
    assert (await importing)[0].status_code == 200
    assert served > 10
    assert slowest < 1.0
