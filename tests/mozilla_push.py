"""A push service as Firefox knows it, on this machine: a web socket to the browser, RFC 8030 to us.

The browser says hello, registers channels and acknowledges what it is told, in the JSON of
Mozilla's push service (https://mozilla-push-service.readthedocs.io, "WebSocket protocol"). The
address of a channel takes messages over TLS, as strictly as the RFCs ask, and hands them on
unread: only Firefox can decrypt them.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.push_service import NotForUs, certificates
from tests.push_service.receiver import verify

_PATIENCE_SECONDS = 15
ACKNOWLEDGED, UNREADABLE, NOT_DELIVERED = 100, 101, 102  # what Firefox says of a message


@dataclass
class Channel:
    """One subscription of the browser. ``key``: the only sender that may write to it."""

    id: str
    key: str
    open: bool = True


@dataclass(frozen=True)
class Taken:
    """A message on its way to the browser, and the headers that came with it."""

    channel: str
    version: str
    headers: Mapping[str, str]


@dataclass
class MozillaPush:
    """The service: what Firefox subscribed to, what came for it, what it said of that."""

    certificate: Path
    port: int = 0  # of the web socket
    endpoint_port: int = 0
    channels: dict[str, Channel] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)  # the browser's code, by version
    said: list[str] = field(default_factory=list)  # kinds of messages of the browser, in order
    refused: list[int] = field(default_factory=list)  # statuses given to senders
    _browser: web.WebSocketResponse | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    @asynccontextmanager
    async def running(cls, folder: Path) -> AsyncIterator[MozillaPush]:
        """A service on two free ports of this machine, until the block ends."""
        certificate, key = certificates.make(folder)
        service = cls(certificate)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        application = web.Application()
        application.router.add_get("/", service._talk)
        application.router.add_post("/push/{channel}", service._take)
        runner = web.AppRunner(application, shutdown_timeout=1)
        await runner.setup()
        try:
            service.port = await _listen(runner, None)
            service.endpoint_port = await _listen(runner, tls)
            yield service
        finally:
            if service._browser is not None:
                await service._browser.close()
            await runner.cleanup()

    # What a test does

    @property
    def address(self) -> str:
        """What Firefox gets as ``dom.push.serverURL``."""
        return f"ws://127.0.0.1:{self.port}/"

    @property
    def origin(self) -> str:
        """Where messages are sent to."""
        return f"https://localhost:{self.endpoint_port}"

    async def answer_to(self, number: int) -> int:
        """What the browser says of the message with this number, counted from 0, when it does."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while len(self.taken) <= number or self.taken[number].version not in self.answers:
                self._changed.clear()
                await self._changed.wait()
        return self.answers[self.taken[number].version]

    async def drop(self, channel: str) -> None:
        """Take a subscription away from the browser, as the service does when it cleans up."""
        self.channels[channel].open = False
        if self._browser is not None:
            await self._browser.close()  # Firefox learns it when it registers anew

    # What the browser says

    async def _talk(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("push-notification",))
        await socket.prepare(request)
        self._browser = socket
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._hear(socket, message.json())
        return socket

    async def _hear(self, socket: web.WebSocketResponse, said: dict[str, Any]) -> None:
        kind = said.get("messageType", "ping")
        self.said.append(kind)
        if kind == "hello":
            uaid = said.get("uaid") or uuid4().hex
            welcome: dict[str, object] = {
                "uaid": uaid,
                "status": 200,
                "use_webpush": True,
                "broadcasts": {},
            }
            await socket.send_json({"messageType": "hello", **welcome})
        elif kind == "register":
            await socket.send_json(self._register(said))
        elif kind == "unregister":
            channel = said["channelID"]
            if channel in self.channels:
                self.channels[channel].open = False
            await socket.send_json(
                {"messageType": "unregister", "channelID": channel, "status": 200}
            )
        elif kind == "ack":
            self.answers |= {one["version"]: one["code"] for one in said["updates"]}
        elif kind == "ping":
            await socket.send_json({})
        self._changed.set()

    def _register(self, said: dict[str, Any]) -> dict[str, object]:
        channel = Channel(said["channelID"], said.get("key", ""))
        self.channels[channel.id] = channel
        return {
            "messageType": "register",
            "channelID": channel.id,
            "status": 200,
            "pushEndpoint": f"{self.origin}/push/{channel.id}",
        }

    # What senders say

    async def _take(self, request: web.Request) -> web.Response:
        answer = await self._judge(request)
        if answer.status != 201:
            self.refused.append(answer.status)
        return answer

    async def _judge(self, request: web.Request) -> web.Response:
        channel = self.channels.get(request.match_info["channel"])
        if channel is None:
            return web.Response(status=404)
        if not channel.open:
            return web.Response(status=410)
        if not _well_formed(request.headers):
            return web.Response(status=400)
        try:
            token = verify(request.headers.get("Authorization"), self.origin, time.time())
        except NotForUs as reason:
            return web.Response(status=401, text=str(reason))
        if channel.key.rstrip("=") not in {"", token.key}:
            return web.Response(status=401, text="another key than the subscription's")
        body = await request.read()
        taken = Taken(channel.id, uuid4().hex, dict(request.headers))
        self.taken.append(taken)
        await self._hand_over(taken, body)
        return web.Response(
            status=201, headers={"Location": f"{self.origin}/m/{taken.version}", "TTL": "0"}
        )

    async def _hand_over(self, taken: Taken, body: bytes) -> None:
        if self._browser is None or self._browser.closed:
            return
        await self._browser.send_json(
            {
                "messageType": "notification",
                "channelID": taken.channel,
                "version": taken.version,
                "data": urlsafe_b64encode(body).rstrip(b"=").decode(),
                "headers": {"encoding": "aes128gcm"},
            }
        )


def _well_formed(headers: Mapping[str, str]) -> bool:
    return (
        headers.get("Content-Encoding") == "aes128gcm"
        and re.fullmatch(r"[0-9]+", headers.get("TTL", "")) is not None
        and re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("Topic", "x")) is not None
    )


async def _listen(runner: web.AppRunner, tls: ssl.SSLContext | None) -> int:
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    addresses = site._server.sockets  # type: ignore[union-attr]
    port: int = addresses[0].getsockname()[1]
    return port


def preferences(service: MozillaPush) -> dict[str, str | float | bool]:
    """The preferences with which Firefox talks to this service, and to nobody else."""
    return {
        "dom.push.serverURL": service.address,
        "dom.push.connection.enabled": True,
        "dom.push.testing.allowInsecureServerURL": True,
        "permissions.default.desktop-notification": 1,  # granted
        "alerts.useSystemBackend": False,
        "remote.prefs.recommended": False,  # they would switch push off
    }
