"""PDFs: the same bytes everywhere, readable by machine, and never a way into Typst."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from app.documents import pdf
from app.documents.pdf import PdfError, render_pdf

NAMES = "Łukasz Şahin Zoë Müller Nuñez Đặng Thị Ngọc Čović Ξένια Сергій Їжак € ••••"
SHEET = """#import "/documents/paper.typ": data, paper
#show: paper.with(title: data.title)
= #data.title
#data.body
"""


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A templates folder with the real paper and one sheet of our own."""
    folder = tmp_path / "templates"
    (folder / "documents").mkdir(parents=True)
    paper = (pdf.TEMPLATES / "documents" / "paper.typ").read_text()
    (folder / "documents" / "paper.typ").write_text(paper)
    (folder / "sheet.typ").write_text(SHEET)
    monkeypatch.setattr(pdf, "TEMPLATES", folder.resolve())
    return folder


def _root(content: bytes) -> DictionaryObject:
    root = PdfReader(io.BytesIO(content)).trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    return root


def _is_tagged(content: bytes) -> bool:
    marks = _root(content)["/MarkInfo"].get_object()
    return isinstance(marks, DictionaryObject) and bool(marks["/Marked"])


def _text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.usefixtures("templates")
def test_names_with_accents_of_every_script_of_europe_come_through() -> None:
    content = render_pdf("sheet.typ", {"title": "Brief", "body": NAMES})

    assert NAMES in " ".join(_text(content).split())


@pytest.mark.usefixtures("templates")
def test_equal_data_give_equal_bytes() -> None:
    data = {"title": "Brief", "body": NAMES}

    assert render_pdf("sheet.typ", data) == render_pdf("sheet.typ", data)


@pytest.mark.usefixtures("templates")
def test_the_document_is_tagged_and_says_its_title_language_and_standard() -> None:
    content = render_pdf("sheet.typ", {"title": "Brief", "body": "Dag"})
    metadata = PdfReader(io.BytesIO(content)).metadata

    assert _is_tagged(content)
    assert str(_root(content)["/Lang"]) == "nl"
    assert metadata is not None
    assert metadata.title == "Brief"
    assert b"pdfuaid" in content


@pytest.mark.usefixtures("templates")
def test_data_are_text_and_never_code() -> None:
    body = '#read("/sheet.typ") *dik* $x$ \\ `a` <l> @l ] #set page(width: 1pt)'

    content = render_pdf("sheet.typ", {"title": "Brief", "body": body})

    assert body in " ".join(_text(content).split())


@pytest.mark.usefixtures("templates")
def test_a_character_without_a_glyph_still_gives_a_tagged_document() -> None:
    content = render_pdf("sheet.typ", {"title": "Brief", "body": "李 ends"})

    assert "ends" in _text(content)
    assert _is_tagged(content)


def test_only_the_vendored_fonts_are_known() -> None:
    assert pdf._fonts().families() == ["Noto Sans"]


@pytest.mark.usefixtures("templates")
def test_a_template_that_lacks_data_fails_by_name() -> None:
    with pytest.raises(PdfError, match="body"):
        render_pdf("sheet.typ", {"title": "Brief"})


@pytest.mark.parametrize("name", ["nothing.typ", "../app/settings.py", "/etc/passwd", "documents"])
def test_a_template_outside_the_folder_is_unknown(name: str) -> None:
    with pytest.raises(PdfError, match="no template"):
        render_pdf(name, {})
