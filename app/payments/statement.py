"""The printable statement of a payment, as the data of its Typst template."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import date

from app.documents.pdf import render_pdf
from app.payments.queries import Line
from app.payments.service import ChildLines, PaymentPage
from app.payments.words import component_word, payment_title, reason_text, state_tag
from app.settings import Fund
from app.web.formats import long_date, money, month, signed_money
from app.web.i18n import catalogue, lazy

_TEMPLATE = "payments/statement.typ"
_LABELS = {
    "statement": lazy("Afschrift"),
    "dossier": lazy("Dossier"),
    "paid_on": lazy("Betaald op"),
    "announced_for": lazy("Aangekondigd voor"),
    "state": lazy("Stand"),
    "account": lazy("Rekening"),
    "communication": lazy("Mededeling"),
    "reference": lazy("Referentie"),
    "total": lazy("Totaal"),
    "subtotal": lazy("Samen"),
    "description": lazy("Onderdeel"),
    "amount": lazy("Bedrag"),
    "why": lazy("Verschil met"),
    "same": lazy("Het bedrag is hetzelfde."),
    "family": lazy("Niet per kind"),
    "made_on": lazy("Gemaakt op"),
    "questions": lazy("Vragen? Neem contact op met uw fonds."),
}


async def statement(
    page: PaymentPage, fund: Fund, dossier: str, today: date, language: str
) -> bytes:
    """The PDF of a payment, made in a thread. Raises app.documents.pdf.PdfError."""
    data = statement_data(page, fund, dossier, today, language)
    return await asyncio.to_thread(render_pdf, _TEMPLATE, data)


def statement_data(
    page: PaymentPage, fund: Fund, dossier: str, today: date, language: str
) -> dict[str, object]:
    """Everything that stands on the statement, as text ready to be printed."""
    row, payment = page.payment.row, page.payment
    return {
        "language": language,
        "labels": {key: catalogue(language).gettext(text) for key, text in _LABELS.items()},
        "fund": asdict(fund),
        "title": payment_title(row.kind, row.period, language),
        "dossier": dossier,
        "announced": row.state == "announced",
        "pay_date": long_date(row.pay_date, language),
        "state": state_tag(row.state, page.overdue, language)[0],
        "reason": payment.reason,
        "account": payment.account_masked,
        "communication": payment.communication,
        "reference": payment.reference,
        "groups": [_group(group, language) for group in page.groups],
        "total": money(row.total_cents, language),
        "difference": _difference(page, language),
        "made_on": long_date(today, language),
    }


def _group(group: ChildLines, language: str) -> dict[str, object]:
    return {
        "name": group.child.name if group.child else "",
        "lines": [_line(line, language) for line in group.lines],
        "total": money(group.cents, language),
    }


def _line(line: Line, language: str) -> list[str]:
    return [component_word(line.component, language), money(line.cents, language)]


def _difference(page: PaymentPage, language: str) -> dict[str, object] | None:
    if page.difference is None:
        return None
    difference, period = page.difference, page.payment.row.period
    texts = [reason_text(reason, period, language) for reason in difference.reasons]
    return {
        "month": month(difference.before.period, language),
        "before": money(difference.before.total_cents, language),
        "cents": signed_money(difference.cents, language) if difference.cents else "",
        "reasons": [[text.text, signed_money(text.cents, language)] for text in texts],
    }
