from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from quart import Quart

from app.web.assets import Assets

CSS = "app.css"


async def test_a_pinned_file_is_kept_for_good_and_an_unpinned_one_asked_for_again(
    app: Quart,
) -> None:
    client = app.test_client()
    pinned = await client.get(Assets().url(CSS))
    assert pinned.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for address in (f"/static/{CSS}", f"/static/{CSS}?v=oud"):
        assert (await client.get(address)).headers["Cache-Control"] == "no-cache"


async def test_a_text_is_compressed_for_who_can_read_that(app: Quart) -> None:
    client = app.test_client()
    packed = await client.get(f"/static/{CSS}", headers={"Accept-Encoding": "br, gzip"})
    plain = await client.get(f"/static/{CSS}")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in plain.headers
    body = await packed.get_data(as_text=False)
    assert gzip.decompress(body) == await plain.get_data(as_text=False)
    assert len(body) < len(await plain.get_data(as_text=False)) / 2


async def test_a_picture_is_not_compressed_again(app: Quart) -> None:
    answer = await app.test_client().get(
        "/static/icons/icon-192.png", headers={"Accept-Encoding": "gzip"}
    )
    assert answer.content_type == "image/png"
    assert "Content-Encoding" not in answer.headers


async def test_an_unchanged_file_is_not_sent_again(app: Quart) -> None:
    client = app.test_client()
    tag = (await client.get(f"/static/{CSS}")).headers["ETag"]
    same = await client.get(f"/static/{CSS}", headers={"If-None-Match": tag})
    assert (same.status_code, await same.get_data(as_text=False)) == (304, b"")
    assert same.headers["ETag"] == tag
    other = await client.get(f"/static/{CSS}", headers={"If-None-Match": '"x"'})
    assert other.status_code == 200


@pytest.mark.parametrize("tags", ["W/{}", '"x", {}', '{}, W/"y"', "*"])
async def test_a_tag_among_others_or_weakened_by_a_proxy_is_recognised(
    app: Quart, tags: str
) -> None:
    client = app.test_client()
    tag = (await client.get(f"/static/{CSS}")).headers["ETag"]
    same = await client.get(f"/static/{CSS}", headers={"If-None-Match": tags.format(tag)})
    assert same.status_code == 304


@pytest.mark.parametrize(
    "name",
    [
        "../pyproject.toml",
        "..%2Fpyproject.toml",
        "%2e%2e/pyproject.toml",
        "icons/../../pyproject.toml",
        "/etc/passwd",
        "//etc/passwd",
        "icons",
        "icons/",
        "",
        "app.css%00",
        "demo/provider.css",
    ],
)
async def test_nothing_outside_the_files_is_served(app: Quart, name: str) -> None:
    answer = await app.test_client().get(f"/static/{name}")
    assert answer.status_code in {308, 404}
    shown = (await answer.get_data(as_text=True)).split("<main")[-1]
    assert not [text for text in ("[project]", "root:", "Demo", "{") if text in shown]


def test_scripts_are_javascript_everywhere() -> None:
    assets = Assets()
    types = {assets.get(name).media_type for name in assets.names() if name.endswith(".js")}  # type: ignore[union-attr]
    assert types == {"text/javascript"}


def test_another_content_is_another_address_and_another_release(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    before = Assets(tmp_path)
    (tmp_path / "a.css").write_text("b{}")
    after = Assets(tmp_path)
    assert before.url("a.css") != after.url("a.css")
    assert before.release != after.release


def test_a_missing_file_stops_a_template() -> None:
    with pytest.raises(KeyError):
        Assets().url("bestaat-niet.css")


def test_what_every_page_loads_weighs_little() -> None:
    assets = Assets()
    loaded = [name for name in assets.names() if name.endswith((".css", ".js")) and name != "sw.js"]
    weights = [len(assets.get(name).compressed or b"") for name in loaded]  # type: ignore[union-attr]
    assert sum(weights) < 50_000
