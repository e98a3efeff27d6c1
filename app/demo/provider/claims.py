"""What the provider tells a client about a person, by scope; names as the federal service has them.

The subject and the federal id are made from the person's key alone, so a person keeps them when
the demo is started again.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from app.demo.people import DemoPerson


def subject(person: DemoPerson) -> str:
    """The lasting name of a person at this provider; it says nothing about them."""
    return sha256(f"subject of {person.key}".encode()).hexdigest()[:32]


def fedid(person: DemoPerson) -> str:
    """The federal id: ten digits, without a meaning."""
    return str(int(sha256(f"fedid of {person.key}".encode()).hexdigest(), 16))[:10]


def claims_for(person: DemoPerson, scopes: Sequence[str]) -> dict[str, Any]:
    """The claims that these scopes give a right to; ``sub`` always."""
    mail = f"{person.key}@demo.example"
    found: dict[str, Any] = {"sub": subject(person)}
    if "profile" in scopes:
        found |= {
            "surname": person.family_name,
            "givenName": person.given_name,
            "prefLanguage": person.language,
            "mail": mail,
            "fedid": fedid(person),
            "name": person.name,
            "family_name": person.family_name,
            "given_name": person.given_name,
            "locale": f"{person.language}-BE",
        }
    if "email" in scopes:
        found |= {"mail": mail, "email": mail, "email_verified": False}
    if "egovnrn" in scopes:
        found["egovNRN"] = person.number
    return found
