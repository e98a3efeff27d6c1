"""Why a sign-in ends without anybody signed in: one exception, many reasons, few page texts."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """What a person can do about it; the page texts key on this."""

    TRY_AGAIN = "try_again"
    CANCELLED = "cancelled"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    LEVEL_TOO_LOW = "level_too_low"
    NO_NUMBER = "no_number"
    CLOCK = "clock"
    TECHNICAL = "technical"


class Reason(StrEnum):
    """What went wrong, for the log. Constants only: no value of a request ever stands in it."""

    # The return itself
    CANCELLED = "cancelled"
    NO_TRANSACTION = "no_transaction"
    STATE_MISMATCH = "state_mismatch"
    EXPIRED = "expired"
    REPLAYED = "replayed"
    LOGIN_REQUIRED = "login_required"
    BAD_RESPONSE = "bad_response"
    PROVIDER_ERROR = "provider_error"
    # Talking with the provider
    PROVIDER_DOWN = "provider_down"
    BAD_DISCOVERY = "bad_discovery"
    BAD_KEYS = "bad_keys"
    BAD_ANSWER = "bad_answer"
    REDIRECTED = "redirected"
    CLIENT_REFUSED = "client_refused"
    CODE_REFUSED = "code_refused"
    # Tokens as such
    MALFORMED_TOKEN = "malformed_token"  # noqa: S105 (a reason)
    WRONG_ALGORITHM = "wrong_algorithm"
    UNKNOWN_KEY = "unknown_key"
    AMBIGUOUS_KEY = "ambiguous_key"
    BAD_SIGNATURE = "bad_signature"
    BAD_ENCRYPTION = "bad_encryption"
    # What they say
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_PARTY = "wrong_party"
    WRONG_SUBJECT = "wrong_subject"
    WRONG_NONCE = "wrong_nonce"
    WRONG_ACCESS_TOKEN = "wrong_access_token"  # noqa: S105 (a reason)
    BAD_CLAIMS = "bad_claims"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 (a reason)
    NOT_YET_VALID = "not_yet_valid"
    ISSUED_IN_FUTURE = "issued_in_future"
    ISSUED_TOO_LONG_AGO = "issued_too_long_ago"
    AUTHENTICATION_TOO_OLD = "authentication_too_old"
    AUTHENTICATION_IN_FUTURE = "authentication_in_future"
    LEVEL_TOO_LOW = "level_too_low"
    LEVEL_UNKNOWN = "level_unknown"
    NO_NUMBER = "no_number"
    BAD_NUMBER = "bad_number"
    NUMBER_CONFLICT = "number_conflict"

    @property
    def category(self) -> Category:
        """Which of the few page texts fits; everything unnamed is technical."""
        return CATEGORIES.get(self, Category.TECHNICAL)


CATEGORIES: dict[Reason, Category] = {
    Reason.CANCELLED: Category.CANCELLED,
    Reason.NO_TRANSACTION: Category.TRY_AGAIN,
    Reason.STATE_MISMATCH: Category.TRY_AGAIN,
    Reason.EXPIRED: Category.TRY_AGAIN,
    Reason.REPLAYED: Category.TRY_AGAIN,
    Reason.LOGIN_REQUIRED: Category.TRY_AGAIN,
    Reason.CODE_REFUSED: Category.TRY_AGAIN,
    Reason.AUTHENTICATION_TOO_OLD: Category.TRY_AGAIN,
    Reason.PROVIDER_DOWN: Category.PROVIDER_UNAVAILABLE,
    Reason.LEVEL_TOO_LOW: Category.LEVEL_TOO_LOW,
    Reason.NO_NUMBER: Category.NO_NUMBER,
    Reason.TOKEN_EXPIRED: Category.CLOCK,
    Reason.NOT_YET_VALID: Category.CLOCK,
    Reason.ISSUED_IN_FUTURE: Category.CLOCK,
    Reason.ISSUED_TOO_LONG_AGO: Category.CLOCK,
    Reason.AUTHENTICATION_IN_FUTURE: Category.CLOCK,
}


class SignInRefused(Exception):
    """Nobody is signed in; ``reason`` says why and ``detail`` adds a fixed phrase for the log.

    Neither carries anything that came from a person or a token.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail

    @property
    def category(self) -> Category:
        """Which page text to show."""
        return self.reason.category
