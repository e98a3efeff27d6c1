"""Static files: read once, compressed once, addressed by content so browsers keep them for good."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from quart import Blueprint, Response, abort, request

from app.beside import folder

STATIC = folder("static")
COMPRESSIBLE = {"text/css", "text/javascript", "application/json", "image/svg+xml", "text/plain"}
YEAR = 31_536_000  # seconds


@dataclass(frozen=True)
class Asset:
    """One static file, ready to be sent."""

    content: bytes
    compressed: bytes | None
    media_type: str
    version: str


class Assets:
    """Every file below ``static/``, in memory (some 200 kB)."""

    def __init__(self, root: Path = STATIC) -> None:
        self._files = {
            path.relative_to(root).as_posix(): _read(path)
            for path in sorted(root.rglob("*"))
            if path.is_file() and "demo" not in path.relative_to(root).parts
        }
        names = "".join(f"{name}{file.version}" for name, file in self._files.items())
        self.release = sha256(names.encode()).hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file. Raises KeyError when there is no such file."""
        return f"/static/{name}?v={self._files[name].version}"

    def get(self, name: str) -> Asset | None:
        """The file, if there is one."""
        return self._files.get(name)

    def names(self) -> list[str]:
        """The names of all files, in order."""
        return list(self._files)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".js":
        media_type = "text/javascript"  # some systems still say application/javascript
    compressed = gzip.compress(content, 9, mtime=0) if media_type in COMPRESSIBLE else None
    return Asset(content, compressed, media_type, sha256(content).hexdigest()[:12])


def answer(asset: Asset, cache_control: str) -> Response:
    """A static file as a response, compressed when the browser can read that."""
    compressed = asset.compressed is not None and "gzip" in request.headers.get(
        "Accept-Encoding", ""
    )
    body = asset.compressed if compressed and asset.compressed is not None else asset.content
    response = Response(body, content_type=_content_type(asset.media_type))
    if asset.compressed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = cache_control
    response.headers["ETag"] = f'"{asset.version}"'
    if request.if_none_match.contains_weak(asset.version):  # a proxy that compresses weakens it
        response.status_code = 304
        response.set_data(b"")
    return response


def _content_type(media_type: str) -> str:
    text = media_type.startswith("text/") or media_type in {"application/json", "image/svg+xml"}
    return f"{media_type}; charset=utf-8" if text else media_type


def static_blueprint(assets: Assets) -> Blueprint:
    """The route that serves the files; whoever wires it declares its access."""
    blueprint = Blueprint("static_files", __name__)

    @blueprint.get("/static/<path:name>")
    async def file(name: str) -> Response:
        asset = assets.get(name)
        if asset is None:
            abort(404)
        pinned = request.args.get("v") == asset.version
        return answer(asset, f"public, max-age={YEAR}, immutable" if pinned else "no-cache")

    return blueprint
