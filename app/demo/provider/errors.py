"""How the provider says no: to a client (an OAuth error) or to a person (a page)."""

from __future__ import annotations


class OAuthError(Exception):
    """An error for the client, with a code registered for OAuth 2.0 or OpenID Connect."""

    def __init__(self, code: str, description: str, *, status: int = 400) -> None:
        """Keep the code, an English sentence for the client's developer, the HTTP status."""
        super().__init__(code)
        self.code = code
        self.description = description
        self.status = status


class PageError(Exception):
    """An error that only the person may see, because the client cannot be trusted with it."""

    def __init__(self, title: str, text: str, *, status: int = 400) -> None:
        """Keep what the page says, in Dutch, and the HTTP status."""
        super().__init__(title)
        self.title = title
        self.text = text
        self.status = status
