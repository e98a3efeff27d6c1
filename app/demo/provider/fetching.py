"""The one outgoing request of the provider: a client's public keys."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=5)
LARGEST = 64 * 1024


async def fetch_json(url: str) -> Any:
    """Read and parse a small JSON document; no redirects, five seconds, 64 kB.

    Raises OSError when it cannot be had and ValueError when it is not JSON.
    """
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise OSError(f"status {response.status}")
            body = b""
            async for chunk in response.content.iter_chunked(8192):
                body += chunk
                if len(body) > LARGEST:
                    raise ValueError("too large")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise OSError(type(error).__name__) from error
    return json.loads(body)
