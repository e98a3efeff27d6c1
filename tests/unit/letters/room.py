"""A small fund for the tests of the letter room: families, their letters, and somebody looking."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from quart import Quart, g
from quart.typing import TestClientProtocol
from quart_auth import generate_auth_token

from app.auth import access, sessions
from app.auth.models import Account
from app.auth.viewer import Viewer
from app.clock import now
from app.demo.people import DemoPerson
from app.documents.store import DocumentStore
from app.dossiers.models import Dossier, Party, Person, Role
from app.dossiers.words import ROLES
from app.letters import views
from app.letters.models import Letter, LetterKind
from app.letters.service import unread_count
from app.settings import Fund
from app.web import errors, security
from app.web import page as pages

BASE_URL = "http://localhost:8000"
PDF = b"%PDF-1.7 a letter"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
FUND = Fund("Proeffonds", "", "", "", "", "token")

_numbers = count(1)


async def add_dossier(number: str, **roles: DemoPerson) -> Dossier:
    """A dossier with its parties, as in ``add_dossier("A-1", beneficiary=SOFIE)``."""
    dossier = await Dossier.create(number=number)
    for role, cast in roles.items():
        person, _ = await Person.get_or_create(
            number=cast.number,
            defaults={"given_name": cast.given_name, "family_name": cast.family_name},
        )
        await Party.create(dossier=dossier, person=person, role=Role(role))
    return dossier


async def add_letter(dossier: Dossier, subject: str = "Uw dossier", **values: Any) -> Letter:
    """A letter, without a PDF unless ``document`` is given; ``to`` makes it personal."""
    to: DemoPerson | None = values.pop("to", None)
    addressee = await Person.get(number=to.number) if to else None
    number = next(_numbers)
    fields: dict[str, Any] = {
        "reference": f"BR-{number}",
        "kind": LetterKind.INFORMATION,
        "date": date(2026, 10, 1),
        "digest": "",
    }
    return await Letter.create(
        dossier=dossier, subject=subject, addressee=addressee, **(fields | values)
    )


async def sign_in(cast: DemoPerson) -> str:
    """Have somebody of the cast signed in and registered; out: the value of their cookie."""
    account, _ = await Account.get_or_create(
        issuer="https://provider.test",
        subject=cast.key,
        defaults={
            "number": cast.number,
            "given_name": cast.given_name,
            "family_name": cast.family_name,
            "registered_at": datetime(2026, 1, 1, tzinfo=UTC),
        },
    )
    signed_in = sessions.SignedIn(level=500, means="eid", authenticated_at=now())
    return await sessions.open_session(account, signed_in, "", now())


async def viewer_of(cast: DemoPerson) -> Viewer:
    """Somebody of the cast, looking."""
    viewer = await sessions.find_viewer(await sign_in(cast), now())
    assert viewer is not None
    return viewer


def make_app(documents: Path) -> Quart:
    """The letter room alone, behind the same guards as the whole portal."""
    app = Quart(__name__, static_folder=None, template_folder=None)
    app.secret_key = "x" * 32
    app.extensions["documents"] = DocumentStore.in_folder(documents)
    errors.install(app)
    security.install(app, base_url=BASE_URL, provider_url="http://127.0.0.1:8001")
    access.install(app, secure=False, keys=())
    shared = pages.Pages(asset=lambda name: f"/static/{name}", fund=FUND, role_words=ROLES)
    shared.add(_around)
    pages.install(app, shared)
    app.register_blueprint(views.blueprint)
    access.check(app)
    return app


async def _around() -> dict[str, Any]:
    viewer = g.get("viewer")
    unread = await unread_count(viewer) if viewer else 0
    return {"unread": unread, "session_seconds": 1800, "incident": "", "children_of": {}}


async def client_of(app: Quart, cast: DemoPerson) -> TestClientProtocol:
    """A browser in which somebody of the cast is signed in."""
    client = app.test_client()
    cookie = generate_auth_token(client, await sign_in(cast))
    client.set_cookie("localhost", "sessie", cookie)
    return client
