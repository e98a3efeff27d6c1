"""The payments page in Quart with hand-written SQL on aiosqlite, and nothing of our layers.

What it shares with the portal is what any author of the page would write again: the templates, in
a plain Jinja environment, the formats behind their caches, and the arithmetic of the picture.
Between the socket and the template everything is direct: the cookie carries the random value
itself, the session is checked in the view, the queries run on one aiosqlite connection. Each
request is logged, with the logging of Python itself; there is no banner, no declared access, no
signature on the cookie, no limit.
"""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from time import perf_counter
from typing import Any

import aiosqlite
from jinja2 import Environment, FileSystemLoader
from quart import Quart, Response, abort, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from app.clock import today
from app.dossiers.words import ROLES
from app.payments import chart, words
from app.payments.models import PaymentKind, PaymentState
from app.payments.queries import PaymentRow, Share
from app.payments.service import Per, YearPage, picture
from app.server import Served, serve
from app.settings import load_settings
from app.web.assets import Assets
from app.web.formats import FILTERS
from app.web.i18n import gettext
from app.web.page import TEMPLATES
from app.web.security import content_security_policy

IDLE, LIFETIME = timedelta(minutes=30), timedelta(hours=12)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Language": "nl",
    "Content-Security-Policy": content_security_policy("https://issuer.example"),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

SESSION = """
SELECT s.id, s.signed_in_at, s.last_seen_at, a.id, a.given_name, p.id, d.id, d.number
FROM session s
JOIN account a ON a.id = s.account_id
JOIN person p ON p.number = a.number
JOIN party y ON y.person_id = p.id
JOIN dossier d ON d.id = y.dossier_id
WHERE s.token_hash = ? AND a.registered_at IS NOT NULL
ORDER BY d.state, d.number
"""
UNREAD = """
SELECT COUNT(*) FROM letter l
WHERE l.dossier_id = ? AND l.withdrawn_at IS NULL
  AND (l.addressee_id IS NULL OR l.addressee_id = ?)
  AND NOT EXISTS (SELECT 1 FROM reading r WHERE r.letter_id = l.id AND r.account_id = ?)
"""
PAYMENTS = """
SELECT id, kind, period, pay_date, state, total_cents FROM payment
WHERE dossier_id = ? AND withdrawn_at IS NULL ORDER BY pay_date DESC, id DESC
"""
SHARES = """
SELECT p.pay_date, c.id, c.given_name, c.birth_date, SUM(l.amount_cents)
FROM payment p
JOIN payment_line l ON l.payment_id = p.id
LEFT JOIN child c ON c.id = l.child_id
WHERE p.dossier_id = ? AND p.pay_date >= ? AND p.pay_date < ?
  AND p.withdrawn_at IS NULL AND p.state IN ('paid', 'corrected')
GROUP BY p.pay_date, c.id
"""

log = logging.getLogger("requests")
app = Quart(__name__, static_folder=None)
settings = load_settings()
templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
    extensions=["jinja2.ext.i18n"],
)
templates.install_null_translations()  # type: ignore[attr-defined]
templates.policies["ext.i18n.trimmed"] = True
templates.filters.update(FILTERS)
templates.globals.update(
    asset=Assets().url, fund=settings.fund, role_words=ROLES, language="nl", _=gettext
)


@dataclass
class Visitor:
    """Who is signed in."""

    account_id: int
    person_id: int
    given_name: str
    dossiers: list[tuple[int, str]]
    ends_at: datetime
    extendable: bool
    registered: bool = True

    @property
    def dossier(self) -> tuple[int, str]:
        """The dossier that is shown."""
        return self.dossiers[0]


@app.before_serving
async def connect() -> None:
    """Open the one connection."""
    db = await aiosqlite.connect(settings.database_url.removeprefix("sqlite:///"))
    await db.execute("PRAGMA journal_mode=WAL")
    await db.execute("PRAGMA synchronous=NORMAL")
    app.extensions["db"] = db


@app.after_serving
async def disconnect() -> None:
    """Close it."""
    await app.extensions["db"].close()


async def rows_of(sql: str, *values: object) -> list[Any]:
    """All rows of a query."""
    return list(await app.extensions["db"].execute_fetchall(sql, values))


async def find_visitor(now: datetime) -> Visitor | None:
    """Who sent the cookie, unless the session is over."""
    token = request.cookies.get("sessie", "")
    rows = await rows_of(SESSION, sha256(token.encode()).hexdigest())
    if not rows:
        return None
    session_id, signed_in, seen, account_id, given_name, person_id, *_ = rows[0]
    last_seen = datetime.fromisoformat(seen)
    idle, most = last_seen + IDLE, datetime.fromisoformat(signed_in) + LIFETIME
    if now >= min(idle, most):
        return None
    if now - last_seen > timedelta(minutes=1):
        db = app.extensions["db"]
        await db.execute("UPDATE session SET last_seen_at = ? WHERE id = ?", (now, session_id))
        await db.commit()
    dossiers = [(row[6], row[7]) for row in rows]
    return Visitor(account_id, person_id, given_name, dossiers, min(idle, most), idle < most)


@app.before_request
async def begin() -> None:
    """Note when the request came in."""
    g.began = perf_counter()


@app.after_request
async def log_request(response: Response) -> Response:
    """One line for each request, without personal data."""
    took = (perf_counter() - g.began) * 1000
    rule = request.url_rule
    log.info("%s %s %d %.1f ms", request.method, rule, response.status_code, took)
    return response


@app.get("/betalingen/<int:year>")
async def payments(year: int) -> AnyResponse | Response:
    """The payments of a year."""
    now = datetime.now(UTC)
    visitor = await find_visitor(now)
    if visitor is None:
        return redirect("/")
    dossier_id = visitor.dossier[0]
    unread = await rows_of(UNREAD, dossier_id, visitor.person_id, visitor.account_id)
    rows = [
        PaymentRow(
            number,
            PaymentKind(kind),
            date.fromisoformat(period),
            date.fromisoformat(pay_date),
            PaymentState(state),
            cents,
        )
        for number, kind, period, pay_date, state, cents in await rows_of(PAYMENTS, dossier_id)
    ]
    years = sorted({row.pay_date.year for row in rows}, reverse=True)
    if year not in years:
        abort(404)
    shares = [
        Share(date.fromisoformat(day), child or 0, name or "", date.fromisoformat(born), cents)
        for day, child, name, born, cents in await rows_of(
            SHARES, dossier_id, f"{year}-01-01", f"{year + 1}-01-01"
        )
    ]
    html = templates.get_template("payments/index.html").render(
        viewer=visitor,
        path=request.path,
        unread=unread[0][0],
        incident="",
        session_seconds=int((visitor.ends_at - now).total_seconds()),
        shown=YearPage(
            year=year,
            years=years,
            per=Per.CHILD,
            payments=[row for row in rows if row.pay_date.year == year],
            coming=[],
            chart=picture(year, shares, "nl"),
        ),
        words=words,
        today=today(),
        bar_width=chart.BAR_WIDTH,
        chart_height=chart.HEIGHT,
    )
    return Response(html, headers=HEADERS, content_type="text/html; charset=utf-8")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    asyncio.run(serve([Served(app, "127.0.0.1", int(os.environ["BENCH_PORT"]))]))
