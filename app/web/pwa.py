"""What makes the portal installable: manifest, service worker, and the page shown offline."""

from __future__ import annotations

import gzip
import json

from quart import Blueprint, Response

from app.web.assets import Asset, Assets, answer
from app.web.page import page

NOT_KEPT = ("vendor/htmx/LICENSE", "vendor/htmx/README", "sw.js", "manifest.json")
KEPT_SUFFIXES = (".css", ".js", ".svg")


def kept_offline(assets: Assets) -> list[str]:
    """The addresses of the static files that the service worker keeps."""
    names = [name for name in assets.names() if name.endswith(KEPT_SUFFIXES)]
    return [assets.url(name) for name in names if name not in NOT_KEPT]


def service_worker(assets: Assets) -> Asset:
    """``static/sw.js`` with the release and the list of files to keep written on top of it.

    A new release changes the bytes, which is how a browser sees that there is a new worker.
    """
    source = assets.get("sw.js")
    if source is None:
        raise FileNotFoundError("static/sw.js")
    release = {"release": assets.release, "files": ["/offline", *kept_offline(assets)]}
    content = f"self.RELEASE = {json.dumps(release)};\n".encode() + source.content
    return Asset(content, gzip.compress(content, 9, mtime=0), "text/javascript", assets.release)


def pwa_blueprint(assets: Assets) -> Blueprint:
    """The routes of the installable app; whoever wires them declares their access."""
    blueprint = Blueprint("pwa", __name__)
    worker = service_worker(assets)
    manifest = assets.get("manifest.json")

    @blueprint.get("/sw.js")
    async def worker_file() -> Response:
        return answer(worker, "no-cache")

    @blueprint.get("/manifest.webmanifest")
    async def manifest_file() -> Response:
        assert manifest is not None  # noqa: S101 (it is part of the project)
        response = answer(manifest, "public, max-age=3600")
        response.content_type = "application/manifest+json; charset=utf-8"
        return response

    @blueprint.get("/offline")
    async def offline() -> Response:
        response = await page("web/offline.html", viewer=None, incident="")
        response.headers["Cache-Control"] = "no-cache"
        return response

    return blueprint
