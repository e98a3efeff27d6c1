"""HTTP for push services: libcurl, with one connection for many messages at once (HTTP/2).

libcurl needs a quarter of the processor time of an HTTP client in Python; pycurl brings its own
bridge to asyncio. A request that fails is an answer like any other: nothing is raised.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path

import certifi
import pycurl

from .outcomes import Answer

CONNECTIONS = 4  # to one host; a push service allows about 100 messages at once on each
MAX_BODY = 2048  # bytes of an answer that we read
_TROUBLE = {
    pycurl.E_COULDNT_RESOLVE_HOST: "name_unknown",
    pycurl.E_COULDNT_CONNECT: "no_connection",
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_PEER_FAILED_VERIFICATION: "certificate",
}

Done = Callable[[Answer], None]


def trusted_roots() -> Path:
    """The certificates that the machine trusts (SSL_CERT_FILE as elsewhere), else Mozilla's."""
    return Path(ssl.get_default_verify_paths().cafile or certifi.where())


class Transport:
    """Sends requests; connects only where ``may_connect`` says so, whatever a name means.

    ``timeout`` is in seconds for a whole request. Belongs to the event loop of its first request.
    """

    def __init__(
        self,
        may_connect: Callable[[str], bool],
        *,
        roots: Path | None = None,
        timeout: float = 30.0,
        connect_timeout: float = 10.0,
    ) -> None:
        self._may_connect = may_connect
        self._roots = roots or trusted_roots()
        self._timeout = int(timeout * 1000)
        self._connect_timeout = int(connect_timeout * 1000)
        self._multi = pycurl.AsyncCurlMulti()
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS)
        self._free: list[_Handle] = []
        self._busy: dict[_Handle, asyncio.Future[object]] = {}

    def post(self, url: str, headers: Sequence[str], body: bytes, done: Done) -> None:
        """Send a request; ``done`` is called with the answer, later and exactly once."""
        handle = self._free.pop() if self._free else self._make()
        handle.prepare(url, headers, body)
        try:
            future = self._multi.add_handle(handle.curl)
        except pycurl.error:
            asyncio.get_running_loop().call_soon(done, Answer(0, trouble="not_started"))
            return
        self._busy[handle] = future

        def finish(future: asyncio.Future[object]) -> None:
            del self._busy[handle]
            answer = handle.answer(future)
            self._free.append(handle)
            done(answer)

        future.add_done_callback(finish)

    async def close(self) -> None:
        """Break off what is under way (each is answered) and close all connections."""
        futures = list(self._busy.values())
        for future in futures:
            future.cancel()
        await asyncio.gather(*futures, return_exceptions=True)
        await self._multi.aclose()
        for handle in self._free:
            handle.curl.close()
        self._free.clear()

    def _make(self) -> _Handle:
        handle = _Handle(self._may_connect)
        for option, value in (
            (pycurl.CAINFO, str(self._roots)),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTPS),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.PROXY, ""),  # the address that is checked must be the one that is called
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS),
            (pycurl.PIPEWAIT, 1),  # rather share a connection than open another
            (pycurl.NOSIGNAL, 1),
            (pycurl.USERAGENT, "mijn-kinderbijslag"),  # not the versions of all libraries
            (pycurl.TIMEOUT_MS, self._timeout),
            (pycurl.CONNECTTIMEOUT_MS, self._connect_timeout),
        ):
            handle.curl.setopt(option, value)
        return handle


class _Handle:
    """One libcurl handle, used for one request after another."""

    def __init__(self, may_connect: Callable[[str], bool]) -> None:
        self.curl = pycurl.Curl()
        self._may_connect = may_connect
        self._body = b""
        self._refused = False
        self._opened: list[socket.socket] = []
        self.curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        self.curl.setopt(pycurl.WRITEFUNCTION, self._write)

    def prepare(self, url: str, headers: Sequence[str], body: bytes) -> None:
        self._body, self._refused = b"", False
        self.curl.setopt(pycurl.URL, url)
        self.curl.setopt(pycurl.HTTPHEADER, headers)
        self.curl.setopt(pycurl.POSTFIELDS, body)

    def answer(self, future: asyncio.Future[object]) -> Answer:
        while self._opened:
            self._opened.pop().close()
        if future.cancelled():
            return Answer(0, trouble="broken_off")
        error = future.exception()
        # An answer that was longer than we care to read is still an answer.
        if error is None or error.args[:1] == (pycurl.E_WRITE_ERROR,):
            status = self.curl.getinfo(pycurl.RESPONSE_CODE)
            after = self.curl.getinfo(pycurl.RETRY_AFTER) if status >= 400 else 0
            return Answer(status, float(after) if after else None, self._body)
        if self._refused:
            return Answer(0, trouble="private_address")
        code = error.args[0] if error.args else None
        return Answer(0, trouble=_TROUBLE.get(code, "connection_lost"))

    def _open(self, purpose: int, address: tuple[int, int, int, tuple[str, int]]) -> object:
        """Called by libcurl when it is about to connect: after the name was looked up."""
        family, kind, protocol, target = address
        if family not in {socket.AF_INET, socket.AF_INET6} or not self._may_connect(target[0]):
            self._refused = True
            return pycurl.SOCKET_BAD
        opened = socket.socket(family, kind, protocol)
        self._opened.append(opened)  # libcurl works with a duplicate: ours is closed afterwards
        return opened

    def _write(self, data: bytes) -> int:
        """Called by libcurl for each part of an answer; a smaller number breaks it off."""
        self._body = (self._body + data)[:MAX_BODY]
        return len(data) if len(self._body) < MAX_BODY else 0
