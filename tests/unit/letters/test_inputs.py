from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from app.letters.inputs import Filter, parse_filter
from app.letters.models import LetterKind
from app.letters.words import KIND_PLURALS, KIND_SLUGS, KIND_WORDS


def test_every_kind_has_a_word_a_plural_and_an_address() -> None:
    for words in (KIND_WORDS, KIND_PLURALS, KIND_SLUGS):
        assert set(words) == set(LetterKind)
        assert len(set(words.values())) == len(LetterKind)


def test_nothing_said_means_everything() -> None:
    assert parse_filter({}) == Filter()
    assert not Filter().narrows


def test_what_is_said_is_understood() -> None:
    said = {"soort": "vraag", "toon": "ongelezen", "zoek": "  sociale   toeslag ", "pagina": "3"}

    assert parse_filter(said) == Filter(LetterKind.REQUEST, True, "sociale toeslag", 3)


@pytest.mark.parametrize(
    "said",
    [
        {"soort": "onzin"},
        {"toon": "alles"},
        {"zoek": "   "},
        {"pagina": "0"},
        {"pagina": "-1"},
        {"pagina": "1.5"},
        {"pagina": "²"},
        {"pagina": "9" * 500},
    ],
)
def test_what_is_not_understood_counts_as_not_said(said: dict[str, str]) -> None:
    assert parse_filter(said) == Filter()


def test_a_long_search_is_cut_off() -> None:
    assert len(parse_filter({"zoek": "a" * 5_000}).search) == 100


@pytest.mark.parametrize(
    "wanted",
    [Filter(), Filter(LetterKind.DECISION), Filter(None, True, "élan & zo", 2), Filter(page=4)],
)
def test_the_address_of_a_filter_says_the_same(wanted: Filter) -> None:
    query = wanted.address().partition("?")[2]
    assert parse_filter(dict(parse_qsl(query))) == wanted


def test_another_kind_keeps_the_search_and_starts_at_the_first_page() -> None:
    wanted = Filter(None, True, "toeslag", 3)

    assert wanted.only(LetterKind.REQUEST) == Filter(LetterKind.REQUEST, False, "toeslag")
    assert wanted.only(unread=True) == Filter(None, True, "toeslag")
