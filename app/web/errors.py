"""What went wrong, once: a page for people, RFC 9457 JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex

import msgspec
import structlog
from quart import Quart, Response, g, request
from quart_rate_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException

from app.web.i18n import gettext, lazy
from app.web.page import page

log = structlog.get_logger()

PROBLEM_TYPE = "urn:kinderbijslag:problem:"


@dataclass(frozen=True)
class _Kind:
    """What went wrong: in Dutch for people, in English for programs of others (``/api/``)."""

    name: str
    status: int
    title: str
    text: str
    api_title: str
    api_text: str


NOT_FOUND = _Kind(
    "not-found",
    404,
    lazy("Deze pagina bestaat niet"),
    lazy("Misschien is het adres verkeerd getypt, of is de pagina verplaatst."),
    "There is no such address",
    "See docs/backoffice.md for the addresses of version 1.",
)
FORBIDDEN = _Kind(
    "forbidden",
    403,
    lazy("U hebt geen toegang tot deze pagina"),
    lazy("Deze pagina is niet voor u bedoeld."),
    "This is not allowed",
    "Whoever asks may not do this.",
)
CROSS_SITE = _Kind(
    "cross-site",
    403,
    lazy("Dit verzoek komt van een andere website"),
    lazy("Voor uw veiligheid voeren wij het niet uit. Open het portaal en probeer het daar."),
    "This request comes from another website",
    "For safety it is not carried out.",
)
METHOD = _Kind(
    "method-not-allowed",
    405,
    lazy("Dat kan hier niet"),
    lazy("Ga terug naar het overzicht en probeer het daar opnieuw."),
    "This address does not take that method",
    "The header Allow names the methods that it takes.",
)
TOO_MANY = _Kind(
    "too-many-requests",
    429,
    lazy("U probeert het te vaak na elkaar"),
    lazy("Wacht een minuut en probeer het dan opnieuw."),
    "Too many requests",
    "Try again after the number of seconds in Retry-After.",
)
BAD_REQUEST = _Kind(
    "bad-request",
    400,
    lazy("Wij begrijpen dit verzoek niet"),
    lazy("Ga terug en probeer het opnieuw."),
    "The request cannot be understood",
    "Check its form, and send it again.",
)
TOO_LARGE = _Kind(
    "too-large",
    413,
    lazy("Dit is te groot"),
    lazy("Stuur een kleiner bestand of een kortere tekst."),
    "The request is too large",
    "Send less at once, or import with the command.",
)
TOO_SLOW = _Kind(
    "too-slow",
    408,
    lazy("Uw verzoek bleef onderweg steken"),
    lazy("Kijk na of u internet hebt en probeer het opnieuw."),
    "The request came in too slowly",
    "Nothing was stored. Send it again.",
)
INVALID = _Kind(
    "invalid",
    422,
    lazy("Dit klopt niet"),
    lazy("Wij kunnen hier niets mee doen."),
    "This cannot be taken",
    "Something in it is not as it should be.",
)
UNAUTHORIZED = _Kind(
    "unauthorized",
    401,
    lazy("Meld u eerst aan"),
    lazy("Uw sessie is voorbij of u bent nog niet aangemeld."),
    "A key is needed",
    "Send one of the fund's keys: Authorization: Bearer KEY.",
)
BROKEN = _Kind(
    "broken",
    500,
    lazy("Er ging iets mis bij ons"),
    lazy("Het ligt niet aan u. Probeer het over enkele minuten opnieuw."),
    "Something went wrong here",
    "It is not the request. Try again in some minutes.",
)

_BY_STATUS = {
    kind.status: kind
    for kind in (
        NOT_FOUND,
        FORBIDDEN,
        METHOD,
        TOO_MANY,
        BAD_REQUEST,
        TOO_LARGE,
        TOO_SLOW,
        UNAUTHORIZED,
    )
}


class Problem(Exception):
    """Something that ends a request, to be told to whoever asked."""

    def __init__(
        self, kind: _Kind, detail: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.detail = detail
        self.headers = headers or {}

    @classmethod
    def not_found(cls) -> Problem:
        """There is no such thing, or it is not this person's: the same answer for both."""
        return cls(NOT_FOUND)

    @classmethod
    def cross_site(cls) -> Problem:
        """Another website tried to change something here."""
        return cls(CROSS_SITE)

    @classmethod
    def unauthorized(cls, scheme: str = "") -> Problem:
        """A session is needed, or a key under ``scheme`` (RFC 9110, section 11.6.1)."""
        return cls(UNAUTHORIZED, headers={"WWW-Authenticate": scheme} if scheme else None)

    @classmethod
    def forbidden(cls) -> Problem:
        """Known who it is, and they may not."""
        return cls(FORBIDDEN)

    @classmethod
    def bad_request(cls, detail: str | None = None) -> Problem:
        """The request cannot be understood."""
        return cls(BAD_REQUEST, detail)

    @classmethod
    def invalid(cls, detail: str) -> Problem:
        """The request is understood, and what it holds cannot be used."""
        return cls(INVALID, detail)


