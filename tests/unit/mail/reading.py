"""Reads e-mails as the reader's program would."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from app.mail.message import POLICY, Envelope, MailWriter
from tests.unit.mail.house import CONTEXTS, ENVELOPE, HOUSE

VOID = {"meta", "br", "hr", "img", "link", "input"}


def written(kind: str, envelope: Envelope = ENVELOPE, **context: object) -> EmailMessage:
    """A mail of a kind as the reader's program gets it: to bytes and back."""
    message = MailWriter(HOUSE).render(kind, CONTEXTS[kind] | context, "nl", envelope)
    parsed: Any = message_from_bytes(message.as_bytes(), policy=POLICY)
    assert isinstance(parsed, EmailMessage)
    return parsed


class Page(HTMLParser):
    """Follows HTML: what is open, every attribute, and the text that is seen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.style = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.text.append(" ")
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text.append(data)

    def seen(self) -> str:
        return " ".join("".join(self.text).split())

    def links(self) -> list[str]:
        return [value for tag, name, value in self.attributes if (tag, name) == ("a", "href")]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def preheader(html: str) -> str:
    """What a list of messages shows beside the subject."""
    hidden = html[html.index("<div aria-hidden") :]
    return hidden[: hidden.index("</div>")].partition(">")[2]


__all__ = ["Page", "preheader", "words", "written"]
