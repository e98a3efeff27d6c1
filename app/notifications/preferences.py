"""What a person chose to be told, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from app.auth.models import Account
from app.database import transaction
from app.notifications.models import Channel, Kind, OutboxRow, Preference, State

Switch = tuple[Kind, Channel]
EVERYTHING: frozenset[Switch] = frozenset(product(Kind, Channel))


class SecurityNeedsAChannel(Exception):
    """Alerts about security were switched off on every channel, which is not possible."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of a person. Quiet hours in minutes after midnight in Brussels, None: none."""

    on: frozenset[Switch] = field(default=EVERYTHING)
    quiet_from: int | None = None
    quiet_until: int | None = None
    show_amounts: bool = False
    phrase: str = ""

    def wants(self, kind: Kind, channel: Channel) -> bool:
        """Whether this kind may go by this channel."""
        return (kind, channel) in self.on


async def load_preferences(account: Account) -> Preferences:
    """What holds for a person now; who registered without alerts gets no e-mail but security."""
    row = await Preference.get_or_none(account_id=account.id)
    on = EVERYTHING if row is None else frozenset(s for s in EVERYTHING if getattr(row, _name(s)))
    if not account.wants_alerts:
        on -= _mail_but_security()
    if row is None:
        return Preferences(on)
    return Preferences(on, row.quiet_from, row.quiet_until, row.show_amounts, row.phrase)


async def save_preferences(account: Account, chosen: Preferences) -> None:
    """Keep choices; what waits to be sent and is no longer wanted is taken back.

    Raises SecurityNeedsAChannel.
    """
    if not any(chosen.wants(Kind.SECURITY, channel) for channel in Channel):
        raise SecurityNeedsAChannel
    values = {_name(switch): switch in chosen.on for switch in EVERYTHING}
    account.wants_alerts = bool(chosen.on & _mail_but_security())
    async with transaction():
        await Preference.update_or_create(
            account_id=account.id,
            defaults={
                **values,
                "quiet_from": chosen.quiet_from,
                "quiet_until": chosen.quiet_until,
                "show_amounts": chosen.show_amounts,
                "phrase": chosen.phrase,
            },
        )
        await account.save(update_fields=["wants_alerts"])
        for kind, channel in EVERYTHING - chosen.on:
            if kind is not Kind.SECURITY:
                await _take_back(account.id, kind, channel)


async def unsubscribe(account_id: int, kind: Kind) -> bool:
    """Switch a kind off for e-mail (RFC 8058, one click); security stays on. Out: whether done."""
    if kind is Kind.SECURITY:
        return False
    async with transaction():
        name = _name((kind, Channel.EMAIL))
        await Preference.update_or_create(account_id=account_id, defaults={name: False})
        await _take_back(account_id, kind, Channel.EMAIL)
    return True


async def refused_address(account: Account) -> str:
    """Why mail to the verified address was refused for good since; empty when it was not."""
    row = await Preference.get_or_none(account_id=account.id)
    if row is None or row.email_failed_at is None or account.email_verified_at is None:
        return ""
    return row.email_failure if row.email_failed_at >= account.email_verified_at else ""


async def _take_back(account_id: int, kind: Kind, channel: Channel) -> None:
    waiting = OutboxRow.filter(
        account_id=account_id, kind=kind, channel=channel, state=State.PENDING
    )
    # Reminders of important letters go whatever was chosen.
    await waiting.exclude(event__startswith="reminder").update(
        state=State.CANCELLED, last_error="unwanted"
    )


def _mail_but_security() -> frozenset[Switch]:
    return frozenset((kind, Channel.EMAIL) for kind in Kind if kind is not Kind.SECURITY)


def _name(switch: Switch) -> str:
    """The column of a switch."""
    kind, channel = switch
    return f"{kind}_{channel}"
