"""Renders a folder of templates to one e-mail: plain text and HTML that say the same.

A kind is a folder ``templates/notifications/<kind>/`` with ``subject.txt``, ``body.txt`` and
``body.html``. Nothing in an e-mail is fetched from anywhere, and every link leads to a page of the
portal itself: a context with another address is refused.

Sources: RFC 5322 (headers), RFC 2047 (other than ASCII in them), RFC 2046 (alternatives), RFC 3834
(sent by a machine), RFC 8058 (unsubscribing with one click).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes

from app.mail.addresses import deliverable
from app.mail.codes import mail_code
from app.settings import Fund, Settings
from app.web.formats import FILTERS
from app.web.i18n import DEFAULT_LANGUAGE, LANGUAGES, TranslatedEnvironment

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FOLDER = "notifications"
PARTS = ("subject.txt", "body.txt", "body.html")
LONGEST_LINE = 72  # of the plain text
LONGEST_NAME = 120
# Whoever reads these may not be the person: no name and no recognition phrase for them.
FOR_STRANGERS = frozenset({"verification"})
# These must arrive, whatever somebody switched off.
WITHOUT_UNSUBSCRIBE = frozenset({"verification", "address-changed"})


class UnknownKind(Exception):
    """There is no folder of templates for this kind; the text names it."""


class ForeignLink(Exception):
    """A link in an e-mail would lead away from the portal."""


class UnfitAddress(Exception):
    """The reader's address is not one that SMTP can carry."""


class MailPolicy(EmailPolicy):
    """The policy for SMTP, that leaves addresses in List-Unsubscribe whole.

    Python would put a long address into encoded words (RFC 2047), which no mail program reads as
    an address.
    """

    def fold(self, name: str, value: Any) -> str:
        """One header as text."""
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as bytes."""
        if name.lower() == "list-unsubscribe":
            return self.fold(name, value).encode("ascii")
        return bytes(super().fold_binary(name, value))


POLICY = MailPolicy(linesep="\r\n", raise_on_defect=False, cte_type="7bit")


@dataclass(frozen=True)
class House:
    """Who writes: the fund, its portal, the addresses of its e-mail, and the keys of its codes."""

    fund: Fund
    base_url: str
    sender: str
    reply_to: str
    keys: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings) -> House:
        """The house as an operator set it up; without a sender (the demo) one is made up."""
        host = urlsplit(settings.base_url).hostname or "localhost"
        return cls(
            fund=settings.fund,
            base_url=settings.base_url,
            sender=settings.mail_from or f"meldingen@{host}",
            reply_to=settings.mail_reply_to or settings.fund_email,
            keys=(settings.secret_key, *settings.secret_key_fallbacks),
        )

    @property
    def host(self) -> str:
        """The host name of the portal."""
        return urlsplit(self.base_url).hostname or "localhost"


@dataclass(frozen=True)
class Envelope:
    """For whom a message is, and what makes it theirs.

    ``number`` is that of the outbox row: the same number gives the same Message-ID and code, so
    that a message that is sent once more replaces itself.
    """

    to: str
    number: int
    sent_at: datetime
    name: str = ""
    phrase: str = ""
    show_amounts: bool = False
    unsubscribe_url: str = ""


class MailWriter:
    """Writes e-mails in the name of one house."""

    def __init__(self, house: House) -> None:
        self.house = house

    def render(
        self, kind: str, context: Mapping[str, object], language: str, envelope: Envelope
    ) -> EmailMessage:
        """One e-mail, ready to be sent.

        In: the kind, what its templates show (listed at the head of its body.txt), the language
        of the reader (Dutch when we lack it), and the envelope. Texts in the context lose their
        line ends and invisible signs. Raises UnknownKind, ForeignLink, UnfitAddress, and
        jinja2.UndefinedError when the context misses something.
        """
        if kind not in kinds():
            raise UnknownKind(kind)
        envelope = _fit(kind, envelope)
        language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        whole = self._context(context, envelope)
        subject, text, html = (
            _environment(language, part.endswith("html"))
            .get_template(f"{FOLDER}/{kind}/{part}")
            .render(whole)
            for part in PARTS
        )
        message = self._headers(one_line(subject), envelope)
        message.set_content(_wrapped(text), cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        message["Content-Language"] = language  # last: the content clears headers of its kind
        return message

    def _context(self, context: Mapping[str, object], envelope: Envelope) -> dict[str, object]:
        own = {name: _tidy(value) for name, value in context.items()}
        self._check_links(own)
        self._check_links({"unsubscribe_url": envelope.unsubscribe_url})
        return {
            **own,
            "fund": self.house.fund,
            "base_url": self.house.base_url,
            "host": self.house.host,
            "name": envelope.name,
            "phrase": envelope.phrase,
            "code": mail_code(envelope.number, self.house.keys),
            "show_amounts": envelope.show_amounts,
            "unsubscribe_url": envelope.unsubscribe_url,
        }

    def _check_links(self, context: Mapping[str, object]) -> None:
        for name, value in context.items():
            if name != "url" and not name.endswith("_url"):
                continue
            if value and not str(value).startswith(f"{self.house.base_url}/"):
                raise ForeignLink(name)

    def _headers(self, subject: str, envelope: Envelope) -> EmailMessage:
        house = self.house
        message = EmailMessage(policy=POLICY)
        message["From"] = Address(one_line(house.fund.name), addr_spec=house.sender)
        message["To"] = Address(envelope.name, addr_spec=envelope.to)
        if house.reply_to:
            message["Reply-To"] = Address(one_line(house.fund.name), addr_spec=house.reply_to)
        message["Subject"] = subject
        message["Date"] = format_datetime(envelope.sent_at)
        message["Message-ID"] = f"<outbox-{envelope.number}@{house.host}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange, so that it keeps quiet
        if envelope.unsubscribe_url:
            message["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return message


def _fit(kind: str, envelope: Envelope) -> Envelope:
    """The envelope with what may stand on it for this kind, in texts that fit in a header."""
    to = deliverable(envelope.to)
    if to is None:
        raise UnfitAddress
    if kind in WITHOUT_UNSUBSCRIBE:
        envelope = replace(envelope, unsubscribe_url="")
    if kind in FOR_STRANGERS:
        return replace(envelope, to=to, name="", phrase="")
    name = one_line(envelope.name)[:LONGEST_NAME]
    return replace(envelope, to=to, name=name, phrase=one_line(envelope.phrase))


def one_line(text: str) -> str:
    """``text`` on one line and without invisible signs: fit for a header."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def _tidy(value: object) -> object:
    return one_line(value) if isinstance(value, str) else value


