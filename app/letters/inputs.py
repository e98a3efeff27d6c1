"""What the address of the list may say: a kind, unread only, words to look for, a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.letters.models import LetterKind
from app.letters.words import KIND_SLUGS, KINDS_BY_SLUG

MAX_SEARCH = 100  # characters
MAX_PAGE = 10_000
UNREAD = "ongelezen"
PATH = "/brieven"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters of a dossier are wanted; nothing in it that is not known."""

    kind: LetterKind | None = None
    unread_only: bool = False
    search: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether it leaves any letters out."""
        return self.kind is not None or self.unread_only or bool(self.search)

    def address(self) -> str:
        """The address of the list with this filter."""
        said = {
            "soort": KIND_SLUGS[self.kind] if self.kind else "",
            "toon": UNREAD if self.unread_only else "",
            "zoek": self.search,
            "pagina": str(self.page) if self.page > 1 else "",
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{PATH}?{query}" if query else PATH

    def only(self, kind: LetterKind | None = None, *, unread: bool = False) -> Filter:
        """The same search among the letters of one kind, the unread ones, or all."""
        return Filter(kind=kind, unread_only=unread, search=self.search)

    def turned_to(self, page: int) -> Filter:
        """Another page of the same list."""
        return replace(self, page=page)


def parse_filter(args: Mapping[str, str]) -> Filter:
    """Read a filter from the query of an address; what is not understood counts as not said."""
    return Filter(
        kind=KINDS_BY_SLUG.get(args.get("soort", "")),
        unread_only=args.get("toon") == UNREAD,
        search=" ".join(args.get("zoek", "").split())[:MAX_SEARCH].strip(),
        page=_page(args.get("pagina", "")),
    )


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_PAGE))):
        return 1
    return min(max(int(text), 1), MAX_PAGE)