def is_api() -> bool:
    """Whether the address is one for programs of others, which are answered in English."""
    return request.path.startswith("/api/")


def wants_json() -> bool:
    """Whether the one who asks is a program: an API address, or JSON and no HTML accepted."""
    accepts = request.headers.get("Accept", "")
    return is_api() or ("json" in accepts and "html" not in accepts)


def problem_details(
    status: int, name: str, title: str, detail: str, more: Mapping[str, object] | None = None
) -> Response:
    """Problem details (RFC 9457); ``more`` are extension members.

    The type is a name of ours to compare with, at which there is nothing to be read.
    """
    body = {
        "type": f"{PROBLEM_TYPE}{name}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"urn:request:{g.get('request_id', '')}",
        **(more or {}),
    }
    return Response(msgspec.json.encode(body), status, content_type="application/problem+json")


async def answer(problem: Problem) -> Response:
    """A problem as a page, or as problem details (RFC 9457)."""
    if problem.kind is not BROKEN:
        return await _answer(problem)
    g.viewer = None  # what stands around a page for somebody signed in may be what is broken
    try:
        return await _answer(problem)
    except Exception as error:
        log.error("problem_page_failed", exc_info=error)
        text = f"{gettext(BROKEN.title)}. {gettext(BROKEN.text)} ({g.get('request_id', '')})\n"
        return Response(text, BROKEN.status, content_type="text/plain; charset=utf-8")


async def _answer(problem: Problem) -> Response:
    kind = problem.kind
    text = problem.detail or (kind.api_text if is_api() else gettext(kind.text))
    reference = g.get("request_id", "")
    if not wants_json():
        return await page(
            "web/problem.html",
            status=kind.status,
            title=gettext(kind.title),
            text=text,
            kind=kind.name,
            reference=reference,
        )
    title = kind.api_title if is_api() else gettext(kind.title)
    return problem_details(kind.status, kind.name, title, text)


def new_reference() -> str:
    """A short number by which a person and an operator can speak of the same request."""
    return token_hex(4).upper()


def install(app: Quart) -> None:
    """Turn every error of an application into an answer."""

    @app.errorhandler(Problem)
    async def known(error: Problem) -> Response:
        response = await answer(error)
        response.headers.update(error.headers)
        return response

    @app.errorhandler(RateLimitExceeded)
    async def too_many(error: RateLimitExceeded) -> Response:
        response = await answer(Problem(TOO_MANY))
        _copy_headers(error, response, ("Retry-After", "RateLimit-Limit", "RateLimit-Reset"))
        return response

    @app.errorhandler(HTTPException)
    async def by_status(error: HTTPException) -> Response | HTTPException:
        if error.code is not None and 300 <= error.code < 400:
            return error
        kind = _BY_STATUS.get(error.code or 500)
        fallback = BAD_REQUEST if (error.code or 500) < 500 else BROKEN
        response = await answer(Problem(kind or fallback))
        _copy_headers(error, response, ("Allow",))
        return response

    @app.errorhandler(Exception)
    async def unknown(error: Exception) -> Response:
        log.error("request_failed", error=type(error).__name__, exc_info=error)
        return await answer(Problem(BROKEN))


def _copy_headers(error: HTTPException, response: Response, names: tuple[str, ...]) -> None:
    for name, value in error.get_headers():
        if name in names:
            response.headers[name] = value
