from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from quart import Quart

from app import create_app
from app.web.assets import STATIC, Assets
from app.web.pwa import manifest_of
from tests.cast import SOFIE
from tests.unit.conftest import Visitor, settings_for


async def _manifest(app: Quart) -> dict[str, object]:
    answer = await app.test_client().get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest: dict[str, object] = json.loads(await answer.get_data(as_text=True))
    return manifest


def _pictures(manifest: dict[str, object]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for name in ("icons", "screenshots"):
        value = manifest[name]
        assert isinstance(value, list)
        found += value
    shortcuts = manifest["shortcuts"]
    assert isinstance(shortcuts, list)
    for shortcut in shortcuts:
        found += shortcut.get("icons", [])
    return found


@pytest.mark.parametrize("kind", ["icon", "screenshot"])
async def test_the_manifest_names_pictures_that_are_as_large_as_it_says(
    app: Quart, kind: str
) -> None:
    client = app.test_client()
    for picture in _pictures(await _manifest(app)):
        if f"/{kind}" not in picture["src"].replace("/icons", ""):
            continue
        answer = await client.get(picture["src"])
        assert answer.status_code == 200, picture
        if picture["src"].endswith(".png"):
            content = await answer.get_data(as_text=False)
            width, height = struct.unpack(">II", content[16:24])
            assert f"{width}x{height}" == picture["sizes"], picture
            assert picture.get("type", "image/png") == answer.mimetype


async def test_the_manifest_has_what_browsers_ask_of_an_app(app: Quart) -> None:
    manifest = await _manifest(app)
    assert {"name", "short_name", "start_url", "id", "display", "lang"} <= set(manifest)
    pictures = _pictures(manifest)
    sizes = {(icon.get("sizes"), icon.get("purpose")) for icon in pictures}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    assert {picture.get("form_factor") for picture in pictures} >= {"narrow", "wide"}


async def test_the_app_opens_on_pages_that_exist(app: Quart, visitor: Visitor) -> None:
    manifest = await _manifest(app)
    shortcuts = manifest["shortcuts"]
    assert isinstance(shortcuts, list)
    nobody = await visitor()
    for address in (manifest["start_url"], *(one["url"] for one in shortcuts)):
        answer = await nobody.get(str(address))
        assert (answer.status_code, answer.headers["Location"][:2]) == (303, "/?"), address


async def test_the_installed_app_bears_the_name_of_the_fund(app: Quart) -> None:
    manifest = await _manifest(app)
    assert manifest["name"] == "Kinderbijslagfonds De Vlier"
    assert manifest["short_name"] == "Kinderbijslag"  # the name of the fund would be cut off


def test_a_short_name_is_the_funds_own_when_it_fits() -> None:
    kept = json.loads(manifest_of(Assets(), "De Vlier", "De Vlier").content)
    assert (kept["name"], kept["short_name"]) == ("De Vlier", "De Vlier")


async def _release(app: Quart) -> dict[str, object]:
    answer = await app.test_client().get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    script = await answer.get_data(as_text=True)
    first, _, rest = script.partition("\n")
    assert rest == (STATIC / "sw.js").read_text()
    release: dict[str, object] = json.loads(first.removeprefix("self.RELEASE = ").rstrip(";"))
    return release


async def test_every_file_that_the_worker_keeps_answers(app: Quart) -> None:
    files = (await _release(app))["files"]
    assert isinstance(files, list)
    assert files[0] == "/offline"
    assert any(file.startswith("/static/app.css?v=") for file in files)
    client = app.test_client()
    for file in files:
        assert (await client.get(file)).status_code == 200, file


async def test_the_worker_keeps_whatever_a_page_loads(app: Quart, visitor: Visitor) -> None:
    files = (await _release(app))["files"]
    assert isinstance(files, list)
    html = await (await (await visitor()).get("/")).get_data(as_text=True)
    loaded = {part.split('"')[0] for part in html.split('="')[1:] if part.startswith("/static/")}
    assert {file for file in loaded if not file.split("?")[0].endswith(".png")} <= set(files)


async def test_the_offline_page_holds_nobody(app: Quart, visitor: Visitor) -> None:
    signed_in = await (await visitor(SOFIE)).get("/offline")
    html = await signed_in.get_data(as_text=True)
    assert "U hebt nu geen internet" in html
    assert html == await (await (await visitor()).get("/offline")).get_data(as_text=True)
    assert "Sofie" not in html
    assert "Afmelden" not in html


async def test_another_offline_page_is_another_release(
    app: Quart, sqlite_url: str, tmp_path: Path
) -> None:
    renamed = create_app(
        settings_for(sqlite_url, tmp_path).model_copy(update={"fund_name": "Ander Fonds"})
    )
    assert (await _release(app))["release"] == (await _release(app))["release"]
    assert (await _release(app))["release"] != (await _release(renamed))["release"]


async def test_the_offline_page_keeps_no_banner_of_today(app: Quart, visitor: Visitor) -> None:
    from app.clock import now
    from app.overview.incidents import set_incident

    await set_incident("Vandaag is er een storing.", now())
    nobody = await visitor()
    assert "storing" not in await (await nobody.get("/offline")).get_data(as_text=True)
    assert "Vandaag is er een storing." in await (await nobody.get("/hulp")).get_data(as_text=True)
