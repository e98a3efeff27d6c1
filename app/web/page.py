"""The three answers of a view: a page, a redirect after a write, a page with errors (422)."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template
from quart import Quart, Response, current_app, g, request

from app.beside import folder
from app.web.formats import FILTERS, file_size
from app.web.i18n import LANGUAGES, TranslatedEnvironment, current_language

TEMPLATES = folder("templates")
COMPRESS_FROM = 1_000  # bytes; below that the header costs more than it saves
COMPRESS_LEVEL = 1  # 13 kB of HTML: 0.1 ms to 3.6 kB; level 9 saves 0.3 kB more for four times that

ContextPart = Callable[[], Awaitable[dict[str, Any]]]


class Pages:
    """The compiled templates of every language, and what each page is given besides its own."""

    def __init__(self, **shared: Any) -> None:
        self._environments = {language: _environment(language, shared) for language in LANGUAGES}
        self._parts: list[ContextPart] = []

    def add(self, part: ContextPart) -> None:
        """Have ``part`` add to the context of every page."""
        self._parts.append(part)

    def template(self, name: str, language: str) -> Template:
        """The compiled template in a language."""
        return self._environments[language].get_template(name)

    def names(self) -> list[str]:
        """Every template there is."""
        return self._environments[LANGUAGES[0]].list_templates(extensions=["html"])

    async def context(self) -> dict[str, Any]:
        """What every page gets besides its own."""
        context: dict[str, Any] = {"viewer": g.get("viewer"), "path": request.path}
        for part in self._parts:
            context.update(await part())
        return context


def _environment(language: str, shared: dict[str, Any]) -> TranslatedEnvironment:
    environment = TranslatedEnvironment(
        language,
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(shared, language=language)
    for name, format_value in FILTERS.items():
        environment.filters[name] = _in(language, format_value)
    environment.filters["file_size"] = file_size
    return environment


def _in(language: str, format_value: Callable[[Any, str], str]) -> Callable[[Any], str]:
    return lambda value: format_value(value, language)


def install(app: Quart, pages: Pages) -> None:
    """Let the views of an application answer with these pages."""
    app.extensions["pages"] = pages


async def page(name: str, /, *, status: int = 200, **context: Any) -> Response:
    """Answer with a full HTML page: the same with and without JavaScript.

    In: a template below ``templates/`` and what it shows. Personal pages are never kept by a
    cache of the browser; what may be kept offline is the service worker's decision alone.
    """
    return _compressed((await page_text(name, **context)).encode(), status)


async def page_text(name: str, /, **context: Any) -> str:
    """The HTML of a page, within a request."""
    pages: Pages = current_app.extensions["pages"]
    everywhere = await pages.context()
    return pages.template(name, current_language()).render(everywhere | context)


def _compressed(body: bytes, status: int) -> Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": current_language(),
        "Vary": "Accept-Encoding",
    }
    if len(body) >= COMPRESS_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, COMPRESS_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status, headers, content_type="text/html; charset=utf-8")


def see_other(url: str) -> Response:
    """Answer a write: look there now (303), so that a reload never repeats it."""
    return Response(status=303, headers={"Location": url, "Cache-Control": "no-store"})


def pdf(content: bytes, name: str, *, download: bool = False) -> Response:
    """Answer with a PDF that may be shown inside a page of ours, or is downloaded."""
    disposition = "attachment" if download else "inline"
    return Response(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'{disposition}; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
