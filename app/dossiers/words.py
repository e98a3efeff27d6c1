"""The plain words for roles, states and entitlements."""

from __future__ import annotations

from app.dossiers.models import DossierState, EntitlementKind, Role
from app.web.i18n import lazy

ROLES: dict[Role, str] = {
    Role.BENEFICIARY: lazy("begunstigde"),
    Role.OTHER_PARENT: lazy("andere ouder"),
    Role.GUARDIAN: lazy("voogd"),
}

STATES: dict[DossierState, tuple[str, str]] = {
    DossierState.ACTIVE: (lazy("Loopt"), "ok"),
    DossierState.SUSPENDED: (lazy("Tijdelijk gestopt"), "wait"),
    DossierState.CLOSED: (lazy("Afgesloten"), "plain"),
}

ENTITLEMENTS: dict[EntitlementKind, str] = {
    EntitlementKind.BASIC: lazy("kinderbijslag"),
    EntitlementKind.SOCIAL: lazy("sociale toeslag"),
    EntitlementKind.CARE: lazy("zorgtoeslag"),
    EntitlementKind.ORPHAN: lazy("wezentoeslag"),
    EntitlementKind.FOSTER: lazy("pleegzorgtoeslag"),
    EntitlementKind.STUDENT: lazy("kinderbijslag als student"),
    EntitlementKind.SCHOOL_LEAVER: lazy("kinderbijslag als schoolverlater"),
}
