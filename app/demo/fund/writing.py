"""What a letter or message is before it goes out: text in blocks, and the facts of the feed."""

from __future__ import annotations

from datetime import date

import msgspec

from app.demo.fund.records import LetterKind
from app.web.formats import money


class Text(msgspec.Struct, tag_field="kind", tag="text"):
    """A paragraph."""

    text: str


class Heading(msgspec.Struct, tag_field="kind", tag="heading"):
    """A heading within the letter."""

    text: str


class Items(msgspec.Struct, tag_field="kind", tag="items"):
    """A list with bullets."""

    items: list[str]


class Panel(msgspec.Struct, tag_field="kind", tag="panel"):
    """What must be seen: a title and a sentence in a coloured panel."""

    title: str
    text: str


class Sheet(msgspec.Struct, tag_field="kind", tag="sheet"):
    """A table: the first column is text, the others are amounts."""

    head: list[str]
    rows: list[list[str]]
    total: list[str]


Block = Text | Heading | Items | Panel | Sheet


class Draft(msgspec.Struct):
    """A letter (``kind`` and ``blocks``) or a message (``body``), still without its PDF."""

    key: str
    subject: str
    day: date
    kind: LetterKind | None = None
    blocks: list[Block] = []
    body: str = ""
    to: str = ""
    answer_by: date | None = None
    withdrawn: bool = False


def enumeration(parts: list[str]) -> str:
    """Names in a sentence: ``Noor, Ilyas en Zoë``."""
    return " en ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def amounts_sheet(rows: list[tuple[str, int]], *, head: str = "Waarvoor") -> Sheet:
    """A table of amounts in cents with their total."""
    total = sum(cents for _, cents in rows)
    return Sheet(
        [head, "Bedrag"],
        [[what, money(cents)] for what, cents in rows],
        ["Samen", money(total)] if len(rows) > 1 else [],
    )
