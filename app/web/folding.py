"""Text as a search compares it: capitals and accents do not matter."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not take apart into a plain one with a sign.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """A text without capitals and accents: «een» finds «Één», «zoe» finds «Zoë»."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).casefold()
