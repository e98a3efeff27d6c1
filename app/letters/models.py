"""Letters and messages of a dossier, and who has read them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

if TYPE_CHECKING:
    from app.auth.models import Account
    from app.dossiers.models import Dossier, Person


class LetterKind(StrEnum):
    """What a letter is, a message is short text without a PDF."""

    DECISION = "decision"
    REQUEST = "request"
    INFORMATION = "information"
    STATEMENT = "statement"
    MESSAGE = "message"


class Letter(Model):
    """A letter (with a PDF) or a message (with a text) to a dossier or to one party of it.

    With an ``addressee`` only that person sees it: parents who live apart share a dossier,
    not their post.
    """

    id = fields.IntField(primary_key=True)
    dossier: fields.ForeignKeyRelation[Dossier] = fields.ForeignKeyField(
        "models.Dossier", related_name="letters", on_delete=fields.CASCADE
    )
    addressee: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="letters", null=True, on_delete=fields.CASCADE
    )
    reference = fields.CharField(max_length=64, unique=True)
    kind = fields.CharEnumField(LetterKind, max_length=16)
    subject = fields.CharField(max_length=200)
    date = fields.DateField()
    body = fields.TextField(default="")  # limited markdown, of a message
    document = fields.CharField(max_length=64, default="")  # SHA-256 of the PDF
    document_size = fields.IntField(default=0)  # bytes
    answer_by = fields.DateField(null=True)
    appeal_term_days = fields.IntField(null=True)
    appeal_body = fields.CharField(max_length=200, default="")
    appeal_address = fields.CharField(max_length=300, default="", db_default="")
    file_manager = fields.CharField(max_length=160, default="")
    cited_references = fields.CharField(max_length=300, default="", db_default="")
    withdrawn_at = fields.DatetimeField(null=True)
    digest = fields.CharField(max_length=64)  # of the feed line last stored

    class Meta:
        table = "letter"
        indexes = (
            Index(fields=("dossier_id", "date")),
            Index(fields=("addressee_id",)),
            Index(fields=("document",)),
        )


class Reading(Model):
    """That somebody has read a letter, gone with their online profile."""

    id = fields.IntField(primary_key=True)
    letter: fields.ForeignKeyRelation[Letter] = fields.ForeignKeyField(
        "models.Letter", related_name="readings", on_delete=fields.CASCADE
    )
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="readings", on_delete=fields.CASCADE
    )
    read_at = fields.DatetimeField()

    class Meta:
        table = "reading"
        unique_together = (("letter", "account"),)
        indexes = (Index(fields=("account_id",)),)
