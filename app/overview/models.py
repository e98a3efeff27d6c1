"""The banner that the fund sets when something is wrong."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Incident(Model):
    """A notice on every page, from one moment until another (or until it is taken away)."""

    id = fields.IntField(primary_key=True)
    text = fields.CharField(max_length=400)
    since = fields.DatetimeField()
    until = fields.DatetimeField(null=True)

    class Meta:
        table = "incident"
