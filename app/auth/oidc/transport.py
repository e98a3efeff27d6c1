"""HTTP to the identity provider: short, small, and never led elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import aiohttp

LARGEST_ANSWER: Final = 256 * 1024
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=4)


class TransportError(Exception):
    """No usable answer came: no connection, a time-out, or far too much."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, media type (lower case, without parameters) and body."""

    status: int
    media_type: str
    body: bytes = field(repr=False)


class Transport(Protocol):
    """How requests reach the provider; tests play the provider by giving another one."""

    async def get(self, url: str, *, headers: Mapping[str, str]) -> Answer:
        """GET ``url``. Raises TransportError."""
        ...

    async def post(
        self, url: str, *, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        """POST a form to ``url``. Raises TransportError."""
        ...


def http_session() -> aiohttp.ClientSession:
    """A session for the provider alone: keeps connections, but no cookies and no proxy."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=_TIMEOUT)


class HttpTransport:
    """The transport over a shared aiohttp session; redirects are answers, never followed."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def get(self, url: str, *, headers: Mapping[str, str]) -> Answer:
        """GET ``url``. Raises TransportError."""
        return await self._request("GET", url, None, headers)

    async def post(
        self, url: str, *, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        """POST a form to ``url``. Raises TransportError."""
        return await self._request("POST", url, form, headers)

    async def _request(
        self, method: str, url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> Answer:
        try:
            async with self._session.request(
                method,
                url,
                data=form,
                # Uncompressed: a limit on bytes read is then a limit on memory
                headers={**headers, "Accept-Encoding": "identity"},
                allow_redirects=False,
                timeout=_TIMEOUT,
            ) as response:
                return Answer(response.status, response.content_type.lower(), await _body(response))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise TransportError(type(error).__name__) from None


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise TransportError("too large")
    return bytes(body)
