"""The letters of the made-up fund promise nothing that is not so."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.demo.fund.cast_letters import cast_drafts
from app.demo.fund.family import Window
from app.demo.fund.letters import drafts
from app.demo.fund.payments import payments
from app.demo.fund.shapes import families
from app.demo.fund.writing import Draft


@pytest.fixture(scope="module")
def written() -> list[Draft]:
    """Everything that the demo fund writes in thirty months."""
    window = Window.of(30, date(2026, 11, 23))
    found: list[Draft] = []
    for family in families(40, 1, window):
        found += drafts(family, window, list(payments(family, window)))
        found += cast_drafts(family, window)
    return found


def _text(draft: Draft) -> str:
    return msgspec.json.encode(draft).decode()


def test_no_letter_asks_for_what_the_portal_cannot_do(written: list[Draft]) -> None:
    assert len(written) > 100
    assert not [draft.key for draft in written if "in dit portaal" in _text(draft)]


def test_a_new_account_is_asked_for_by_our_own_form_alone(written: list[Draft]) -> None:
    returned = [draft for draft in written if draft.key.startswith("T")]
    assert returned
    assert all("alleen met ons eigen formulier" in _text(draft) for draft in returned)


@pytest.mark.parametrize("claim", ["gratis", "belasting", "advocaat"])
def test_no_letter_claims_what_no_source_says(written: list[Draft], claim: str) -> None:
    assert not [draft.key for draft in written if claim in _text(draft).lower()]
