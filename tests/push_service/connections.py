"""HTTP/1.1 and HTTP/2 on one connection each: h11 and h2 speak them, asyncio carries the bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h11


@dataclass(frozen=True)
class Request:
    """What was asked; header names are in lower case."""

    method: str
    authority: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    http: str


@dataclass(frozen=True)
class Response:
    """What is answered."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Answer = Callable[[Request], Awaitable[Response | str]]


class Connection(asyncio.Protocol):
    """One connection; which protocol it speaks was settled with TLS (ALPN)."""

    def __init__(self, answer: Answer, live: set[Connection]) -> None:
        self._answer = answer
        self._live = live
        self._tasks: set[asyncio.Task[None]] = set()
        self._speech: _Http1 | _Http2

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._live.add(self)
        spoken = transport.get_extra_info("ssl_object").selected_alpn_protocol()
        self._speech = _Http2() if spoken == "h2" else _Http1()
        transport.write(self._speech.greeting())

    def data_received(self, data: bytes) -> None:
        try:
            requests = self._speech.take(data)
        except (h2.exceptions.ProtocolError, h11.RemoteProtocolError):
            self.cut()
            return
        self._transport.write(self._speech.pending())
        for number, request in requests:
            task = asyncio.get_running_loop().create_task(self._respond(number, request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def connection_lost(self, exc: Exception | None) -> None:
        self._live.discard(self)
        for task in self._tasks:
            task.cancel()

    def cut(self) -> None:
        """End the connection without a word."""
        self._transport.abort()

    async def _respond(self, number: int, request: Request) -> None:
        response = await self._answer(request)
        if response == "reset":
            self.cut()
        elif response == "garbage":
            self._transport.write(b"\x00\xffwhat is this? \r\n\r\n" * 20)
            self._transport.close()
        elif isinstance(response, Response):
            self._speech.respond(number, response)
            self._transport.write(self._speech.pending())


class _Http1:
    def __init__(self) -> None:
        self._state = h11.Connection(h11.SERVER)
        self._out = b""
        self._head: h11.Request | None = None
        self._body = b""

    def greeting(self) -> bytes:
        return b""

    def pending(self) -> bytes:
        out, self._out = self._out, b""
        return out

    def take(self, data: bytes) -> list[tuple[int, Request]]:
        self._state.receive_data(data)
        while True:
            event = self._state.next_event()
            if isinstance(event, h11.Request):
                self._head, self._body = event, b""
            elif isinstance(event, h11.Data):
                self._body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage) and self._head is not None:
                return [(0, self._request(self._head))]
            else:
                return []

    def _request(self, head: h11.Request) -> Request:
        headers = {name.decode(): value.decode() for name, value in head.headers}
        method, path = head.method.decode(), head.target.decode()
        return Request(method, headers["host"], path, headers, self._body, "1.1")

    def respond(self, _number: int, response: Response) -> None:
        headers = [*response.headers.items(), ("content-length", str(len(response.body)))]
        for event in (
            h11.Response(status_code=response.status, headers=headers),
            h11.Data(data=response.body),
            h11.EndOfMessage(),
        ):
            self._out += self._state.send(event) or b""
        self._state.start_next_cycle()


class _Http2:
    def __init__(self) -> None:
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        self._state = h2.connection.H2Connection(config)
        self._heads: dict[int, dict[str, str]] = {}
        self._bodies: dict[int, bytes] = {}

    def greeting(self) -> bytes:
        self._state.initiate_connection()
        return self.pending()

    def pending(self) -> bytes:
        return self._state.data_to_send()

    def take(self, data: bytes) -> list[tuple[int, Request]]:
        done = []
        for event in self._state.receive_data(data):
            number = getattr(event, "stream_id", 0) or 0
            if isinstance(event, h2.events.RequestReceived):
                self._heads[number] = {str(name): str(value) for name, value in event.headers or []}
                self._bodies[number] = b""
            elif isinstance(event, h2.events.DataReceived):
                self._bodies[number] += event.data or b""
                self._state.acknowledge_received_data(event.flow_controlled_length or 0, number)
            elif isinstance(event, h2.events.StreamEnded):
                done.append((number, self._request(number)))
        return done

    def _request(self, number: int) -> Request:
        head, body = self._heads.pop(number), self._bodies.pop(number)
        headers = {name: value for name, value in head.items() if name[0] != ":"}
        return Request(head[":method"], head[":authority"], head[":path"], headers, body, "2")

    def respond(self, number: int, response: Response) -> None:
        headers = [(":status", str(response.status)), *response.headers.items()]
        try:
            self._state.send_headers(number, headers, end_stream=not response.body)
            if response.body:
                self._state.send_data(number, response.body[:16_000], end_stream=True)
        except h2.exceptions.ProtocolError:
            return  # the other side gave up on it
