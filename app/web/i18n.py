"""Languages: texts are written in Dutch and looked up in the catalogue of another language.

A text in a template is folded at compile time: each language has its own compiled templates, in
which a constant text stands ready, so that a page pays nothing for being translatable.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.support import Translations
from jinja2 import Environment, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

LANGUAGES = ("nl",)  # those that are complete
DEFAULT_LANGUAGE = "nl"
TRANSLATIONS = Path(__file__).parent.parent / "translations"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def current_language() -> str:
    """The language of the person being answered."""
    return _language.get()


def use_language(language: str) -> None:
    """Answer in ``language`` from here on; an unknown one falls back to Dutch."""
    _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)


@lru_cache(maxsize=8)
def catalogue(language: str) -> NullTranslations:
    """The texts of a language; Dutch, the source, needs none."""
    return Translations.load(TRANSLATIONS, [language])


def gettext(text: str, **values: object) -> str:
    """``text`` in the language of the person being answered, with ``%(name)s`` filled in."""
    translated = catalogue(current_language()).gettext(text)
    return translated % values if values else translated


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The form of a text that fits ``count``, which also fills ``%(count)s``."""
    translated = catalogue(current_language()).ngettext(one, many, count)
    return translated % {"count": count, **values}


def lazy(text: str) -> str:
    """Marks a text for translation where it is defined; ``gettext`` looks it up when shown."""
    return text


class _Template(Template):
    """A template whose globals are those of the environment, as all of ours are."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """The macros for an import; Jinja compares the globals of both templates each time."""
        return super()._get_default_module()


class TranslatedEnvironment(Environment):
    """Templates of one language: constant texts are translated while compiling."""

    template_class = _Template

    def __init__(self, language: str, **options: Any) -> None:
        super().__init__(extensions=["jinja2.ext.i18n"], **options)
        self.language = language
        texts = catalogue(language)
        self.install_gettext_translations(texts, newstyle=False)  # type: ignore[attr-defined]
        self.globals["_"] = texts.gettext

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        texts = catalogue(self.language)
        for parent in tree.find_all(nodes.Node):
            _fold(parent, texts)
        return tree


def _fold(parent: nodes.Node, texts: NullTranslations) -> None:
    """Replace ``gettext("constant")`` below ``parent`` by its translation.

    A text of ours is trusted markup, just like the template it stands in.
    """
    for field, value in parent.iter_fields():
        if isinstance(value, list):
            value[:] = [_folded(item, texts) for item in value]
        elif isinstance(value, nodes.Node):
            setattr(parent, field, _folded(value, texts))


def _folded(node: Any, texts: NullTranslations) -> Any:
    if (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in {"gettext", "_"}
        and len(node.args) == 1
        and isinstance(node.args[0], nodes.Const)
        and not node.kwargs
    ):
        text = Markup(texts.gettext(node.args[0].value))  # noqa: S704 (our own text)
        return nodes.Const(text, lineno=node.lineno)
    return node
