"""Every page there is, by who looks at it: the pages of the list, and what they lead to."""

from __future__ import annotations

import re

from playwright.async_api import BrowserContext

from app.demo.fund.cast import (
    AMINA_DOSSIER,
    GUARDIAN_DOSSIER,
    LUKASZ_DOSSIER,
    NATHALIE_DOSSIER,
    SOFIE_DOSSIER,
)
from app.demo.people import AMINA, ELS, JAN, LUKASZ, NATHALIE, SOFIE, DemoPerson
from tests.e2e.portal import Portal

PUBLIC = (
    "/",
    "/?volgende=/brieven",
    "/?sessie=voorbij",
    "/hulp",
    "/hulp/veiligheid",
    "/hulp/voorwaarden",
    "/contact",
    "/offline",
    "/afgemeld",
)
OWN = (
    "/overzicht",
    "/dossier",
    "/betalingen",
    "/betalingen?per=onderdeel",
    "/betalingen/kalender",
    "/betalingen?zoek=oktober",
    "/betalingen?zoek=zeppelin",
    "/brieven",
    "/brieven?zoek=kleuter",
    "/brieven?zoek=zeppelin",
    "/brieven?toon=ongelezen",
    "/formulieren",
    "/profiel",
    "/profiel/meldingen",
)
ERRORS = {
    "/aanmelden/terug?state=geraden&code=gevonden": 400,
    "/aanmelden/terug?error=access_denied": 400,
    "/bestaat-niet": 404,
}
# The newest payment of a dossier in each state and kind, and the newest letter of each kind.
_ONE_OF_EACH = """
    SELECT '/betaling/' || max(p.id) FROM payment p JOIN dossier d ON d.id = p.dossier_id
    WHERE d.number = :dossier GROUP BY p.state, p.kind, p.reason <> ''
    UNION
    SELECT '/brieven/' || max(l.id) FROM letter l JOIN dossier d ON d.id = l.dossier_id
    LEFT JOIN person p ON p.id = l.addressee_id
    WHERE d.number = :dossier AND l.withdrawn_at IS NULL AND (p.id IS NULL OR p.number = :number)
    GROUP BY l.kind
"""
# What only some families have: a payment with a reason, a first payment, childcare.
_SPECIAL = """
    SELECT '/betaling/' || max(p.id) FROM payment p JOIN dossier d ON d.id = p.dossier_id
    WHERE d.number = :dossier AND (p.reason <> '' OR p.kind IN ('start', 'childcare'))
    GROUP BY p.kind
"""


class Visitor:
    """Somebody who looks at pages: a person of the demo, or nobody in particular."""

    def __init__(
        self, name: str, person: DemoPerson | None = None, *, registered: bool = True
    ) -> None:
        self.name = name
        self.person = person
        self.registered = registered


VISITORS = (
    Visitor("a visitor"),
    Visitor("Sofie", SOFIE),
    Visitor("Nathalie", NATHALIE),
    Visitor("Łukasz", LUKASZ),
    Visitor("Amina", AMINA),
    Visitor("Jan", JAN),
    Visitor("Els", ELS, registered=False),
)
_DOSSIERS = {
    SOFIE.key: (SOFIE_DOSSIER,),
    NATHALIE.key: (NATHALIE_DOSSIER, GUARDIAN_DOSSIER),
    LUKASZ.key: (LUKASZ_DOSSIER,),
    AMINA.key: (AMINA_DOSSIER,),
}


def addresses(portal: Portal, visitor: Visitor) -> list[str]:
    """The pages that are worth a look as this visitor; each template in each of its states."""
    person = visitor.person
    if person is None:
        return [*PUBLIC, *ERRORS]
    if not visitor.registered:
        return ["/registreren"]
    if person is JAN:
        return ["/overzicht", "/formulieren", "/profiel", "/bestaat-niet"]
    pages, query = [*OWN, "/bestaat-niet"], _ONE_OF_EACH
    if person is not SOFIE:
        pages, query = ["/overzicht", "/dossier", "/betalingen", "/brieven"], _SPECIAL
    for dossier in _DOSSIERS[person.key]:
        values = {"dossier": dossier, "number": person.number}
        pages += [row[0] for row in portal.rows(query, values) if row[0]]
    return pages


async def provider_pages(context: BrowserContext, portal: Portal) -> list[str]:
    """The full addresses of the demo provider's pages, with a sign-in under way."""
    answer = await context.request.get(portal.url("/aanmelden?middel=token"))
    base = re.sub(r"(/fas/aanmelden/[^/?]+).*", r"\1", answer.url)
    paths = ("/demo", "/demo/codekaart/sofie", "/demo/pincode/sofie")
    steps = ("", "/eid", "/eid/sofie", "/token")
    return [f"{base}{step}" for step in steps] + [f"{portal.provider}{path}" for path in paths]
