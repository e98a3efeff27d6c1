"""Keeps the tests on this machine: a connection or a name look-up elsewhere fails at once.

An audit hook sees every socket of the interpreter, also those of asyncio and of C libraries that
go through Python's socket module. It cannot be taken away again, so it looks at a switch.
"""

from __future__ import annotations

import sys
from ipaddress import ip_address

_LOCAL_NAMES = {"", "localhost", "ip6-localhost"}
_guarded = False
_installed = False


class LeavesThisMachineError(RuntimeError):
    """A test tried to reach another machine; the text says which."""


def guard(active: bool = True) -> None:
    """Switch the guard on or off for the whole process."""
    global _guarded, _installed
    _guarded = active
    if not _installed:
        sys.addaudithook(_audit)
        _installed = True


def is_local(host: object) -> bool:
    """Whether a host name or address means this machine itself."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if name in _LOCAL_NAMES or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if not _guarded or not event.startswith("socket."):
        return
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) and address else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if not is_local(host):
        raise LeavesThisMachineError(f"tests stay on this machine, and {event} asked for {host!r}")
