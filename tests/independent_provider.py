"""Starts an identity provider that shares no code with ours: npm's oidc-provider, under Node.

Point the relying party, or the whole portal, at ``IndependentProvider.issuer``. Its page offers a
select ``person`` (the ``sub``), a select ``level`` (an ``acr``) and the buttons ``in`` and
``cancel``, so that a browser can be driven through it; ``sign_in`` walks it without one.
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

import aiohttp

from app.demo.people import CAST, DemoPerson
from tests import nodejs

CLIENT_ID = "kinderbijslag"
CLIENT_SECRET = "a secret / with: signs"
LEVELS = tuple(f"urn:be:fedict:iam:fas:Level{level}" for level in (200, 300, 400, 450, 500))
_PATIENCE = 30  # seconds to wait for Node on a busy machine


@dataclass(frozen=True)
class IndependentProvider:
    """A running provider and the client that it knows."""

    issuer: str
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET


@contextmanager
def independent_provider(
    *,
    redirect_uri: str,
    client_auth: str = "private_key_jwt",
    post_logout_redirect_uris: Sequence[str] = (),
    jwks: Mapping[str, object] | None = None,
    jwks_uri: str | None = None,
    metadata: Mapping[str, object] | None = None,
    people: Sequence[DemoPerson] = CAST,
    port: int = 0,
) -> Iterator[IndependentProvider]:
    """Run a provider that knows one client and the cast.

    ``jwks`` or ``jwks_uri`` give the client's public keys, for private_key_jwt and for encrypted
    answers. ``metadata`` adds to the client's registration (OpenID Connect Registration 1.0), for
    instance ``userinfo_signed_response_alg``. Raises RuntimeError when it does not start.
    """
    client: dict[str, object] = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [redirect_uri],
        "post_logout_redirect_uris": list(post_logout_redirect_uris),
        "token_endpoint_auth_method": client_auth,
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        **({"jwks": jwks} if jwks is not None else {}),
        **({"jwks_uri": jwks_uri} if jwks_uri is not None else {}),
        **(metadata or {}),
    }
    known = list(map(_claims, people))
    with _node({"port": port, "client": client, "levels": LEVELS, "people": known}) as process:
        yield IndependentProvider(_first_line(process))


@contextmanager
def _node(wanted: Mapping[str, object]) -> Iterator[subprocess.Popen[str]]:
    """Our script under Node, told what is wanted, ended afterwards."""
    nodejs.packages()
    process = subprocess.Popen(  # noqa: S603 (our own Node and script)
        [str(nodejs.NODE), str(nodejs.FOLDER / "independent-provider.js")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(wanted))
        process.stdin.close()
        yield process
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()


async def sign_in(
    url: str, *, person: str, level: int = 500, cancel: bool = False, redirect_uri: str
) -> dict[str, str]:
    """Walk from an authorization address through the provider's page and back.

    Returns the query with which somebody comes back to ``redirect_uri``.
    """
    form = {
        "person": person,
        "level": f"urn:be:fedict:iam:fas:Level{level}",
        "answer": "cancel" if cancel else "in",
    }
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as visitor:
        for _ in range(10):
            if url.partition("?")[0] == redirect_uri:
                return dict(parse_qsl(urlsplit(url).query))
            async with visitor.get(url, allow_redirects=False) as answer:
                if "Location" in answer.headers:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                page = await answer.text()
            action = re.search(r'action="([^"]+)"', page)
            if action is None:
                raise RuntimeError(f"the provider shows status {answer.status} and no form")
            post = visitor.post(urljoin(url, action[1]), data=form, allow_redirects=False)
            async with post as answer:
                url = urljoin(url, answer.headers["Location"])
    raise RuntimeError("the provider keeps redirecting")


def _claims(person: DemoPerson) -> dict[str, object]:
    return {
        "sub": person.key,
        "egovNRN": person.number,
        "givenName": person.given_name,
        "surname": person.family_name,
        "mail": f"{person.key}@example.be",
        "prefLanguage": person.language,
    }


def _first_line(process: subprocess.Popen[str]) -> str:
    """The issuer that the provider prints, unless it ends or stays silent."""
    timer = threading.Timer(_PATIENCE, process.kill)
    timer.start()
    try:
        line = process.stdout.readline().strip() if process.stdout is not None else ""
    finally:
        timer.cancel()
    if not line.startswith("http://127.0.0.1:"):
        raise RuntimeError("the independent provider did not start")
    return line
