"""What each kind of letter is called: in lists, on a page and in an address."""

from __future__ import annotations

from app.letters.models import LetterKind
from app.web.i18n import lazy

KIND_WORDS: dict[LetterKind, str] = {
    LetterKind.DECISION: lazy("Beslissing"),
    LetterKind.REQUEST: lazy("Vraag"),
    LetterKind.INFORMATION: lazy("Brief"),
    LetterKind.STATEMENT: lazy("Attest"),
    LetterKind.MESSAGE: lazy("Bericht"),
}

KIND_PLURALS: dict[LetterKind, str] = {
    LetterKind.DECISION: lazy("Beslissingen"),
    LetterKind.REQUEST: lazy("Vragen"),
    LetterKind.INFORMATION: lazy("Brieven"),
    LetterKind.STATEMENT: lazy("Attesten"),
    LetterKind.MESSAGE: lazy("Berichten"),
}

# In an address: never translated, so that a link means the same for everybody.
KIND_SLUGS: dict[LetterKind, str] = {
    LetterKind.DECISION: "beslissing",
    LetterKind.REQUEST: "vraag",
    LetterKind.INFORMATION: "brief",
    LetterKind.STATEMENT: "attest",
    LetterKind.MESSAGE: "bericht",
}

KINDS_BY_SLUG = {slug: kind for kind, slug in KIND_SLUGS.items()}
