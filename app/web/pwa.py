"""What makes the portal installable: manifest, service worker, and the page shown offline."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from typing import Any

from quart import Blueprint, Response

from app.web.assets import Asset, Assets, answer
from app.web.i18n import current_language
from app.web.page import page, page_text

NOT_KEPT = ("vendor/htmx/LICENSE", "vendor/htmx/README", "sw.js", "manifest.json")
KEPT_SUFFIXES = (".css", ".js", ".svg")
OFFLINE: dict[str, Any] = {"viewer": None, "incident": "", "path": "/offline"}  # nothing of today


def kept_offline(assets: Assets) -> list[str]:
    """The addresses of the static files that the service worker keeps."""
    names = [name for name in assets.names() if name.endswith(KEPT_SUFFIXES)]
    return [assets.url(name) for name in names if name not in NOT_KEPT]


def service_worker(assets: Assets, offline_page: bytes) -> Asset:
    """``static/sw.js`` with the release and the list of files to keep written on top of it.

    The release changes with any file and with the page shown offline. That changes the bytes,
    which is how a browser sees that there is a new worker.
    """
    source = assets.get("sw.js")
    if source is None:
        raise FileNotFoundError("static/sw.js")
    version = sha256(assets.release.encode() + offline_page).hexdigest()[:12]
    release = {"release": version, "files": ["/offline", *kept_offline(assets)]}
    content = f"self.RELEASE = {json.dumps(release)};\n".encode() + source.content
    return Asset(content, gzip.compress(content, 9, mtime=0), "text/javascript", version)


def manifest_of(assets: Assets, name: str, short_name: str) -> Asset:
    """``static/manifest.json`` with the fund's name; an empty ``short_name`` leaves ours."""
    source = assets.get("manifest.json")
    if source is None:
        raise FileNotFoundError("static/manifest.json")
    manifest = json.loads(source.content)
    manifest["name"] = name
    manifest["short_name"] = short_name or manifest["short_name"]
    content = json.dumps(manifest, ensure_ascii=False).encode()
    version = sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, 9, mtime=0), source.media_type, version)


def pwa_blueprint(assets: Assets, name: str, short_name: str) -> Blueprint:
    """The routes of the installable app; whoever wires them declares their access."""
    blueprint = Blueprint("pwa", __name__)
    manifest = manifest_of(assets, name, short_name)
    workers: dict[str, Asset] = {}  # by language, as the page shown offline is

    @blueprint.get("/sw.js")
    async def worker_file() -> Response:
        language = current_language()
        if language not in workers:
            shown = await page_text("web/offline.html", **OFFLINE)
            workers[language] = service_worker(assets, shown.encode())
        return answer(workers[language], "no-cache")

    @blueprint.get("/manifest.webmanifest")
    async def manifest_file() -> Response:
        response = answer(manifest, "public, max-age=3600")
        response.content_type = "application/manifest+json; charset=utf-8"
        return response

    @blueprint.get("/offline")
    async def offline() -> Response:
        response = await page("web/offline.html", **OFFLINE)
        response.headers["Cache-Control"] = "no-cache"
        return response

    return blueprint
