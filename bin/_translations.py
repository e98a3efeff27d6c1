"""The catalogues: collects the texts, brings the catalogues up to date and compiles them.

Dutch is both the source language and the message id, so the Dutch catalogue holds no translations,
only the rule for plurals. Needs nothing but Babel and Jinja: the build of the package uses it too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = Path("app/translations")
TEMPLATE = CATALOGUES / "messages.pot"
LANGUAGES = ("nl",)
SHOWN = 10  # texts in the report of what is stale

# Where texts stand, and what reads them there.
SOURCES = ("app", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {
    "**.html": {"trimmed": "true", "silent": "false"},
    "**.txt": {"trimmed": "true", "silent": "false"},
}
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy": None}

Key = tuple[str | None, tuple[str, ...]]


def extract(root: Path = ROOT) -> Catalog:
    """Every text of the portal, from its Python files and its templates.

    Raises jinja2.TemplateSyntaxError for a template that cannot be read.
    """
    catalog = Catalog(project="Mijn Kinderbijslag", charset="utf-8", fuzzy=False)
    catalog.header_comment = "# The texts of Mijn Kinderbijslag, made by bin/translate."
    for folder in SOURCES:
        found = extract_from_dir(
            root / folder, METHODS, OPTIONS, KEYWORDS, comment_tags=("Vertaler:",)
        )
        for name, line, message, comments, context in sorted(found, key=lambda one: one[:2]):
            catalog.add(
                message, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context
            )
    return catalog


def keys(catalog: Catalog) -> set[Key]:
    """What must be translated, without where it stands: context, singular and plural."""
    found: set[Key] = set()
    for message in catalog:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            found.add((message.context, ids))
    return found


def read(path: Path, locale: str | None = None) -> Catalog:
    """A catalogue from disk; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def stale(root: Path = ROOT) -> list[str]:
    """One line for each text that a catalogue misses or keeps for nothing."""
    wanted = keys(extract(root))
    problems = []
    for path in [TEMPLATE, *(catalogue_of(language) for language in LANGUAGES)]:
        known = keys(read(root / path))
        problems += [f"{path} misses {ids[0]!r}" for _, ids in sorted(wanted - known, key=repr)]
        problems += [f"{path} still has {ids[0]!r}" for _, ids in sorted(known - wanted, key=repr)]
    return problems


def catalogue_of(language: str) -> Path:
    """Where the texts of a language stand, from the root of the project."""
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def update(root: Path = ROOT) -> None:
    """Write the template and bring the catalogue of every language in line with it."""
    template = extract(root)
    _write(root / TEMPLATE, template)
    for language in LANGUAGES:
        path = root / catalogue_of(language)
        catalog = read(path, language)
        catalog.locale = Locale.parse(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.header_comment = template.header_comment
        catalog.fuzzy = False
        _write(path, catalog)


def compile_all(root: Path = ROOT) -> list[Path]:
    """Compile each catalogue that changed since; gives the files that the program reads."""
    compiled = []
    for source in sorted((root / CATALOGUES).glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with target.open("wb") as file:
                write_mo(file, read(source, source.parts[-3]))
        compiled.append(target)
    return compiled


def _write(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = BytesIO()
    write_po(text, catalog, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True)
    path.write_bytes(b"".join(_without_noise(text.getvalue())))


# Moments, people and versions: they change by themselves and say nothing.
_NOISE = re.compile(
    rb'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    rb"|Project-Id-Version|Report-Msgid-Bugs-To|Generated-By)\b"
)


def _without_noise(text: bytes) -> Iterator[bytes]:
    return (line for line in text.splitlines(keepends=True) if not _NOISE.match(line))


def main(verb: str) -> int:
    """Run ``update``, ``compile`` or ``check`` from the command line."""
    if verb == "update":
        update()
        compile_all()
    elif verb == "compile":
        compile_all()
    elif problems := stale():
        print("\n".join(problems[:SHOWN]))
        if len(problems) > SHOWN:
            print(f"… and {len(problems) - SHOWN} more")
        print("Run bin/translate to bring the catalogues up to date.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
