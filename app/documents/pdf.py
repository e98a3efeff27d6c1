"""PDFs from Typst templates: tagged, for screen readers too, and the same bytes every time.

A template never sees text as code: the data travel as one JSON value in ``sys.inputs.data`` and
are read there by ``json(bytes(…))``. Only the fonts beside this module are used, so that a
document looks the same on every machine. Standard: PDF/UA-1 (ISO 14289-1), which makes Typst
refuse a document without a title. A character that our font cannot draw is against that standard;
such a document is made all the same, tagged but without the claim, with a box for the character.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import typst

from app.beside import folder

FONTS = Path(__file__).parent / "fonts"
TEMPLATES = folder("templates").resolve()
# A document says when it is from in its text; a clock in its bytes would make two of one.
CREATED = datetime(2000, 1, 1, tzinfo=UTC)


class PdfError(Exception):
    """No such template, or no document from it; the text may quote the data: not for logs."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def render_pdf(template_name: str, data: Mapping[str, object]) -> bytes:
    """Fill a Typst template and give the PDF.

    In: the template as a path below templates/ (``payments/statement.typ``), and its data, which
    must fit in JSON. Out: the bytes, equal for equal data. It takes milliseconds of CPU (the first
    time tens), so call it in a thread. Raises PdfError.
    """
    template = (TEMPLATES / template_name).resolve()
    if not template.is_relative_to(TEMPLATES) or not template.is_file():
        raise PdfError(f"no template {template_name}")
    text = json.dumps(data, ensure_ascii=False)
    try:
        return _compile(template, text, ["ua-1"])
    except typst.TypstError:
        pass
    try:
        return _compile(template, text, [])
    except typst.TypstError as error:
        raise PdfError(str(error)) from None


def _compile(template: Path, data: str, standards: list[typst.PDFStandard]) -> bytes:
    return typst.compile(
        template,
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=standards,
        timestamp=CREATED,
    )


__all__ = ["PdfError", "render_pdf"]
