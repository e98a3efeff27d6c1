"""Who is looking: the person signed in, what they may see, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.dossiers.models import DossierState, Role

IDLE = timedelta(minutes=30)
LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class OpenDossier:
    """A dossier that the viewer is a party of."""

    id: int
    number: str
    state: DossierState
    version: int
    role: Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody signed in. ``dossiers`` are all theirs, ``dossier`` the one that is open."""

    session_id: int
    account_id: int
    person_id: int | None
    given_name: str
    family_name: str
    language: str
    level: int
    means: str
    registered: bool
    signed_in_at: datetime
    last_seen_at: datetime
    dossiers: tuple[OpenDossier, ...]
    dossier: OpenDossier | None

    @property
    def name(self) -> str:
        """The full name, given name first."""
        return f"{self.given_name} {self.family_name}"

    @property
    def ends_at(self) -> datetime:
        """When the session ends if nothing is done: 30 minutes idle, 12 hours at most."""
        return min(self.last_seen_at + IDLE, self.signed_in_at + LIFETIME)

    @property
    def extendable(self) -> bool:
        """Whether staying signed in still helps, or the 12 hours are what ends it."""
        return self.last_seen_at + IDLE < self.signed_in_at + LIFETIME

    def dossier_ids(self) -> list[int]:
        """The ids of every dossier the viewer may see."""
        return [dossier.id for dossier in self.dossiers]

    def role_in(self, dossier_id: int) -> Role | None:
        """What the viewer is in a dossier, if anything."""
        return next((item.role for item in self.dossiers if item.id == dossier_id), None)
