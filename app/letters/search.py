"""Finding letters: by words of the subject or the text, by kind, month, year or reference."""

from __future__ import annotations

from collections.abc import Iterable

from app.letters.queries import LetterItem
from app.letters.words import KIND_PLURALS, KIND_WORDS
from app.web.folding import fold
from app.web.formats import long_date
from app.web.i18n import gettext


def matching(letters: Iterable[LetterItem], search: str, language: str) -> list[LetterItem]:
    """The letters in which every word of ``search`` occurs, in the order given.

    Capitals and accents do not matter. It happens here and not in the database, since SQLite and
    PostgreSQL differ in both, and a month or a kind is a word in the language of the reader.
    """
    words = fold(search).split()
    return [letter for letter in letters if _has_all(letter, words, language)]


def _has_all(letter: LetterItem, words: list[str], language: str) -> bool:
    text = fold(
        " ".join(
            (
                letter.subject,
                letter.body,
                letter.reference,
                gettext(KIND_WORDS[letter.kind]),
                gettext(KIND_PLURALS[letter.kind]),
                long_date(letter.date, language),
            )
        )
    )
    return all(word in text for word in words)
