"""What tokens say, checked: who made them, for whom, when, how sure, and about whom.

OpenID Connect Core 1.0, sections 3.1.3.7 (ID token) and 5.3.2 (UserInfo).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from app.auth.oidc.levels import level_of, means_of
from app.auth.oidc.refusal import Reason, SignInRefused
from app.dossiers.numbers import NumberError, parse_number

Claims = Mapping[str, object]

LEEWAY: Final = 60  # seconds that two clocks may differ
_OLDEST_TOKEN: Final = 600
_LATEST_MOMENT: Final = 253_402_300_799  # the last second of the year 9999
_LONGEST_NAME: Final = 120
_LONGEST_ID: Final = 255
_LANGUAGES: Final = frozenset({"nl", "fr", "de", "en"})
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Expected:
    """What the ID token must agree with."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    access_token: str = field(repr=False)
    minimum_level: int
    max_age: int | None
    started: datetime
    moment: datetime


@dataclass(frozen=True)
class Proof:
    """What a checked ID token proves about a sign-in."""

    subject: str = field(repr=False)
    level: int
    means: str
    auth_time: datetime | None
    session_id: str | None = field(repr=False)


def check_id_token(claims: Claims, expected: Expected) -> Proof:
    """Every check of an ID token whose signature is good. Raises SignInRefused."""
    check_parties(claims, expected.issuer, expected.client_id)
    _check_times(claims, expected.moment)
    if not same(_string(claims, "nonce") or "", expected.nonce):
        raise SignInRefused(Reason.WRONG_NONCE)
    _check_access_token(claims, expected.access_token)
    level, means = _level(claims, expected.minimum_level)
    return Proof(
        subject=subject_of(claims),
        level=level,
        means=means,
        auth_time=_auth_time(claims, expected),
        session_id=_session_id(claims),
    )


def check_userinfo(claims: Claims, subject: str) -> None:
    """UserInfo must be about the same person (Core, section 5.3.4). Raises SignInRefused."""
    if not same(subject_of(claims), subject):
        raise SignInRefused(Reason.WRONG_SUBJECT)


def check_userinfo_token(claims: Claims, issuer: str, client_id: str, moment: datetime) -> None:
    """What UserInfo must say in addition when it is a JWT. Raises SignInRefused."""
    check_parties(claims, issuer, client_id)
    if "exp" in claims or "nbf" in claims:
        _check_window(claims, moment)


def check_parties(claims: Claims, issuer: str, client_id: str) -> None:
    """The token comes from our provider and is for us alone. Raises SignInRefused."""
    if _string(claims, "iss") != issuer:
        raise SignInRefused(Reason.WRONG_ISSUER)
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or not audiences:
        raise SignInRefused(Reason.WRONG_AUDIENCE)
    if any(name != client_id for name in audiences):  # we trust no other party at all
        raise SignInRefused(Reason.WRONG_AUDIENCE)
    party = _string(claims, "azp")
    if party is None and len(audiences) > 1:
        raise SignInRefused(Reason.WRONG_PARTY)
    if party is not None and party != client_id:
        raise SignInRefused(Reason.WRONG_PARTY)


def subject_of(claims: Claims) -> str:
    """The provider's own name for the person (Core, section 2). Raises SignInRefused."""
    subject = _string(claims, "sub")
    if not subject or len(subject) > _LONGEST_ID:
        raise SignInRefused(Reason.BAD_CLAIMS, "sub")
    if not subject.isascii() or not subject.isprintable():
        raise SignInRefused(Reason.BAD_CLAIMS, "sub")
    return subject


def number_of(sources: list[Claims], name: str) -> str:
    """The national or bis number, from whichever source states it. Raises SignInRefused."""
    stated = [value for claims in sources if (value := claims.get(name)) not in (None, "")]
    if not stated:
        raise SignInRefused(Reason.NO_NUMBER)
    numbers = set()
    for value in stated:
        if not isinstance(value, str):
            raise SignInRefused(Reason.BAD_NUMBER, "not a text")
        try:
            numbers.add(parse_number(value))
        except NumberError as error:
            raise SignInRefused(Reason.BAD_NUMBER, error.reason.value) from None
    if len(numbers) > 1:
        raise SignInRefused(Reason.NUMBER_CONFLICT)
    return numbers.pop()


def name_of(sources: list[Claims], *names: str) -> str:
    """The first of ``names`` that a source states, cleaned; empty when nobody does.

    Some people have one name only, so an empty one is no mistake. Raises SignInRefused for
    anything but text.
    """
    value = (_first(sources, *names) or "")[: 4 * _LONGEST_NAME]
    visible = (
        " " if sign.isspace() else sign
        for sign in unicodedata.normalize("NFC", value)
        if sign.isspace() or not unicodedata.category(sign).startswith("C")
    )
    return " ".join("".join(visible).split())[:_LONGEST_NAME].rstrip()


