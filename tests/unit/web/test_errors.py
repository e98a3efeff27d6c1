from __future__ import annotations

import pytest
from quart import Quart
from structlog.testing import capture_logs

from app import database
from app.web.errors import Problem
from tests.cast import SOFIE
from tests.unit.conftest import Visitor
from tests.unit.web.site import MARK, make_site

JSON = {"Accept": "application/json"}


async def test_a_person_gets_a_page_and_a_way_on() -> None:
    answer = await make_site().test_client().get("/bestaat-niet", headers={"Accept": "text/html"})
    html = await answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet" in html
    assert 'href="/contact"' in html


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/bestaat-niet", JSON),
        ("/bestaat-niet", {"Accept": "application/problem+json"}),
        ("/api/bestaat-niet", {}),
        ("/api/bestaat-niet", {"Accept": "text/html"}),
    ],
)
async def test_a_program_gets_problem_details(path: str, headers: dict[str, str]) -> None:
    answer = await make_site().test_client().get(path, headers=headers)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    body = await answer.get_json()
    assert set(body) == {"type", "title", "status", "detail", "instance"}
    assert body["status"] == 404
    assert body["instance"] == f"urn:request:{answer.headers['X-Request-Id']}"


async def test_a_program_of_others_is_answered_in_english_and_a_page_of_ours_in_dutch() -> None:
    client = make_site().test_client()
    foreign = await (await client.get("/api/bestaat-niet")).get_json()
    ours = await (await client.get("/bestaat-niet", headers=JSON)).get_json()
    assert foreign["title"] == "There is no such address"
    assert ours["title"] == "Deze pagina bestaat niet"
    assert foreign["type"] == ours["type"] == "urn:kinderbijslag:problem:not-found"


async def test_a_browser_that_also_takes_json_is_a_person() -> None:
    headers = {"Accept": "text/html,application/json;q=0.9"}
    answer = await make_site().test_client().get("/bestaat-niet", headers=headers)
    assert answer.mimetype == "text/html"


@pytest.mark.parametrize("path", ["/stuk/x", "/api/stuk"])
async def test_what_nobody_foresaw_tells_no_details(path: str) -> None:
    answer = await make_site().test_client().get(path)
    text = await answer.get_data(as_text=True)
    assert answer.status_code == 500
    told = "Something went wrong here" if path == "/api/stuk" else "Er ging iets mis bij ons"
    assert told in text
    assert answer.headers["X-Request-Id"] in text
    assert MARK not in text
    assert "Boom" not in text
    assert "Traceback" not in text


async def test_a_method_that_does_not_fit_names_those_that_do() -> None:
    answer = await make_site().test_client().post("/pagina")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "Dat kan hier niet" in await answer.get_data(as_text=True)


async def test_too_large_a_form_is_refused() -> None:
    answer = await make_site().test_client().post("/formulier", form={"tekst": "x" * 200})
    assert answer.status_code == 413
    assert "Dit is te groot" in await answer.get_data(as_text=True)


async def test_too_many_requests_say_when_to_come_back() -> None:
    client = make_site(limits=True).test_client()
    answers = [await client.get("/druk") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert "U probeert het te vaak na elkaar" in await answers[2].get_data(as_text=True)
    problem = await client.get("/druk", headers=JSON)
    assert (await problem.get_json())["type"] == "urn:kinderbijslag:problem:too-many-requests"


async def test_limits_can_be_off() -> None:
    client = make_site().test_client()
    assert {(await client.get("/druk")).status_code for _ in range(5)} == {200}


def test_a_problem_prints_its_kind_alone() -> None:
    assert str(Problem.bad_request(MARK)) == "bad-request"


async def test_when_the_database_is_gone_people_still_get_a_page(
    app: Quart, visitor: Visitor
) -> None:
    sofie, nobody = await visitor(SOFIE), await visitor()
    await database.connection().execute_script(
        "PRAGMA foreign_keys = OFF; DROP TABLE session; DROP TABLE incident; DROP TABLE letter;"
    )
    with capture_logs():
        for client in (sofie, nobody):
            answer = await client.get("/overzicht" if client is sofie else "/bestaat-niet")
            html = await answer.get_data(as_text=True)
            assert "</html>" in html
            assert "De Vlier" in html
            assert answer.headers["Content-Security-Policy"]
            assert answer.status_code == (500 if client is sofie else 404)


async def test_when_the_database_goes_half_way_people_still_get_a_page(
    app: Quart, visitor: Visitor
) -> None:
    """The session is found, and what stands around every page is not."""
    sofie = await visitor(SOFIE)
    await database.connection().execute_script("PRAGMA foreign_keys = OFF; DROP TABLE letter;")
    with capture_logs():
        answer = await sofie.get("/bestaat-niet")
    assert answer.status_code in {404, 500}
    assert "</html>" in await answer.get_data(as_text=True)
