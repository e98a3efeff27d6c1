"""Drafts become records: with a PDF beside the feed, in it, or shared by all letters of a kind."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from app.demo.fund.cast_letters import cast_drafts
from app.demo.fund.family import Family, Window
from app.demo.fund.letters import drafts
from app.demo.fund.offices import APPEAL_BODY, APPEAL_DAYS, FILE_MANAGERS, FUND, OFFICE, WEBSITE
from app.demo.fund.records import Appeal, Letter, Message, Payment, Pdf, Withdrawal
from app.demo.fund.writing import Draft, Text, enumeration
from app.documents.pdf import render_pdf
from app.web.formats import long_date

TEMPLATE = "demo/letter.typ"
NOTICE = "Demo: dit fonds, deze mensen en deze bedragen zijn verzonnen."
Personal = Literal["personal", "shared", "none"]


class Post:
    """Writes the PDFs of letters, to a folder or into the feed itself (``folder`` None)."""

    def __init__(self, folder: Path | None, *, letters: Personal) -> None:
        self._folder = folder
        self._letters = letters
        self._shared: dict[str, Pdf] = {}

    def records(
        self, family: Family, window: Window, paid: list[Payment]
    ) -> Iterator[Letter | Message | Withdrawal]:
        """What is written to a family, by date."""
        if self._letters == "none":
            return
        everything = [*drafts(family, window, paid), *cast_drafts(family, window)]
        for draft in sorted(everything, key=lambda draft: (draft.day, draft.key)):
            if draft.day <= window.today:
                yield self._record(family, draft)
                if draft.withdrawn:
                    yield Withdrawal("letter", f"{family.number}/{draft.key}")

    def _record(self, family: Family, draft: Draft) -> Letter | Message:
        reference = f"{family.number}/{draft.key}"
        day = draft.day.isoformat()
        to = _addressee(family, draft)
        if draft.kind is None:
            return Message(reference, family.number, draft.subject, day, draft.body, to)
        decided = draft.kind == "decision"
        return Letter(
            reference=reference,
            dossier=family.number,
            kind=draft.kind,
            subject=draft.subject,
            date=day,
            pdf=self._pdf(family, draft, reference, to),
            to=to,
            answer_by=draft.answer_by.isoformat() if draft.answer_by else "",
            appeal=Appeal(APPEAL_DAYS, APPEAL_BODY) if decided else None,
            file_manager=FILE_MANAGERS[family.office] if decided else "",
            references=f"{family.number}, {reference}" if decided else "",
        )

    def _pdf(self, family: Family, draft: Draft, reference: str, to: str) -> Pdf:
        kind = draft.kind or "information"
        if self._letters == "personal":
            content = render_pdf(TEMPLATE, letter_data(family, draft, reference, to))
            return self._keep(reference.replace("/", "-"), content)
        if kind not in self._shared:
            content = render_pdf(TEMPLATE, _shared_data(family, kind))
            self._shared[kind] = self._keep(f"shared-{kind}", content)
        return self._shared[kind]

    def _keep(self, name: str, content: bytes) -> Pdf:
        if self._folder is None:
            return Pdf(base64=b64encode(content).decode())
        letters = self._folder / "letters"
        letters.mkdir(parents=True, exist_ok=True)
        (letters / f"{name}.pdf").write_bytes(content)
        return Pdf(path=f"letters/{name}.pdf")


def _addressee(family: Family, draft: Draft) -> str:
    """The one party it is for: as drafted; of parents who live apart, the beneficiary."""
    if draft.to or not family.apart or draft.kind in (None, "statement"):
        return draft.to
    return family.adults[0].number


def letter_data(family: Family, draft: Draft, reference: str, to: str) -> dict[str, object]:
    """What the letter template needs, for one letter to one family."""
    addressed = [adult for adult in family.adults if adult.number == to] or list(family.adults)
    names = enumeration([adult.name for adult in addressed])
    office = OFFICE[family.office]
    return {
        "fund": FUND,
        "website": WEBSITE,
        "office": msgspec.to_builtins(office),
        "to": [*(adult.name for adult in addressed), *family.address],
        "date": long_date(draft.day),
        "subject": draft.subject,
        "dossier": family.number,
        "reference": reference,
        "salutation": f"Beste {names}",
        "blocks": msgspec.to_builtins(draft.blocks),
        "manager": FILE_MANAGERS[family.office],
        "notice": NOTICE,
    }


def _shared_data(family: Family, kind: str) -> dict[str, object]:
    """The same letter for everybody: enough to measure with, nothing about anybody."""
    office = OFFICE[family.office]
    return {
        "fund": FUND,
        "website": WEBSITE,
        "office": msgspec.to_builtins(office),
        "to": ["Aan alle gezinnen van De Vlier"],
        "date": "",
        "subject": "Bericht van uw kinderbijslagfonds",
        "dossier": "alle dossiers",
        "reference": f"voorbeeld {kind}",
        "salutation": "Beste ouder",
        "blocks": msgspec.to_builtins(
            [Text("Dit is een voorbeeldbrief. In een groot demofonds krijgt ieder dezelfde.")]
        ),
        "manager": FILE_MANAGERS[family.office],
        "notice": NOTICE,
    }
