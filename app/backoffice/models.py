"""Which batches of the feed have been stored."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Batch(Model):
    """A batch of the feed that was stored whole, the same batch again changes nothing."""

    id = fields.IntField(primary_key=True)
    reference = fields.CharField(max_length=64, unique=True)
    digest = fields.CharField(max_length=64)  # SHA-256 over the lines of the batch
    records = fields.IntField()
    created_at = fields.DatetimeField()  # as the back office says
    stored_at = fields.DatetimeField()

    class Meta:
        table = "batch"
