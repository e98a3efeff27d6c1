from __future__ import annotations

from datetime import timedelta

import pytest
from tortoise.exceptions import ValidationError

from app import database
from app.clock import now
from app.overview.incidents import IncidentBoard, clear_incidents, current_incident, set_incident
from app.overview.models import Incident

START = now()
SECOND = timedelta(seconds=1)


async def test_a_banner_is_shown_from_now_until_it_is_cleared(either_database: str) -> None:
    assert await current_incident(START) == ""
    await set_incident("Storing bij de bank", START)
    assert await current_incident(START - SECOND) == ""
    assert await current_incident(START) == "Storing bij de bank"
    assert await current_incident(START + timedelta(days=9)) == "Storing bij de bank"
    assert await clear_incidents() == 1
    assert await current_incident(START) == ""


async def test_a_banner_may_have_an_end(either_database: str) -> None:
    await set_incident("Onderhoud", START, START + timedelta(hours=1))
    assert await current_incident(START + timedelta(minutes=59)) == "Onderhoud"
    assert await current_incident(START + timedelta(hours=1)) == ""


async def test_a_new_banner_takes_the_place_of_the_old(either_database: str) -> None:
    await set_incident("Eerst", START)
    await set_incident("Daarna", START)
    assert await current_incident(START) == "Daarna"
    assert await Incident.all().count() == 1


async def test_a_banner_that_is_too_long_leaves_the_old_one_in_place(either_database: str) -> None:
    await set_incident("Eerst", START)
    with pytest.raises(ValidationError):
        await set_incident("x" * 401, START)
    assert await current_incident(START) == "Eerst"


async def test_pages_look_it_up_once_in_half_a_minute(either_database: str) -> None:
    board = IncidentBoard()
    assert await board.text(START) == ""
    await set_incident("Storing", START)
    assert await board.text(START + 29 * SECOND) == ""
    assert await board.text(START + 30 * SECOND) == "Storing"
    await clear_incidents()
    assert await board.text(START + 59 * SECOND) == "Storing"
    assert await board.text(START + 60 * SECOND) == ""


async def test_without_a_database_the_last_one_stays(either_database: str) -> None:
    board = IncidentBoard()
    await set_incident("Storing", START)
    assert await board.text(START) == "Storing"
    await database.connection().execute_script("DROP TABLE incident")
    assert await board.text(START + timedelta(minutes=5)) == "Storing"
