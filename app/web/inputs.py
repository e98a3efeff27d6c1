"""What a request says, parsed: numbers, addresses to go back to, form fields with their errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

MAX_NEXT = 400  # characters


def local_path(value: str | None, default: str = "/overzicht") -> str:
    """A path on this portal to go on to, or ``default``: never another site, never a loop.

    Browsers read ``//host`` and ``/\\host`` as another site and drop tabs and line ends.
    """
    if not value or len(value) > MAX_NEXT or not value.startswith("/"):
        return default
    if value.startswith(("//", "/\\")) or any(not _plain(sign) for sign in value):
        return default
    parts = urlsplit(value)
    if parts.scheme or parts.netloc or parts.path.startswith(("/aanmelden", "/afmelden")):
        return default
    return value


def _plain(sign: str) -> bool:
    """Whether a sign may stand in an address as it is: printable ASCII, no backslash."""
    return " " < sign <= "~" and sign != "\\"


@dataclass
class Form:
    """What somebody typed, kept as typed, and what is wrong with it at each field."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What was typed in a field, without spaces around it."""
        return self.values.get(name, "").strip()

    def error(self, name: str, text: str) -> None:
        """Say what is wrong at a field; the first thing said stands."""
        self.errors.setdefault(name, text)

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors
