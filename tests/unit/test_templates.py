"""Every template compiles, is used, leads to addresses that exist, and obeys the policy."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from quart import Quart
from werkzeug.exceptions import HTTPException

from app.web import page as pages
from app.web.i18n import LANGUAGES, TRANSLATIONS

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
DEMO = "demo/provider/"
MAILS = "notifications/"  # found by the kind of an alert, with styles as mail programs need them
NAMES = sorted(
    name
    for path in TEMPLATES.rglob("*.html")
    if not (name := path.relative_to(TEMPLATES).as_posix()).startswith(MAILS)
)
PORTAL = [name for name in NAMES if not name.startswith(DEMO)]
REAL = [name for name in PORTAL if not name.startswith("demo/")]  # outside the demo too


@cache
def _source(name: str) -> str:
    return (TEMPLATES / name).read_text()


@cache
def _everything() -> str:
    """All code and templates, in which a template's name may stand."""
    files = [*(ROOT / "app").rglob("*.py"), *TEMPLATES.rglob("*")]
    return "\n".join(path.read_text() for path in files if path.suffix in {".py", ".html", ".typ"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_compiles_in_every_language(language: str) -> None:
    made = pages.Pages(asset=str, fund=None, role_words={})
    for name in PORTAL:
        assert made.template(name, language)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_used(name: str) -> None:
    short = name.removeprefix(DEMO)
    ways = (name, short, short.removesuffix(".html") if short != name else name)
    assert any(f'"{way}"' in _everything() for way in ways)


@pytest.mark.parametrize(
    "name", sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.typ"))
)
def test_a_paper_is_used(name: str) -> None:
    ways = (name, f"/{name}", name.rpartition("/")[2])
    assert any(f'"{way}"' in _everything() for way in ways)


@pytest.mark.parametrize("name", NAMES)
def test_no_script_or_style_stands_in_a_template(name: str) -> None:
    source = _source(name)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", source)
    assert "|safe" not in source.replace(" ", "")


UNESCAPED = re.compile(r"\{% autoescape false %\}(.*?)\{% endautoescape %\}", re.DOTALL)
NUMBERS = re.compile(
    r"(tick|bar|column)\.\w+( // 100| \+ \d+)?|\(column\.cents / 100\)\|round\|int|one\.tone"
    r"|bar_width|height( - \d+)?|letters\[:?1:?\]"
)


@pytest.mark.parametrize("name", NAMES)
def test_only_numbers_are_written_without_escaping(name: str) -> None:
    source = _source(name)
    blocks = UNESCAPED.findall(source)
    assert source.count("autoescape") == 2 * len(blocks)
    for block in blocks:
        for expression in re.findall(r"\{\{ (.*?) \}\}", block):
            assert NUMBERS.fullmatch(expression), expression


@pytest.mark.parametrize("name", NAMES)
def test_no_template_knows_the_library_that_makes_navigation_smooth(name: str) -> None:
    assert not re.search(r"\shx-", _source(name))  # data-hx-… is valid HTML


TAG = re.compile(r"<[a-z]+(?:\{\{.*?\}\}|\{%.*?%\}|[^<>])*>", re.DOTALL)


def _targets(name: str) -> list[tuple[str, str]]:
    """Every address of ours in a template with its method; 1 stands for whatever varies."""
    found = []
    for tag in TAG.findall(_source(name)):
        plain = re.sub(r"\{%.*?%\}.*?\{% endif %\}", "", re.sub(r"\{\{.*?\}\}", "1", tag))
        for attribute, address in re.findall(r'\s(href|action)="(/[^"]*)"', plain):
            writes = attribute == "action" and 'method="post"' in tag
            path = address.split("?")[0].split("#")[0]
            found.append(("POST" if writes else "GET", path))
    return found


def test_every_address_in_a_template_exists(app: Quart) -> None:
    routes = app.url_map.bind("localhost")
    for name in REAL:
        for method, path in _targets(name):
            try:
                assert routes.match(path, method=method)
            except HTTPException as error:
                pytest.fail(f"{name}: {method} {path}: {error}")


def test_addresses_are_found_in_templates() -> None:
    targets = {target for name in PORTAL for target in _targets(name)}
    assert {("POST", "/afmelden"), ("POST", "/registreren"), ("POST", "/dossier/keuze")} <= targets
    assert {("GET", "/betaling/1"), ("GET", "/aanmelden"), ("GET", "/brieven/1")} <= targets


def test_every_address_in_a_script_exists(app: Quart) -> None:
    routes = app.url_map.bind("localhost")
    for path in (ROOT / "static/js").glob("*.js"):
        for method, address in [
            *(("POST", one) for one in re.findall(r'fetch\("(/[^"]*)"', path.read_text())),
            *(("GET", one) for one in re.findall(r'register\("(/[^"]*)"', path.read_text())),
            *(("GET", one) for one in re.findall(r'replace\("(/[^"]*)"', path.read_text())),
            *(("POST", one) for one in re.findall(r'action="(/[^"]*)"', path.read_text())),
        ]:
            assert routes.match(address.split("?")[0], method=method), (path.name, address)


def test_a_form_that_writes_goes_to_an_address_that_takes_it() -> None:
    for name in PORTAL:
        for form in re.findall(r"<form[^>]*>", _source(name)):
            assert 'method="post"' in form or 'role="search"' in form or 'method="get"' in form


def test_folded_texts_hold_no_markup() -> None:
    """A constant text is trusted as the template is, also inside an attribute."""
    with (TRANSLATIONS / "messages.pot").open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        if all(place.startswith("templates/notifications/") for place, _line in message.locations):
            continue  # e-mails: their texts stand in paragraphs only
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        for text in texts:
            assert not set(text) & set('<>&"'), text


@pytest.mark.parametrize("name", PORTAL)
def test_a_page_has_a_title_and_one_heading(name: str) -> None:
    source = _source(name)
    if '{% extends "layout.html" %}' not in source:
        return
    assert "{% block title %}" in source
    assert "<h1" in source or name == "web/offline.html"
