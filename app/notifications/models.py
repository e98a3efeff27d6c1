"""Whom to tell what by which channel, the outbox, and letters that nobody has read yet."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model

if TYPE_CHECKING:
    from app.auth.models import Account


class Kind(StrEnum):
    """What an alert is about, a parent chooses the channels of each."""

    PAYMENT = "payment"
    LETTER = "letter"
    MESSAGE = "message"
    FORM = "form"
    SECURITY = "security"


class Channel(StrEnum):
    """How an alert travels."""

    PUSH = "push"
    EMAIL = "email"


class State(StrEnum):
    """How far an outbox row has come."""

    PENDING = "pending"  # to be sent when due, also while a worker holds it
    SENT = "sent"
    PARKED = "parked"  # given up, until the operator retries or drops it
    CANCELLED = "cancelled"  # no longer to be told: withdrawn, read, or the target is gone


class Preference(Model):
    """What a person chose, without a row the defaults hold.

    The switches for e-mail count only with ``Account.wants_alerts`` on and a verified address,
    except for security, which always finds a way (see ``announce``).
    """

    id = fields.IntField(primary_key=True)
    account: fields.OneToOneRelation[Account] = fields.OneToOneField(
        "models.Account", related_name="preference", on_delete=fields.CASCADE
    )
    payment_push = fields.BooleanField(default=True)
    payment_email = fields.BooleanField(default=True)
    letter_push = fields.BooleanField(default=True)
    letter_email = fields.BooleanField(default=True)
    message_push = fields.BooleanField(default=True)
    message_email = fields.BooleanField(default=True)
    form_push = fields.BooleanField(default=True)
    form_email = fields.BooleanField(default=True)
    security_push = fields.BooleanField(default=True)
    security_email = fields.BooleanField(default=True)
    quiet_from = fields.SmallIntField(null=True)  # minutes after midnight in Brussels
    quiet_until = fields.SmallIntField(null=True)
    show_amounts = fields.BooleanField(default=False)  # in the text of a push message
    phrase = fields.CharField(max_length=60, default="")  # by which our e-mail is recognised
    email_failed_at = fields.DatetimeField(null=True)  # the address was refused for good
    email_failure = fields.CharField(max_length=120, default="")

    class Meta:
        table = "preference"


class Subscription(Model):
    """A browser on a device that takes push messages (RFC 8030), for whoever is signed in there."""

    id = fields.IntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="subscriptions", on_delete=fields.CASCADE
    )
    device = fields.CharField(max_length=120, default="")
    endpoint = fields.CharField(max_length=1000, unique=True)
    p256dh = fields.CharField(max_length=100)  # base64url, the browser's public key
    auth = fields.CharField(max_length=40)  # base64url, the secret it shares with us
    key_version = fields.CharField(max_length=32, default="")  # of our VAPID key
    created_at = fields.DatetimeField()
    last_ok_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=120, default="")
    failures = fields.IntField(default=0)  # in a row

    class Meta:
        table = "subscription"
        indexes = (Index(fields=("account_id",)),)


class OutboxRow(Model):
    """One fact to be told to one target: a device, or the e-mail address of an account.

    A worker that claims a row writes its own number in ``claim`` and moves ``due_at`` to the end
    of its lease, so a row whose worker died is due again by itself. ``bundle`` is the first
    claim under which the row was sent: rows of one target and bundle are one message, also when
    they are sent once more, and it gives that message its identity.
    """

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="outbox", on_delete=fields.CASCADE
    )
    channel = fields.CharEnumField(Channel, max_length=8)
    subscription: fields.ForeignKeyNullableRelation[Subscription] = fields.ForeignKeyField(
        "models.Subscription", related_name="outbox", null=True, on_delete=fields.SET_NULL
    )
    target = fields.IntField()  # the id of the subscription, 0: e-mail, -1: e-mail to ``address``
    address = fields.CharField(max_length=254, default="")  # a former one that must hear of it
    kind = fields.CharEnumField(Kind, max_length=8)
    subject = fields.CharField(max_length=16)  # payment, letter (messages too), form, account
    subject_id = fields.BigIntField()
    event = fields.CharField(max_length=32)  # what happened to the subject
    state = fields.CharEnumField(State, max_length=9, default=State.PENDING)
    due_at = fields.DatetimeField()
    claim = fields.BigIntField(null=True)
    bundle = fields.BigIntField(null=True)
    attempts = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=120, default="")

    class Meta:
        table = "outbox"
        unique_together = (("subject_id", "subject", "event", "account_id", "target"),)
        indexes = (
            Index(fields=("account_id",)),
            Index(fields=("subscription_id",)),
            PartialIndex(
                fields=("channel", "due_at"), name="outbox_due", condition={"state": "pending"}
            ),
            PartialIndex(
                fields=("account_id", "target"),
                name="outbox_waiting",
                condition={"state": "pending"},
            ),
            PartialIndex(fields=("id",), name="outbox_parked", condition={"state": "parked"}),
        )


class FollowUp(Model):
    """An important letter that somebody has yet to read: when to remind them, and what was done.

    ``step`` counts the reminders given. The last one is paper: ``paper_at`` says when the back
    office was asked to send the letter by post.
    """

    id = fields.IntField(primary_key=True)
    # Letters live on a floor above: the relation is by name, and typed as such.
    letter: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Letter", related_name="follow_ups", on_delete=fields.CASCADE
    )
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="follow_ups", on_delete=fields.CASCADE
    )
    step = fields.SmallIntField(default=0)
    announced_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)  # of the next step, none when it is over
    paper_at = fields.DatetimeField(null=True)

    class Meta:
        table = "follow_up"
        unique_together = (("letter", "account"),)
        indexes = (Index(fields=("account_id",)), Index(fields=("due_at",)))


class Confirmation(Model):
    """A link sent to an e-mail address: the newest of a person counts, for that address, once."""

    id = fields.IntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="confirmations", on_delete=fields.CASCADE
    )
    address = fields.CharField(max_length=254)
    sent_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "confirmation"
        indexes = (Index(fields=("account_id",)),)
