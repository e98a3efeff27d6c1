"""Sessions are rows: made at sign-in, looked up at each request, ended by the person or by time.

The cookie carries a random value and the table its SHA-256, so that nobody who reads the table
can sign in with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from app.auth.models import Account, Session
from app.auth.viewer import IDLE, LIFETIME, OpenDossier, Viewer
from app.database import as_time, fetch_all
from app.dossiers.models import DossierState, Role
from app.patient_sqlite import only_if_free

SEEN_EVERY = timedelta(minutes=1)  # a page view writes at most this often

_FIND = """
SELECT s.id, s.level, s.means, s.signed_in_at, s.last_seen_at, s.dossier_id AS chosen_id,
       a.id AS account_id, a.given_name, a.family_name, a.language, a.registered_at,
       p.id AS person_id, y.role, d.id AS dossier_id, d.number, d.state, d.version
FROM session s
JOIN account a ON a.id = s.account_id
LEFT JOIN person p ON p.number = a.number
LEFT JOIN party y ON y.person_id = p.id
LEFT JOIN dossier d ON d.id = y.dossier_id
WHERE s.token_hash = $1
ORDER BY CASE d.state WHEN 'active' THEN 1 WHEN 'suspended' THEN 2 ELSE 3 END, d.number
"""


@dataclass(frozen=True)
class SignedIn:
    """What the identity provider said about a sign-in."""

    level: int
    means: str
    authenticated_at: datetime
    id_token: str = ""
    provider_session: str = ""


def hash_token(token: str) -> str:
    """The SHA-256 of a random value, as it is kept in a table."""
    return sha256(token.encode()).hexdigest()


async def open_session(account: Account, signed_in: SignedIn, device: str, now: datetime) -> str:
    """Begin a session; out: the random value for the cookie, kept nowhere else."""
    token = token_urlsafe(32)
    await Session.create(
        token_hash=hash_token(token),
        account=account,
        level=signed_in.level,
        means=signed_in.means,
        device=device,
        provider_session=signed_in.provider_session,
        id_token=signed_in.id_token,
        authenticated_at=signed_in.authenticated_at,
        signed_in_at=now,
        last_seen_at=now,
    )
    return token


async def find_viewer(token: str, now: datetime) -> Viewer | None:
    """Who the session in a cookie belongs to; None when it is unknown or over."""
    rows = await fetch_all(_FIND, [hash_token(token)])
    if not rows:
        return None
    viewer = _viewer(rows)
    return viewer if now < viewer.ends_at else None


def _viewer(rows: Sequence[Any]) -> Viewer:
    first = rows[0]
    dossiers = tuple(
        OpenDossier(
            id=row["dossier_id"],
            number=row["number"],
            state=DossierState(row["state"]),
            version=row["version"],
            role=Role(row["role"]),
        )
        for row in rows
        if row["dossier_id"] is not None
    )
    chosen = (item for item in dossiers if item.id == first["chosen_id"])
    return Viewer(
        session_id=first["id"],
        account_id=first["account_id"],
        person_id=first["person_id"],
        given_name=first["given_name"],
        family_name=first["family_name"],
        language=first["language"],
        level=first["level"],
        means=first["means"],
        registered=first["registered_at"] is not None,
        signed_in_at=as_time(first["signed_in_at"]),
        last_seen_at=as_time(first["last_seen_at"]),
        dossiers=dossiers,
        dossier=next(chosen, dossiers[0] if dossiers else None),
    )


async def keep_alive(viewer: Viewer, now: datetime) -> Viewer:
    """Note that the viewer is still there, at most once a minute; out: the viewer as noted."""
    if now - viewer.last_seen_at >= SEEN_EVERY:
        with only_if_free():  # a page never waits for this
            await extend(viewer.session_id, now)
            return replace(viewer, last_seen_at=now)
    return viewer


async def extend(session_id: int, now: datetime) -> None:
    """Start the 30 idle minutes anew."""
    await Session.filter(id=session_id).update(last_seen_at=now)


async def running(account_id: int, now: datetime) -> list[Session]:
    """The sessions of a person that are not over, the one last used first."""
    seen, begun = now - IDLE, now - LIFETIME
    found = Session.filter(account_id=account_id, last_seen_at__gt=seen, signed_in_at__gt=begun)
    return await found.order_by("-last_seen_at")


async def choose_dossier(viewer: Viewer, dossier_id: int) -> bool:
    """Open another of the viewer's dossiers; False when it is not theirs."""
    if viewer.role_in(dossier_id) is None:
        return False
    await Session.filter(id=viewer.session_id).update(dossier_id=dossier_id)
    return True


async def end_session_of(token: str) -> str:
    """End the session that a cookie carries, over or not.

    Out: the ID token it began with (a hint for the provider), empty when there is none.
    """
    session = await Session.get_or_none(token_hash=hash_token(token))
    if session is None:
        return ""
    await session.delete()
    return session.id_token


async def remove_ended(now: datetime) -> int:
    """Delete the sessions that are over; out: how many."""
    idle = await Session.filter(last_seen_at__lt=now - IDLE).delete()
    old = await Session.filter(signed_in_at__lt=now - LIFETIME).delete()
    return idle + old
