from __future__ import annotations

import re
from pathlib import Path

import pytest
from quart import Quart

from app.clock import now
from app.dossiers.models import Child
from app.overview.incidents import set_incident
from app.portal import create_app
from app.settings import SettingsError
from tests.cast import FAMILY, NATHALIE, OWN, SOFIE, WARD, Fund
from tests.unit.auth import fake_provider
from tests.unit.conftest import Visitor, settings_for


def test_a_key_that_cannot_be_used_is_named_before_serving(tmp_path: Path) -> None:
    pem = tmp_path / "key.pem"
    pem.write_text("marked-secret-key")
    settings = settings_for("sqlite:///unused.sqlite3", tmp_path)
    with pytest.raises(SettingsError, match=r"^KINDERBIJSLAG_OIDC_CLIENT_KEY: ") as refused:
        create_app(settings.model_copy(update={"oidc_client_key": pem}))
    assert "marked-secret" not in str(refused.value)


async def test_two_portals_in_one_process_do_not_share_anything(
    app: Quart, tmp_path: Path, sqlite_url: str
) -> None:
    other = create_app(settings_for(sqlite_url, tmp_path))
    assert other.extensions["documents"] is not app.extensions["documents"]
    assert "relying_party" in app.extensions
    assert "relying_party" not in other.extensions


async def test_what_stands_around_every_page(app: Quart, fund: Fund, visitor: Visitor) -> None:
    await set_incident("De post is <b>traag</b>.", now())
    sofie = await visitor(SOFIE)
    html = await (await sofie.get("/overzicht")).get_data(as_text=True)
    assert "De post is &lt;b&gt;traag&lt;/b&gt;." in html
    assert 'data-unread="1"' in html
    assert 'data-session-extendable="true"' in html
    assert 'class="switch"' not in html  # one dossier: nothing to choose
    nathalie = await visitor(NATHALIE)
    html = await (await nathalie.get("/overzicht")).get_data(as_text=True)
    assert 'class="switch"' in html
    assert FAMILY not in html
    options = re.findall(r"<option[^>]*>([^<]*)</option>", html)
    assert options == [f"Noor – u bent begunstigde – {OWN}", f"Noor – u bent voogd – {WARD}"]
    await Child.filter(dossier=fund.dossiers[WARD]).update(left_on="2026-01-01")
    html = await (await nathalie.get("/overzicht")).get_data(as_text=True)
    assert f">{WARD} – u bent voogd</option>" in html
    nobody = await visitor()
    html = await (await nobody.get("/")).get_data(as_text=True)
    assert "data-session-seconds" not in html
    assert "session-dialog" not in html


async def test_our_public_keys_may_be_kept_for_an_hour(app: Quart) -> None:
    fake_provider.install(app)
    answer = await app.test_client().get("/.well-known/jwks.json")
    assert await answer.get_json() == {"keys": []}
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


async def test_a_page_is_compressed_for_who_can_read_that(app: Quart) -> None:
    client = app.test_client()
    packed = await client.get("/hulp", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["Content-Language"] == "nl"
    assert "Content-Encoding" not in (await client.get("/hulp")).headers
