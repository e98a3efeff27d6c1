"""Messages as HTML: a little markdown, and twice made sure that nothing else comes through.

The text comes from the back office, which in turn may quote what a parent wrote. First
markdown-it, with HTML off and only the few rules below, then nh3 with an allow-list of its own,
so that a fault in one of them alone lets nothing in.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

SCHEMES = {"http", "https", "mailto", "tel"}
TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "a", "h3"}
HEADING = "h3"  # below the title of the page and that of its part, whatever was written

_RULES = ("emphasis", "list", "link", "autolink", "newline", "escape", "entity", "heading")


def _parser() -> MarkdownIt:
    # "zero" knows paragraphs alone; breaks: in an address each line stays a line.
    parser = MarkdownIt("zero", {"breaks": True, "html": False}).enable(_RULES)
    parser.validateLink = _is_link  # type: ignore[method-assign]
    return parser


def _is_link(url: str) -> bool:
    """Whether a link may be one: an absolute address of a known kind, not one on this portal."""
    try:
        return urlsplit(url).scheme.lower() in SCHEMES
    except ValueError:
        return False


_PARSER = _parser()


def render(text: str) -> Markup:
    """A message as HTML that is safe to put in a page: no images, no styles, no scripts."""
    tokens = _PARSER.parse(text)
    _flatten_headings(tokens)
    html: str = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 (what nh3 left is on our list)


def _flatten_headings(tokens: list[Token]) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = HEADING
