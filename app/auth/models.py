"""Who signed in: profiles, their sessions, and sign-ins that are under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

if TYPE_CHECKING:
    from app.dossiers.models import Dossier


class Account(Model):
    """An online profile: somebody whom the identity provider vouched for.

    A person is (issuer, subject), the number is an attribute, since a bis number can become a
    national number. Until ``registered_at`` is set it is only a sign-in, kept for a day.
    """

    id = fields.IntField(primary_key=True)
    issuer = fields.CharField(max_length=255)
    subject = fields.CharField(max_length=255)
    number = fields.CharField(max_length=11)
    given_name = fields.CharField(max_length=120)
    family_name = fields.CharField(max_length=120)
    language = fields.CharField(max_length=2, default="nl")
    email = fields.CharField(max_length=254, default="")
    email_verified_at = fields.DatetimeField(null=True)
    wants_alerts = fields.BooleanField(default=False)
    conditions_version = fields.CharField(max_length=16, default="")
    registered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "account"
        unique_together = (("issuer", "subject"),)
        indexes = (Index(fields=("number",)),)


class Session(Model):
    """Somebody signed in on a device, the cookie carries a random value, this row its hash."""

    id = fields.IntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="sessions", on_delete=fields.CASCADE
    )
    dossier: fields.ForeignKeyNullableRelation[Dossier] = fields.ForeignKeyField(
        "models.Dossier", related_name="sessions", null=True, on_delete=fields.SET_NULL
    )
    level = fields.IntField()
    means = fields.CharField(max_length=16)
    device = fields.CharField(max_length=120, default="")
    provider_session = fields.CharField(max_length=255, default="")
    id_token = fields.TextField(default="")  # hint for signing out at the provider
    authenticated_at = fields.DatetimeField()
    signed_in_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()

    class Meta:
        table = "session"
        indexes = (
            Index(fields=("account_id",)),
            Index(fields=("dossier_id",)),
            Index(fields=("last_seen_at",)),
        )


class SignIn(Model):
    """A sign-in under way: between leaving for the provider and coming back, once."""

    id = fields.IntField(primary_key=True)
    cookie_hash = fields.CharField(max_length=64)  # the browser it began in
    state_hash = fields.CharField(max_length=64, unique=True)
    nonce = fields.CharField(max_length=128)
    code_verifier = fields.CharField(max_length=128)
    next_url = fields.CharField(max_length=500)
    minimum_level = fields.IntField()
    max_age = fields.IntField(null=True)
    created_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sign_in"
        indexes = (Index(fields=("created_at",)),)
