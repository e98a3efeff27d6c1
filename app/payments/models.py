"""Payments and the lines they are made of, as the fund's back office tells it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

if TYPE_CHECKING:
    from app.dossiers.models import Child, Dossier


class PaymentState(StrEnum):
    """How far a payment has come."""

    ANNOUNCED = "announced"
    PAID = "paid"
    RETURNED = "returned"
    CORRECTED = "corrected"


class PaymentKind(StrEnum):
    """Why the fund pays."""

    MONTHLY = "monthly"
    CORRECTION = "correction"
    START = "start"
    SCHOOL_BONUS = "school_bonus"
    CHILDCARE = "childcare"


class Component(StrEnum):
    """What a line of a payment is for (Groeipakket, and child benefit up to 2018)."""

    BASIC = "basic"
    RANK = "rank"
    AGE = "age"
    SOCIAL = "social"
    CARE = "care"
    ORPHAN = "orphan"
    FOSTER = "foster"
    START = "start"
    SCHOOL_BONUS = "school_bonus"
    TODDLER = "toddler"
    CHILDCARE = "childcare"
    CORRECTION = "correction"
    RECOVERY = "recovery"


class Payment(Model):
    """One payment to a dossier's account, amounts in integer cents."""

    id = fields.IntField(primary_key=True)
    dossier: fields.ForeignKeyRelation[Dossier] = fields.ForeignKeyField(
        "models.Dossier", related_name="payments", on_delete=fields.CASCADE
    )
    reference = fields.CharField(max_length=64, unique=True)
    kind = fields.CharEnumField(PaymentKind, max_length=16)
    period = fields.DateField()  # the first day of the month it is for
    pay_date = fields.DateField()
    state = fields.CharEnumField(PaymentState, max_length=16)
    reason = fields.CharField(max_length=300, default="")  # why late, returned or corrected
    total_cents = fields.IntField()
    account_masked = fields.CharField(max_length=48, default="")
    communication = fields.CharField(max_length=20, default="")  # +++123/1234/12328+++
    corrects = fields.CharField(max_length=64, default="")  # reference of the payment it corrects
    withdrawn_at = fields.DatetimeField(null=True)
    digest = fields.CharField(max_length=64)  # of the feed line last stored

    class Meta:
        table = "payment"
        indexes = (Index(fields=("dossier_id", "pay_date")),)


class PaymentLine(Model):
    """One line of a payment: an amount for one child (or none) and one component."""

    id = fields.IntField(primary_key=True)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", related_name="lines", on_delete=fields.CASCADE
    )
    child: fields.ForeignKeyNullableRelation[Child] = fields.ForeignKeyField(
        "models.Child", related_name="payment_lines", null=True, on_delete=fields.RESTRICT
    )
    component = fields.CharEnumField(Component, max_length=16)
    amount_cents = fields.IntField()

    class Meta:
        table = "payment_line"
        indexes = (Index(fields=("payment_id",)), Index(fields=("child_id",)))
