"""The outbox's messages by e-mail."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from datetime import datetime
from email.message import EmailMessage

from app import clock
from app.mail.message import Envelope, MailWriter
from app.mail.outcomes import Mailer, Outcome, Reason
from app.mail.outcomes import Verdict as MailVerdict
from app.notifications.addresses import SUMMARY, unsubscribe_url
from app.notifications.channels.words import counts, is_reminder, is_returned, leading, path_of
from app.notifications.dispatch import Answer, Verdict
from app.notifications.facts import Item, Message
from app.notifications.models import Kind

_VERDICTS = {
    MailVerdict.SENT: Verdict.SENT,
    MailVerdict.BOUNCED: Verdict.GONE,
    MailVerdict.RETRY: Verdict.AGAIN,
    MailVerdict.REFUSED: Verdict.AGAIN,  # our set-up: kept, and the operator sees why
}
_MAYBE_ARRIVED = {Reason.CONNECTION, Reason.TIMEOUT}


class EmailChannel:
    """Writes and sends e-mails one after another (``dispatch.Sender``)."""

    def __init__(
        self, writer: MailWriter, mailer: Mailer, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._writer = writer
        self._mailer = mailer
        self._now = now

    async def send_all(
        self, messages: Iterable[Message]
    ) -> AsyncGenerator[tuple[Message, Answer], None]:
        """Send each, and say what became of it."""
        for message in messages:
            yield message, answer_of(await self._mailer.send(self.written(message)))

    def written(self, message: Message) -> EmailMessage:
        """The e-mail of a message; the same message gives the same Message-ID."""
        person = message.recipient
        kind, context = self._content(message)
        envelope = Envelope(
            to=message.address,
            number=min(item.id for item in message.items),
            sent_at=self._now(),
            name=person.given_name,
            phrase=person.phrase,
            show_amounts=person.show_amounts,
            unsubscribe_url=self._unsubscribe(message, kind),
        )
        return self._writer.render(kind, context, person.language, envelope)

    def _unsubscribe(self, message: Message, kind: str) -> str:
        """Empty for what cannot be switched off."""
        if any(item.kind is Kind.SECURITY for item in message.items):
            return ""
        house = self._writer.house
        return unsubscribe_url(house.base_url, house.keys, message.recipient.account_id, kind)

    def _content(self, message: Message) -> tuple[str, dict[str, object]]:
        base_url = self._writer.house.base_url
        if len(message.items) > 1:
            items = [
                {"kind": kind.value, "count": many, "amount": cents or None}
                for kind, many, cents in counts(message)
            ]
            return SUMMARY, {"url": f"{base_url}/overzicht", "items": items}
        item = leading(message)
        context = _about(item) | {"url": base_url + path_of(item)}
        return item.kind.value, context


def _about(item: Item) -> dict[str, object]:
    """What the template of a kind shows of one item."""
    if item.payment is not None:
        payment = item.payment
        return {
            "amount": payment.total_cents,
            "pay_date": payment.pay_date,
            "returned": is_returned(item),
        }
    if item.kind is Kind.LETTER and item.letter is not None:
        return {
            "decision": item.letter.kind == "decision",
            "answer_by": item.letter.answer_by,
            "reminder": is_reminder(item),
            "on_paper_from": None,
        }
    if item.kind is Kind.SECURITY:
        return {"event": item.event, "at": item.created_at, "device": ""}
    return {}


def answer_of(outcome: Outcome) -> Answer:
    """What the outbox does about the answer of a mail server."""
    return Answer(
        _VERDICTS[outcome.verdict],
        maybe_arrived=outcome.verdict is MailVerdict.RETRY and outcome.reason in _MAYBE_ARRIVED,
        reason=str(outcome),
    )
