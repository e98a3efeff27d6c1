from __future__ import annotations

import gettext as standard

import pytest
from jinja2 import DictLoader, Environment

from app.web import i18n
from app.web.i18n import TranslatedEnvironment

XSS = "<script>alert('x')</script>"
ESCAPED = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"
FRENCH = {"Dag": "Bonjour", "Bekijk uw betalingen": "Vos paiements", "kind": "enfant"}


class French(standard.NullTranslations):
    """A catalogue of three texts."""

    def gettext(self, message: str) -> str:
        return FRENCH.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return FRENCH.get(msgid1, msgid1) if n == 1 else msgid2


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "catalogue", lambda language: French())
    monkeypatch.setattr(i18n, "LANGUAGES", ("nl", "fr"))


def _environment(source: str = "", **options: bool) -> TranslatedEnvironment:
    return TranslatedEnvironment(
        "fr", loader=DictLoader({"page": source}), autoescape=True, **options
    )


def _render(source: str, **context: object) -> str:
    return _environment(source).get_template("page").render(context)


def _lookups(source: str) -> int:
    """How many times a compiled template still asks the catalogue."""
    code = _environment().compile(source, raw=True)
    return code.count("gettext") + code.count("'_'")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('{{ _("Dag") }}', "Bonjour"),
        ('{{ gettext("Dag") }}', "Bonjour"),
        ('<a title="{{ _("Dag") }}">x</a>', '<a title="Bonjour">x</a>'),
        ('{% set x = _("Dag") %}{{ x }}', "Bonjour"),
        ('{{ _("Dag") if true else _("kind") }}', "Bonjour"),
        ('{% for x in (_("Dag"), _("kind")) %}{{ x }} {% endfor %}', "Bonjour enfant "),
        ('{% macro m(x) %}{{ x }}{% endmacro %}{{ m(_("Dag")) }}', "Bonjour"),
        ('{% macro m(x) %}{{ x }}{% endmacro %}{{ m(x=_("Dag")) }}', "Bonjour"),
        ("{% trans %}Dag{% endtrans %}", "Bonjour"),
    ],
)
def test_a_constant_text_stands_ready_in_the_compiled_template(
    french: None, source: str, shown: str
) -> None:
    assert _render(source) == shown
    if "trans" not in source:
        assert _lookups(source) == 0


def test_a_text_from_a_variable_is_looked_up_when_shown(french: None) -> None:
    assert _render("{{ _(word) }}", word="Dag") == "Bonjour"
    assert _render("{{ _(word) }}", word=XSS) == ESCAPED


@pytest.mark.parametrize(
    "source",
    [
        '{{ _("Dag") }} {{ name }}',
        '{{ _("Dag") ~ " " ~ name }}',
        '{{ _("Dag") + " " + name }}',
        "{% trans name=name %}Dag {{ name }}{% endtrans %}",
        '{{ _("%(name)s")|format(name=name) }}',
        '{{ _("%(name)s") % {"name": name} }}',
        '{{ _("Dag")|replace("Bonjour", name) }}',
        '{{ [_("Dag"), name]|join(" ") }}',
    ],
)
def test_a_value_beside_a_text_is_escaped(french: None, source: str) -> None:
    shown = _render(source, name=XSS)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_a_value_in_an_attribute_cannot_leave_it(french: None) -> None:
    shown = _render('<a title="{{ _("Dag") }} {{ name }}">x</a>', name='" onclick="alert(1)')
    assert shown == '<a title="Bonjour &#34; onclick=&#34;alert(1)">x</a>'


def test_plurals_follow_the_number(french: None) -> None:
    source = "{% trans count=n %}kind{% pluralize %}{{ count }} kinderen{% endtrans %}"
    assert _render(source, n=1) == "enfant"
    assert _render(source, n=3) == "3 kinderen"


def test_texts_in_code_are_filled_in(french: None) -> None:
    assert i18n.gettext("Dag") == "Bonjour"
    assert i18n.gettext("Dag %(name)s", name="Sofie") == "Dag Sofie"
    assert i18n.ngettext("kind", "%(count)s kinderen", 3) == "3 kinderen"
    assert i18n.lazy("Dag") == "Dag"


def test_an_unknown_language_falls_back_to_dutch() -> None:
    i18n.use_language("xx")
    assert i18n.current_language() == "nl"
    i18n.use_language("fr")  # not complete yet
    assert i18n.current_language() == "nl"


def test_the_environment_is_an_ordinary_one() -> None:
    assert isinstance(_environment(), Environment)
