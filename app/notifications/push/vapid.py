"""Who we are to a push service: key pairs, and signed tokens that are used again (RFC 8292)."""

from __future__ import annotations

import os
import tempfile
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

LIFE = 12 * 3600  # of a token, in seconds; RFC 8292 allows 24 hours
RENEW_BEFORE = 1800  # Apple wants no token signed more often than hourly: this is every 11.5 hours
_MAX_TOKENS = 256


class KeyUnusable(Exception):
    """A file holds no key pair for Web Push; the text names the file and the reason."""


@dataclass(frozen=True)
class KeyPair:
    """Our key pair: subscriptions are bound to it, and remember its ``version``.

    ``public`` is what the browser takes as ``applicationServerKey``.
    """

    version: str
    public: str
    private: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, private: ec.EllipticCurvePrivateKey) -> KeyPair:
        """The key pair of a private key; its version follows from the key itself."""
        point = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return cls(sha256(point).hexdigest()[:12], _base64url(point), private)


def read_key(path: Path) -> KeyPair:
    """Read a key pair from a PEM file. Raises KeyUnusable."""
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise KeyUnusable(f"{path}: {type(error).__name__}") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise KeyUnusable(f"{path}: not a key on the curve P-256")
    return KeyPair.of(private)


def make_key(path: Path) -> KeyPair:
    """Make a key pair in a new file that only its owner reads; a file that is there stays.

    Several processes may start at once: all end up with the same key. Raises KeyUnusable.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        handle, draft = tempfile.mkstemp(dir=path.parent)  # made with mode 600
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        with suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return read_key(path)


class Vapid:
    """Signs tokens, once for each push service and key, and keeps them until they near their end.

    ``keys`` starts with the one for new subscriptions; former ones stay while subscriptions
    made with them live. ``subject`` is how a push service reaches the fund: mailto:… or https://host.
    """

    def __init__(self, keys: Iterable[KeyPair], subject: str) -> None:
        self._keys = {key.version: key for key in keys}
        if not self._keys:
            raise ValueError("no key pair for Web Push")
        self.current = next(iter(self._keys.values()))
        self._subject = subject
        self._tokens: OrderedDict[tuple[str, str], tuple[float, str]] = OrderedDict()

    def knows(self, version: str) -> bool:
        """Whether subscriptions made with this key can still be reached."""
        return version in self._keys

    def header(self, origin: str, version: str, now: float) -> str:
        """The Authorization header for a push service at ``now`` (seconds since 1970).

        Raises KeyError for a key that we do not have.
        """
        signed_at, header = self._tokens.get((origin, version), (now + 1, ""))
        if signed_at <= now < signed_at + LIFE - RENEW_BEFORE:  # also when the clock was put back
            return header
        claims = {"aud": origin, "exp": int(now) + LIFE, "sub": self._subject}
        signed = Vapid02(self._keys[version].private).sign(claims)
        header = str(signed["Authorization"])
        self._tokens[origin, version] = (now, header)
        self._tokens.move_to_end((origin, version))
        if len(self._tokens) > _MAX_TOKENS:  # hosts below a known name can be made up
            self._tokens.popitem(last=False)
        return header


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
