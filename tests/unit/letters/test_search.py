from __future__ import annotations

from datetime import date

import pytest

from app.letters.models import LetterKind
from app.letters.queries import LetterItem
from app.letters.search import matching

LETTER = LetterItem(
    id=1,
    kind=LetterKind.DECISION,
    subject="Uw sociale toeslag voor Zoë en Łucja",
    date=date(2026, 9, 14),
    reference="BR-2026-0412",
    document_size=84_000,
    answer_by=None,
    read=False,
    body="De toeslag stijgt vanaf **oktober**.",
)


@pytest.mark.parametrize(
    "search",
    [
        "toeslag",
        "TOESLAG",
        "toesl",
        "zoe",
        "ZOË",
        "lucja",
        "beslissing",
        "beslissingen",
        "september",
        "september 2026",
        "2026 toeslag",
        "14 september",
        "br-2026-0412",
        "stijgt",
        "oktober",
    ],
)
def test_a_letter_is_found_by(search: str) -> None:
    assert matching([LETTER], search, "nl") == [LETTER]


@pytest.mark.parametrize("search", ["toeslag 2025", "vraag", "november", "BR-2025", "%", "_"])
def test_a_letter_is_not_found_by(search: str) -> None:
    assert matching([LETTER], search, "nl") == []


def test_months_are_words_in_the_language_of_the_reader() -> None:
    assert matching([LETTER], "septembre", "fr") == [LETTER]
    assert matching([LETTER], "septembre", "nl") == []
