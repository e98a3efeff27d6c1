"""The service itself: RFC 8030 over TLS on this machine, with answers to order."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from . import certificates
from .connections import Connection, Request, Response
from .receiver import Device, NotForUs, Token, verify


@dataclass(frozen=True)
class Scripted:
    """An answer to order: a response after a number of seconds, or something rude instead."""

    status: int = 201
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    rude: str = ""


RESET = Scripted(rude="reset")  # the connection is cut
GARBAGE = Scripted(rude="garbage")  # bytes that are no HTTP
SILENCE = Scripted(rude="silence")  # no answer, ever


@dataclass(frozen=True)
class Received:
    """A message that was taken in: by which device, what it reads, and what came with it."""

    device: Device
    content: bytes
    headers: Mapping[str, str]
    token: Token
    http: str
    length: int

    @property
    def json(self) -> dict[str, Any]:
        """The content, parsed."""
        value: dict[str, Any] = json.loads(self.content)
        return value


class PushService:
    """Hands out addresses to devices, takes messages for them, and reads each as they would.

    ``connections`` counts what was opened, ``requests`` holds the path of everything asked.
    """

    def __init__(self, folder: Path, protocols: tuple[str, ...] = ("h2", "http/1.1")) -> None:
        self.certificate, key = certificates.make(folder)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(self.certificate, key)
        self._tls.set_alpn_protocols(list(protocols))
        self._devices: dict[str, Device | None] = {}  # None once the device left
        self._numbers = count(1)
        self._orders: defaultdict[str, deque[Scripted]] = defaultdict(deque)
        self._live: set[Connection] = set()
        self.received: list[Received] = []
        self.requests: list[str] = []
        self.connections = 0
        self.most_at_once = 0
        self._at_once = 0
        self.port = 0

    @classmethod
    @asynccontextmanager
    async def running(
        cls, folder: Path, protocols: tuple[str, ...] = ("h2", "http/1.1")
    ) -> AsyncIterator[PushService]:
        """A service that listens on a free port of this machine until the block ends."""
        service = cls(folder, protocols)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(service._connect, "127.0.0.1", 0, ssl=service._tls)
        service.port = server.sockets[0].getsockname()[1]
        try:
            yield service
        finally:
            server.close()
            for connection in list(service._live):
                connection.cut()
            await server.wait_closed()

    # What a test does

    def origin(self, host: str = "localhost") -> str:
        """Where the service is, under one of its names."""
        return f"https://{host}:{self.port}"

    def subscribe(self, server_key: str = "", host: str = "localhost") -> Device:
        """A new device; bound to a server's public key when one is given."""
        path = f"/push/{next(self._numbers)}"
        device = Device(self.origin(host) + path, server_key)
        self._devices[path] = device
        return device

    def unsubscribe(self, device: Device) -> None:
        """The device leaves; its address answers 410 from now on."""
        self._devices[_path(device)] = None

    def order(self, *answers: Scripted, device: Device | None = None) -> None:
        """The next answers, for one device or for whoever comes; afterwards as usual."""
        self._orders[_path(device) if device else "*"].extend(answers)

    def read_by(self, device: Device) -> list[dict[str, Any]]:
        """What a device was sent, in order."""
        return [one.json for one in self.received if one.device is device]

    # What happens to a request

    def _connect(self) -> Connection:
        self.connections += 1
        return Connection(self._answer, self._live)

    async def _answer(self, request: Request) -> Response | str:
        self.requests.append(request.path)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            orders = self._orders[request.path] or self._orders["*"]
            if not orders:
                return self._take(request)
            ordered = orders.popleft()
            await asyncio.sleep(ordered.delay)
            if ordered.rude:
                return ordered.rude
            if ordered.status < 300:  # accepted is accepted: then the device reads it
                self._take(request)
            return Response(ordered.status, dict(ordered.headers), ordered.body)
        finally:
            self._at_once -= 1

    def _take(self, request: Request) -> Response:
        """What RFC 8030 wants of a service."""
        if request.path not in self._devices:
            return Response(404)
        device = self._devices[request.path]
        if device is None:
            return Response(410)
        if request.method != "POST":
            return Response(405)
        if len(request.body) > 4096:
            return Response(413)
        if problem := _problem(request.headers):
            return Response(400, {}, json.dumps({"reason": problem}).encode())
        try:
            origin = f"https://{request.authority}"
            token = verify(request.headers.get("authorization"), origin, time.time())
        except NotForUs as reason:
            return Response(401, {}, json.dumps({"reason": str(reason)}).encode())
        if device.server_key not in {"", token.key}:
            return Response(403, {}, b'{"reason": "VapidPkHashMismatch"}')
        content = device.read(request.body)
        self.received.append(
            Received(device, content, request.headers, token, request.http, len(request.body))
        )
        where = f"https://{request.authority}/message/{len(self.received)}"
        return Response(201, {"location": where, "ttl": request.headers["ttl"]})


def _problem(headers: Mapping[str, str]) -> str:
    """What is wrong with the headers of a message (RFC 8030, section 5; RFC 8291, section 4)."""
    if not re.fullmatch(r"[0-9]+", headers.get("ttl", "")):
        return "BadTtl"
    if headers.get("urgency", "normal") not in {"very-low", "low", "normal", "high"}:
        return "BadUrgency"
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("topic", "x")):
        return "BadTopic"
    if headers.get("content-encoding") != "aes128gcm":
        return "BadEncoding"
    return ""


def _path(device: Device) -> str:
    return "/" + device.endpoint.split("/", 3)[3]
