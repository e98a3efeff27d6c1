"""Every text of the portal stands in the catalogues, and in no older wording."""

from __future__ import annotations

import gettext
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from bin import _translations as translations


def test_the_catalogues_hold_the_texts_of_the_portal_and_no_other() -> None:
    assert translations.stale() == [], "run bin/translate"


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_a_catalogue_knows_the_plurals_of_its_language(language: str) -> None:
    catalog = translations.read(translations.ROOT / translations.catalogue_of(language), language)
    assert (catalog.num_plurals, catalog.plural_expr) == (2, "(n != 1)")


def test_dutch_texts_answer_themselves() -> None:
    catalog = translations.read(translations.ROOT / translations.catalogue_of("nl"), "nl")
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    dutch = gettext.GNUTranslations(compiled)
    assert dutch.gettext("Betalingen") == "Betalingen"
    assert dutch.ngettext("1 kind", "%(n)s kinderen", 1) == "1 kind"
    assert dutch.ngettext("1 kind", "%(n)s kinderen", 2) == "%(n)s kinderen"


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """A portal of one page, with catalogues that are up to date."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app/view.py").write_text('title = _("Betalingen")\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(
        "{% trans count=n %}\n  1 kind\n{% pluralize %}\n  {{ count }} kinderen\n{% endtrans %}"
    )
    translations.update(tmp_path)
    return tmp_path


def test_texts_of_code_and_of_templates_are_collected_trimmed(portal: Path) -> None:
    assert translations.stale(portal) == []
    assert translations.keys(translations.extract(portal)) == {
        (None, ("Betalingen",)),
        (None, ("1 kind", "%(count)s kinderen")),
    }


def test_a_new_text_and_a_lost_text_are_both_named(portal: Path) -> None:
    (portal / "app/view.py").write_text('title = _("Brieven")\n')
    assert translations.stale(portal) == [
        "app/translations/messages.pot misses 'Brieven'",
        "app/translations/messages.pot still has 'Betalingen'",
        "app/translations/nl/LC_MESSAGES/messages.po misses 'Brieven'",
        "app/translations/nl/LC_MESSAGES/messages.po still has 'Betalingen'",
    ]


def test_a_second_run_changes_no_byte(portal: Path) -> None:
    before = (portal / translations.TEMPLATE).read_bytes()
    translations.update(portal)
    assert (portal / translations.TEMPLATE).read_bytes() == before


def test_a_catalogue_is_compiled_again_only_when_it_changed(portal: Path) -> None:
    (compiled,) = translations.compile_all(portal)
    moment = compiled.stat().st_mtime_ns
    assert translations.compile_all(portal)[0].stat().st_mtime_ns == moment
