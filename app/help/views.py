"""Pages that anybody can read, signed in or not."""

from __future__ import annotations

from quart import Blueprint, Response

from app.auth.access import public, registered
from app.web.page import page

blueprint = Blueprint("help", __name__)


@blueprint.get("/hulp")
@public()
async def signing_in() -> Response:
    """What to do when signing in fails."""
    return await page("help/signing_in.html")


@blueprint.get("/hulp/veiligheid")
@public()
async def safety() -> Response:
    """How data is kept safe, and how to recognise phishing."""
    return await page("help/safety.html")


@blueprint.get("/hulp/voorwaarden")
@public()
async def conditions() -> Response:
    """What an online profile is, and what happens with personal data."""
    return await page("help/conditions.html")


@blueprint.get("/contact")
@public()
async def contact() -> Response:
    """How to reach the fund."""
    return await page("help/contact.html")


@blueprint.get("/formulieren")
@registered
async def forms() -> Response:
    """How to pass something on today."""
    return await page("help/forms.html")
