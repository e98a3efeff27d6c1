"""Decisions: each with all the mentions that make the term for appeal begin (decree, art. 89).

MADE UP, for want of a source: who hears an appeal, within how many days (both in ``offices``), and
that it goes by a signed letter.
"""

from __future__ import annotations

from datetime import date

from app.demo.fund.family import Family
from app.demo.fund.offices import APPEAL_BODY, APPEAL_DAYS, FILE_MANAGERS, OFFICE
from app.demo.fund.writing import Block, Draft, Heading, Items, Panel, Sheet, Text

DECREE = "het Groeipakketdecreet van 27 april 2018"


def decision(
    family: Family,
    key: str,
    subject: str,
    day: date,
    outcome: tuple[str, str],
    why: list[str],
    *,
    sheet: Sheet | None = None,
    law: str,
    to: str = "",
) -> Draft:
    """A decision: what we decided, why, on which ground, who handles it, how to appeal."""
    office = OFFICE[family.office]
    manager = FILE_MANAGERS[family.office]
    blocks: list[Block] = [Panel(*outcome)]
    if sheet:
        blocks.append(sheet)
    blocks += [Heading("Waarom beslissen we dit?"), *(Text(part) for part in why)]
    blocks += [
        Text(f"Dat staat in {law}."),
        Heading("Bent u het niet eens met deze beslissing?"),
        Text(
            f"Bel of mail eerst {manager}: {office.phone}, {office.email}. Samen bekijken we of "
            "er iets fout is. Vindt u daarna nog dat we ons vergissen? Dan kunt u in beroep gaan."
        ),
        Items(
            [
                f"Waar: bij {APPEAL_BODY}.",
                f"Wanneer: binnen {APPEAL_DAYS} dagen nadat u deze brief kreeg.",
                "Hoe: met een brief die u ondertekent. Schrijf erin waarom u niet akkoord gaat, "
                f"en zet er dit dossiernummer bij: {family.number}.",
            ]
        ),
    ]
    return Draft(key, subject, day, "decision", blocks, to=to)