def email_of(sources: list[Claims]) -> str | None:
    """An e-mail address that looks like one; our own confirmation comes later."""
    value = _first(sources, "mail", "email")
    if value is None or len(value) > 254 or not value.isprintable():
        return None
    return value if _EMAIL.fullmatch(value) else None


def language_of(sources: list[Claims]) -> str | None:
    """The language that the person prefers, when it is one that we might speak."""
    value = _first(sources, "prefLanguage", "locale")
    code = (value or "")[:2].lower()
    return code if code in _LANGUAGES else None


def same(left: str, right: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(
        left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass")
    )


def _first(sources: list[Claims], *names: str) -> str | None:
    """The first of ``names`` that a source states, as it stands. Raises SignInRefused."""
    for claims in sources:
        for name in names:
            if value := _string(claims, name):
                return value.strip()
    return None


def _string(claims: Claims, name: str) -> str | None:
    value = claims.get(name)
    if value is not None and not isinstance(value, str):
        raise SignInRefused(Reason.BAD_CLAIMS, name)
    return value


def _number(claims: Claims, name: str) -> float | None:
    """A NumericDate (RFC 7519, section 2); a text or a truth value is none."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SignInRefused(Reason.BAD_CLAIMS, name)
    if not 0 <= value <= _LATEST_MOMENT:
        raise SignInRefused(Reason.BAD_CLAIMS, name)
    return value


def _check_times(claims: Claims, moment: datetime) -> None:
    _check_window(claims, moment)
    issued, now = _number(claims, "iat"), moment.timestamp()
    if issued is None or claims.get("exp") is None:
        raise SignInRefused(Reason.BAD_CLAIMS, "exp or iat is missing")
    if issued > now + LEEWAY:
        raise SignInRefused(Reason.ISSUED_IN_FUTURE)
    if issued < now - _OLDEST_TOKEN - LEEWAY:
        raise SignInRefused(Reason.ISSUED_TOO_LONG_AGO)


def _check_window(claims: Claims, moment: datetime) -> None:
    expires, begins, now = _number(claims, "exp"), _number(claims, "nbf"), moment.timestamp()
    if expires is not None and expires <= now - LEEWAY:
        raise SignInRefused(Reason.TOKEN_EXPIRED)
    if begins is not None and begins > now + LEEWAY:
        raise SignInRefused(Reason.NOT_YET_VALID)


def _check_access_token(claims: Claims, access_token: str) -> None:
    """``at_hash`` ties the access token to the ID token (Core, section 3.1.3.6); SHA-256 for all
    algorithms that we accept."""
    stated = _string(claims, "at_hash")
    if stated is None:
        return
    half = hashlib.sha256(access_token.encode("ascii")).digest()[:16]
    if not same(stated, base64.urlsafe_b64encode(half).rstrip(b"=").decode("ascii")):
        raise SignInRefused(Reason.WRONG_ACCESS_TOKEN)


def _level(claims: Claims, minimum: int) -> tuple[int, str]:
    amr = claims.get("amr", [])
    methods = [amr] if isinstance(amr, str) else amr
    if not isinstance(methods, list) or not all(isinstance(item, str) for item in methods):
        raise SignInRefused(Reason.BAD_CLAIMS, "amr")
    level = level_of(_string(claims, "acr"), methods)
    means = means_of(level) if level is not None else None
    if level is None or means is None:
        raise SignInRefused(Reason.LEVEL_UNKNOWN)
    if level < minimum:
        raise SignInRefused(Reason.LEVEL_TOO_LOW)
    return level, means


def _auth_time(claims: Claims, expected: Expected) -> datetime | None:
    """When the person proved who they are; required and recent when we asked for ``max_age``.

    Counted from when we asked: the minutes that somebody spends on the provider's pages after
    its own check are not held against them.
    """
    stated = _number(claims, "auth_time")
    if stated is None:
        if expected.max_age is not None:
            raise SignInRefused(Reason.BAD_CLAIMS, "auth_time is missing")
        return None
    if stated > expected.moment.timestamp() + LEEWAY:
        raise SignInRefused(Reason.AUTHENTICATION_IN_FUTURE)
    if expected.max_age is not None:
        oldest = expected.started.timestamp() - expected.max_age - LEEWAY
        if stated < oldest:
            raise SignInRefused(Reason.AUTHENTICATION_TOO_OLD)
    return datetime.fromtimestamp(stated, UTC)


def _session_id(claims: Claims) -> str | None:
    session = _string(claims, "sid")
    if session is not None and len(session) > _LONGEST_ID:
        raise SignInRefused(Reason.BAD_CLAIMS, "sid")
    return session