@cache
def kinds() -> frozenset[str]:
    """The kinds of e-mail there are: the folders that hold all their parts."""
    return frozenset(
        folder.name
        for folder in (TEMPLATES / FOLDER).iterdir()
        if all((folder / part).is_file() for part in PARTS)
    )


class _PlainEnvironment(TranslatedEnvironment):
    """Templates of plain text: nothing in them is markup, so nothing may be escaped or folded."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return Environment._parse(self, source, name, filename)


@cache
def _environment(language: str, html: bool) -> TranslatedEnvironment:
    made = (TranslatedEnvironment if html else _PlainEnvironment)(
        language,
        loader=FileSystemLoader(TEMPLATES),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.globals["language"] = language
    for name, format_value in FILTERS.items():
        made.filters[name] = _in(language, format_value)
    return made


def _in(language: str, format_value: Callable[[Any, str], str]) -> Callable[[Any], str]:
    return lambda value: format_value(value, language)


def _wrapped(text: str) -> str:
    """Plain text in lines that every program shows well; a link stays in one piece."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        whole = wrap(line, LONGEST_LINE, break_long_words=False, break_on_hyphens=False)
        if whole or (lines and lines[-1]):  # never two empty lines
            lines += whole or [""]
    return "\n".join(lines) + "\n"


__all__ = [
    "POLICY",
    "Envelope",
    "ForeignLink",
    "House",
    "MailWriter",
    "UnfitAddress",
    "UnknownKind",
    "kinds",
    "one_line",
]
