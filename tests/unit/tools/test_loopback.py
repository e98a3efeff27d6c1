"""The tests themselves cannot leave this machine."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.loopback import LeavesThisMachineError, is_local


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1.2.3", "::1", "portaal.localhost", b"localhost", None]
)
def test_this_machine_is_local(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["example.be", "10.0.0.1", "203.0.113.7", "2001:db8::1", b"a.be"])
def test_any_other_machine_is_not(host: object) -> None:
    assert not is_local(host)


def test_a_plain_connection_elsewhere_is_refused() -> None:
    with socket.socket() as plain, pytest.raises(LeavesThisMachineError, match=r"203\.0\.113\.7"):
        plain.connect(("203.0.113.7", 443))


async def test_an_asynchronous_connection_elsewhere_is_refused() -> None:
    with pytest.raises(LeavesThisMachineError, match=r"203\.0\.113\.7"):
        await asyncio.open_connection("203.0.113.7", 443)


async def test_a_name_elsewhere_is_not_even_looked_up() -> None:
    with pytest.raises(LeavesThisMachineError, match="example"):
        await asyncio.open_connection("portaal.example", 443)


async def test_a_server_on_this_machine_is_reached() -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hallo")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("localhost", port, family=socket.AF_INET)
        assert await reader.read() == b"hallo"
        writer.close()
        await writer.wait_closed()
