"""The fund at work: pays or writes a family of the cast now, through the same door as any feed."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from secrets import token_hex

import msgspec

from app.backoffice.service import Target, run_import
from app.clock import BRUSSELS
from app.demo.fund.offices import FILE_MANAGERS, FUND, OFFICE, WEBSITE
from app.demo.fund.post import NOTICE, TEMPLATE
from app.demo.fund.records import Batch, End, Letter, Line, Payment, Pdf, Record
from app.demo.fund.writing import Panel, Text
from app.demo.people import CAST
from app.documents.pdf import render_pdf
from app.dossiers.models import Child, Dossier, Party
from app.settings import Settings
from app.web.formats import long_date

AMOUNT = 4_215  # cents
TIME_TO_ANSWER = timedelta(days=21)


class UnknownFamily(Exception):
    """There is no such dossier in the demo."""


class Refused(Exception):
    """The import refused the simulator's own feed; the text is its report."""


@dataclass(frozen=True)
class FamilyChoice:
    """A dossier that can be paid or written to."""

    number: str
    names: str


async def families() -> list[FamilyChoice]:
    """The dossiers of the cast."""
    numbers = [person.number for person in CAST]
    parties = await Party.filter(person__number__in=numbers).prefetch_related("person", "dossier")
    names: dict[str, list[str]] = {}
    for party in parties:
        names.setdefault(party.dossier.number, []).append(party.person.name)
    return [FamilyChoice(number, ", ".join(names[number])) for number in sorted(names)]


async def pay(settings: Settings, number: str, now: datetime) -> None:
    """Pay a childcare supplement to a family. Raises UnknownFamily, Refused."""
    dossier = await _dossier(number)
    child = await Child.filter(dossier=dossier, left_on=None).order_by("-birth_date").first()
    day = now.astimezone(BRUSSELS).date()
    payment = Payment(
        reference=f"{number}/demo-{_serial(now)}",
        dossier=number,
        kind="childcare",
        period=f"{day:%Y-%m}",
        pay_date=day.isoformat(),
        state="paid",
        lines=[Line("childcare", AMOUNT, child.key if child else None)],
        account=dossier.account_masked,
    )
    await _import(settings, payment, now)


async def write(settings: Settings, number: str, now: datetime) -> None:
    """Send a family a letter that asks for something. Raises UnknownFamily, Refused."""
    dossier = await _dossier(number)
    parties = await Party.filter(dossier=dossier).select_related("person")
    day = now.astimezone(BRUSSELS).date()
    reference = f"{number}/demo-{_serial(now)}"
    answer_by = day + TIME_TO_ANSWER
    subject = "Wij hebben een attest van u nodig"
    data = {
        "fund": FUND,
        "website": WEBSITE,
        "office": msgspec.to_builtins(OFFICE["GENT"]),
        "to": [party.person.name for party in parties],
        "date": long_date(day),
        "subject": subject,
        "dossier": number,
        "reference": reference,
        "salutation": "Beste ouder",
        "blocks": msgspec.to_builtins(
            [
                Text("Om uw kinderbijslag juist te berekenen vragen wij een attest van de opvang."),
                Panel("Wat vragen wij u?", f"Bezorg ons het attest voor {long_date(answer_by)}."),
            ]
        ),
        "manager": FILE_MANAGERS["GENT"],
        "notice": NOTICE,
    }
    content = await asyncio.to_thread(render_pdf, TEMPLATE, data)
    letter = Letter(
        reference=reference,
        dossier=number,
        kind="request",
        subject=subject,
        date=day.isoformat(),
        pdf=Pdf(base64=b64encode(content).decode()),
        answer_by=answer_by.isoformat(),
    )
    await _import(settings, letter, now)


async def _dossier(number: str) -> Dossier:
    known = {family.number for family in await families()}
    if number not in known:
        raise UnknownFamily
    return await Dossier.get(number=number)


def _serial(now: datetime) -> str:
    return f"{now:%Y%m%d%H%M%S}-{token_hex(2)}"


async def _import(settings: Settings, record: Record, now: datetime) -> None:
    batch = Batch(batch=f"demo-{_serial(now)}", fund=FUND, created=now.isoformat())
    feed = msgspec.json.Encoder().encode_lines([batch, record, End(records=1)])
    target = Target(settings.database_url, settings.documents_folder)
    report = await run_import(target, BytesIO(feed), None, now)
    if not report.ok:
        raise Refused(report.as_text())
