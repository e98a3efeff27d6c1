"""Signing in and registering: from what the provider said to a profile and a session."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Protocol

from tortoise.expressions import Subquery

from app.auth.models import Account, Session, SignIn
from app.auth.oidc.sign_in import Authorization, Identity, Transaction
from app.auth.sessions import SignedIn, hash_token
from app.database import transaction
from app.dossiers.models import Party

CONDITIONS_VERSION = "2026-11"
CONTACT_LANGUAGES = ("nl", "fr", "de", "en")
SIGN_IN_LIFETIME = timedelta(minutes=10)
UNREGISTERED_FOR = timedelta(days=1)


def new_browser_value() -> str:
    """A random value that ties a sign-in to the browser it began in."""
    return token_urlsafe(32)


async def begin_sign_in(authorization: Authorization, browser: str, next_url: str) -> None:
    """Remember a sign-in that leaves for the provider; only hashes of what the browser holds."""
    started = authorization.transaction
    await SignIn.create(
        cookie_hash=hash_token(browser),
        state_hash=started.state_hash,
        nonce=started.nonce,
        code_verifier=started.code_verifier,
        next_url=next_url,
        minimum_level=started.minimum_level,
        max_age=started.max_age,
        created_at=started.created_at,
    )


async def take_sign_in(
    browser: str | None, state_hash: str, now: datetime
) -> tuple[Transaction, str] | None:
    """What was remembered and where to go on, for this browser and state; None when unknown.

    It is marked as used in one statement, so that of two returns at once only one goes on.
    """
    if not browser:
        return None
    known = SignIn.filter(cookie_hash=hash_token(browser), state_hash=state_hash)
    first_use = await known.filter(used_at=None).update(used_at=now)
    row = await known.first()
    if row is None:
        return None
    started = Transaction(
        state_hash=row.state_hash,
        nonce=row.nonce,
        code_verifier=row.code_verifier,
        created_at=row.created_at,
        minimum_level=row.minimum_level,
        max_age=row.max_age,
        used=first_use == 0,
    )
    return started, row.next_url


async def recognise(identity: Identity, now: datetime) -> Account:
    """The profile of whoever signed in, with the name and number that the provider says today.

    A profile that is new is not registered yet; a changed number (a bis number that became a
    national number) moves the profile along.
    """
    said = {
        "number": identity.number,
        "given_name": identity.given_name[:120],
        "family_name": identity.family_name[:120],
    }
    account, _ = await Account.get_or_create(  # two first sign-ins at once make one profile
        issuer=identity.issuer,
        subject=identity.subject,
        defaults={**said, **_offered(identity), "created_at": now},
    )
    await account.update_from_dict(said).save(update_fields=list(said))
    return account


def _offered(identity: Identity) -> dict[str, str]:
    """What the provider knows besides, to fill in the registration with: yet to be confirmed."""
    language = identity.language or ""
    return {
        "language": language if language in CONTACT_LANGUAGES else CONTACT_LANGUAGES[0],
        "email": (identity.email or "")[:254],
    }


def language_to_offer(account: Account, parties: list[Party]) -> str:
    """In which language to write somebody: that of their dossier, else what the provider said."""
    return parties[0].dossier.language if parties else account.language


def signed_in_by(identity: Identity) -> SignedIn:
    """What a session keeps of a sign-in."""
    return SignedIn(
        level=identity.level,
        means=identity.means,
        authenticated_at=identity.authenticated_at,
        id_token=identity.id_token,
        provider_session=identity.session_id or "",
    )


async def dossiers_of(number: str) -> list[Party]:
    """The dossiers in which somebody with this number has a role."""
    return (
        await Party.filter(person__number=number)
        .select_related("dossier__office")
        .order_by("dossier__number")
    )


async def register(
    account_id: int, *, language: str, email: str, wants_alerts: bool, now: datetime
) -> None:
    """Make a sign-in a profile; the first registration counts, a second changes nothing of it."""
    await Account.filter(id=account_id, registered_at=None).update(
        language=language,
        email=email,
        wants_alerts=wants_alerts,
        conditions_version=CONDITIONS_VERSION,
        registered_at=now,
    )


class AddressWatcher(Protocol):
    """Who must know when an e-mail address changes; lives on a floor above this one."""

    async def changed(self, account: Account, former: str, now: datetime) -> None:
        """Within the transaction: ``former`` is the address that was verified until now, or ""."""

    async def prove(self, account_id: int, now: datetime) -> None:
        """After it: let the owner of the new address show that it is theirs."""


async def change_contact(
    account_id: int,
    *,
    language: str,
    email: str,
    wants_alerts: bool,
    watcher: AddressWatcher,
    now: datetime,
) -> None:
    """Keep other contact details; another address has yet to be verified."""
    async with transaction():
        account = await Account.get(id=account_id)
        former = account.email if account.email_verified_at else ""
        is_other = account.email.casefold() != email.casefold()
        if is_other:
            account.email_verified_at = None
        account.email = email
        account.language = language
        account.wants_alerts = wants_alerts
        await account.save()
        if is_other:
            await watcher.changed(account, former, now)
    if is_other and email:
        await watcher.prove(account_id, now)


async def forget_unfinished(now: datetime) -> int:
    """Delete sign-ins that nobody finished and profiles never registered; out: how many."""
    gone = await SignIn.filter(created_at__lt=now - SIGN_IN_LIFETIME).delete()
    never = Account.filter(registered_at=None, created_at__lt=now - UNREGISTERED_FOR)
    busy = Subquery(Session.all().values("account_id"))
    return gone + await never.exclude(id__in=busy).delete()
